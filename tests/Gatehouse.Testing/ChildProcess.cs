using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>A program that a test starts, listens to and ends, by its own process id and nothing else's.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int MaxKeptCharacters = 200_000;
    private readonly Process process;
    private readonly StringBuilder output = new(), errors = new();

    private ChildProcess(Process process) => this.process = process;

    public int Id => process.Id;
    public bool Ended => process.HasExited;
    public int ExitCode => process.ExitCode;
    public string Output => Read(output);
    public string Errors => Read(errors);

    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, e) => Keep(child.output, e.Data);
        child.process.ErrorDataReceived += (_, e) => Keep(child.errors, e.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        if (input is not null) child.process.StandardInput.Write(input);
        child.process.StandardInput.Close();
        return child;
    }

    /// <summary>Starts, waits and expects exit code 0. Returns standard output.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        await using var child = Start(program, arguments, folder, environment, input);
        if (!await child.WaitAsync(limit)) throw new Xunit.Sdk.XunitException($"{program} did not end in {limit}.\n{child.Output}\n{child.Errors}");
        if (child.ExitCode != 0) throw new Xunit.Sdk.XunitException($"{program} ended with {child.ExitCode}.\n{child.Output}\n{child.Errors}");
        return child.Output;
    }

    /// <param name="limit">What it may take where nothing else runs; it is given <see cref="Eventually.Patience"/> times that.</param>
    /// <returns>Whether it ended in time; all of its output has been read then.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit * Eventually.Patience);
        try { await process.WaitForExitAsync(patience.Token); }
        catch (OperationCanceledException) { return false; }
        return true;
    }

    /// <summary>SIGTERM: please end.</summary>
    public void Terminate() => Send(15);

    /// <summary>SIGKILL: no warning, no last word.</summary>
    public void Kill()
    {
        if (!process.HasExited) process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Terminate();
            if (!await WaitAsync(TimeSpan.FromSeconds(10)))
            {
                Kill();
                await process.WaitForExitAsync();
            }
        }
        process.Dispose();
    }

    private void Send(int signal)
    {
        // A failure means that it has just ended by itself, which is what was wanted.
        if (!process.HasExited) _ = NativeKill(process.Id, signal);
    }

    private static void Keep(StringBuilder to, string? line)
    {
        if (line is null) return;
        lock (to)
        {
            if (to.Length < MaxKeptCharacters) to.AppendLine(line);
        }
    }

    private static string Read(StringBuilder from)
    {
        lock (from) return from.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int process, int signal);
}
