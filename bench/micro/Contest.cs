using System.Diagnostics;
using System.Globalization;

namespace Gatehouse.Bench.Micro;

/// <summary>One thing to time. <see cref="Run"/> is one operation, long enough (tens of microseconds) for the stopwatch.</summary>
internal sealed record Contender(string Name, Action Run);

/// <summary>
/// Times contenders in turn, A B C A B C, in one process: a neighbour's noise or a change of clock frequency then meets all of them.
/// The first contender is the yardstick of the ratios; the median is the figure, minimum and maximum say how noisy it was.
/// </summary>
internal static class Contest
{
    private const int WarmUpRounds = 5;

    internal static void Hold(string title, int rounds, params Contender[] contenders)
    {
        for (var round = 0; round < WarmUpRounds; round++)
        {
            foreach (var contender in contenders) contender.Run();
        }

        var times = contenders.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                contenders[i].Run();
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        foreach (var series in times) Array.Sort(series);
        var yardstick = Median(times[0]);
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title} ({rounds} rounds, interleaved; milliseconds)"));
        System.Console.WriteLine($"  {"",-44}{"median",10}{"min",10}{"max",10}{"speed",10}");
        for (var i = 0; i < contenders.Length; i++)
        {
            var series = times[i];
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {contenders[i].Name,-44}{Median(series),10:F3}{series[0],10:F3}{series[^1],10:F3}{yardstick / Median(series),9:F2}x"));
        }
        System.Console.WriteLine();
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
