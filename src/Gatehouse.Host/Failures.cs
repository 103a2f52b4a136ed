using System.Data.Common;
using System.Net.Sockets;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.Extensions.Options;

namespace Gatehouse.Host;

/// <summary>What the operator did or the machine lacks becomes one line on standard error and exit code 2; a bug keeps its stack trace.</summary>
internal static class Failures
{
    internal const int BadUsage = 2;

    internal static async Task<int> ToExitCodeAsync(Func<Task<int>> verb)
    {
        try { return await verb(); }
        catch (Exception e) when (Explain(e) is { } line)
        {
            await System.Console.Error.WriteLineAsync($"gatehouse: {line}");
            return BadUsage;
        }
    }

    private static string? Explain(Exception e) => e switch
    {
        StartupException or MigrationException or MasterKeyException => e.Message,
        OptionsValidationException options => string.Join("; ", options.Failures),
        DbException or SocketException => $"The database cannot be used: {OneLine(e.Message)}",
        IOException when e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException => $"{OneLine(e.Message)} Choose another with --urls.",
        UnauthorizedAccessException => OneLine(e.Message),
        _ => null,
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
