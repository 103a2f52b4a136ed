using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>The reference implementation's command line, <c>argon2</c> of Debian's package of that name.</summary>
internal static class ReferenceProgram
{
    /// <summary>The salt is an argument and the password standard input, hence printable salts and passwords of 1 to 127 bytes.</summary>
    internal static async Task<string> HashAsync(Argon2Variant variant, byte[] password, string salt, Argon2Parameters p)
    {
        var start = new ProcessStartInfo("argon2")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(salt);
        start.ArgumentList.Add(variant switch { Argon2Variant.D => "-d", Argon2Variant.I => "-i", _ => "-id" });
        Add("-t", p.Iterations);
        Add("-k", p.MemoryKiB);
        Add("-p", p.Parallelism);
        Add("-l", p.TagLength);
        start.ArgumentList.Add("-r");

        using var process = Start(start);
        await process.StandardInput.BaseStream.WriteAsync(password);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"argon2 {string.Join(' ', start.ArgumentList)}: {error}");
        return output.Trim();

        void Add(string option, int value)
        {
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("The reference program `argon2` is missing. Install it: Debian's package `argon2`.", e);
        }
    }
}
