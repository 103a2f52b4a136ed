namespace Gatehouse.Kernel;

/// <summary>Time as the product keeps it: UTC, whole microseconds, so that what is stored equals what was computed on both databases.</summary>
public static class Clock
{
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
