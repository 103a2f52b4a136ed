namespace Gatehouse.Testing;

/// <summary>
/// A clock that tests move: real time plus an offset. Timers run in real time, so background work goes on; what it sees is the moved
/// time. Never goes back.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private long offsetTicks, stoodAt;

    public override DateTimeOffset GetUtcNow() =>
        (Volatile.Read(ref stoodAt) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : System.GetUtcNow()).AddTicks(Volatile.Read(ref offsetTicks));

    /// <summary>Stands still from now on, however long what follows takes: only <see cref="Advance"/> moves it.</summary>
    public void Stop() => Interlocked.CompareExchange(ref stoodAt, System.GetUtcNow().UtcTicks, 0);

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref offsetTicks, by.Ticks);
    }
}
