using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Peers;

/// <summary>Runs one of the scripts of <c>tests/peers</c> and compares the steps that it went through with those it must.</summary>
internal static class NodePeer
{
    internal static async Task RunAsync(string script, object input, params string[] steps)
    {
        var folder = Repository.Path("tests", "peers");
        if (!Directory.Exists(Path.Combine(folder, "node_modules"))) throw new DirectoryNotFoundException($"The peers are not installed: run npm ci in {folder}.");
        var output = await ChildProcess.RunAsync("node", [script], TimeSpan.FromMinutes(2), folder, input: JsonSerializer.Serialize(input));
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(steps);
    }
}
