using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>
/// When an answer leaves that must not tell whether there is somebody. The same steps are done either way, but what is read of a person are rows that
/// nobody has; so such an answer leaves at the end of a beat, counted from its request, and only work that is longer than one shows.
/// </summary>
public readonly record struct AnswerTime
{
    /// <summary>Longer than the work takes on a machine that is not overloaded, and too short to be noticed.</summary>
    internal static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly long began;

    private AnswerTime(long began) => this.began = began;

    public static AnswerTime Start() => new(Stopwatch.GetTimestamp());

    /// <summary>Waits for the end of the beat: never inside a transaction.</summary>
    public Task WaitAsync(CancellationToken ct) => Task.Delay(Remaining(Stopwatch.GetElapsedTime(began)), ct);

    /// <summary>What is left of the beat, in the whole milliseconds that timers know; more than zero.</summary>
    internal static TimeSpan Remaining(TimeSpan elapsed) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Beat.TotalMilliseconds - elapsed.TotalMilliseconds % Beat.TotalMilliseconds));

    /// <summary>For an endpoint of which every answer must be one of these.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var time = Start();
        var result = await next(context);
        await time.WaitAsync(context.HttpContext.RequestAborted);
        return result;
    }
}
