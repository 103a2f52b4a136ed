using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Gatehouse.Credentials;
using Gatehouse.Kernel;

namespace Gatehouse.Host;

/// <summary>
/// <c>gatehouse breached compile</c>: makes the list of breached passwords that a server maps into memory. <c>gatehouse breached check</c>: what such
/// a list is, whether it is whole, and whether a password is on it.
/// </summary>
internal static class BreachedVerb
{
    private const int Listed = 1;

    internal static Command Create() => new("breached", "Work with lists of breached passwords.") { Compile(), Check() };

    private static Command Compile()
    {
        var from = new Option<string>("--in") { Description = "The downloaded file: lines SHA1HEX:count, in the order of the hashes.", HelpName = "FILE", Required = true };
        var to = new Option<string>("--out") { Description = "The list to write.", HelpName = "FILE", Required = true };
        var falsePositive = new Option<double>("--false-positive") { Description = "Share of good passwords that may be refused by chance, 1e-12 to 0.01 (default 1e-6).", HelpName = "SHARE", DefaultValueFactory = _ => 1e-6 };
        var leastCount = new Option<long>("--min-count") { Description = "Leave out what was seen less often (default 1).", HelpName = "N", DefaultValueFactory = _ => 1 };
        var verb = new Command("compile", "Make a list of the file that Have I Been Pwned offers for download.") { from, to, falsePositive, leastCount };
        verb.SetAction((parsed, ct) => Task.FromResult(Run(() =>
        {
            var share = parsed.GetValue(falsePositive);
            if (share is not (>= 1e-12 and <= 0.01)) throw new StartupException("--false-positive is from 1e-12 to 0.01.");
            if (parsed.GetValue(leastCount) < 1) throw new StartupException("--min-count is at least 1.");
            var output = parsed.GetRequiredValue(to);
            using var input = new FileStream(parsed.GetRequiredValue(from), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            var start = Stopwatch.GetTimestamp();
            var facts = BreachedListCompiler.Compile(input, input.Length, output, share, parsed.GetValue(leastCount), ct);
            System.Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Describe(output, facts)}, written in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
            return 0;
        })));
        return verb;
    }

    private static Command Check()
    {
        var list = new Option<string>("--list") { Description = "The list.", HelpName = "FILE", Required = true };
        var password = new Option<bool>("--password-stdin") { Description = "Read a password from standard input, one line, and say whether it is listed (exit code 1)." };
        var verb = new Command("check", "Say what a list is; without a password also read all of it and say whether it is whole.") { list, password };
        verb.SetAction((parsed, ct) => Task.FromResult(Run(() =>
        {
            using var opened = BreachedList.Open(parsed.GetRequiredValue(list));
            System.Console.Out.WriteLine(Describe(parsed.GetRequiredValue(list), opened.Facts));
            if (!parsed.GetValue(password))
            {
                if (!opened.IsWhole()) throw new StartupException("The list is damaged: it is not as it was written.");
                System.Console.Out.WriteLine("whole");
                return 0;
            }
            var typed = System.Console.In.ReadLine() ?? throw new StartupException("No password arrived on standard input.");
            var listed = opened.Contains(typed);
            System.Console.Out.WriteLine(listed ? "listed" : "not listed");
            return listed ? Listed : 0;
        })));
        return verb;
    }

    /// <summary>A mapped file is the system's to keep in memory or not: its size is the most.</summary>
    private static string Describe(string path, BreachedListFacts facts) => string.Create(CultureInfo.InvariantCulture,
        $"{path}: {facts.Count:N0} hashes in {facts.Bytes:N0} bytes ({facts.BitsPerHash:0.0} bits each), mapped: at most that much memory; false positives {facts.FalsePositive:0.0e+0}");

    private static int Run(Func<int> verb)
    {
        try { return verb(); }
        catch (Exception e) when (e is InvalidDataException or IOException) { throw new StartupException(e.Message); }
    }
}
