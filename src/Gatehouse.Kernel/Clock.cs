namespace Gatehouse.Kernel;

/// <summary>Time as the product keeps it: UTC, whole microseconds, so that what is stored equals what was computed on both databases.</summary>
public static class Clock
{
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().ToKept();

    /// <summary>A time from outside as it will be stored, so that what is compared with it later compares equal.</summary>
    public static DateTimeOffset ToKept(this DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
