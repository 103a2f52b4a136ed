using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Operation;

/// <summary>
/// What the container is made of, without a container: the Dockerfile's build command on a copy of the sources, and the program that it
/// makes, with the Dockerfile's environment, on a root file system that is read-only but for the data folder.
/// </summary>
public sealed class PublishTests
{
    // A private mount namespace: everything below / is read-only for this process, except its data.
    private const string ReadOnlyRoot = """mount --bind "$1" "$1" && mount -o remount,bind,ro / && ! touch "$2/probe" 2>/dev/null && shift 2 && exec "$@" """;

    [Fact]
    public async Task Builds_a_program_that_serves_from_a_read_only_file_system()
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-publish-").FullName;
        try
        {
            var (source, app, data) = (Path.Combine(folder, "source"), Path.Combine(folder, "app"), Path.Combine(folder, "data"));
            await CopySourcesAsync(source);
            await ChildProcess.RunAsync(Path.Combine(source, "deploy/docker/publish.sh"), [app], TimeSpan.FromMinutes(20), source);
            Directory.GetFiles(app, "*.pdb").ShouldBeEmpty();
            File.Exists(Path.Combine(app, "libcoreclr.so")).ShouldBeTrue("self-contained");
            Directory.CreateDirectory(data);
            var port = PostgresCluster.FreePort();
            var program = Path.Combine(app, "gatehouse");
            await using (var server = ChildProcess.Start("unshare", ["--map-root-user", "--mount", "sh", "-c", ReadOnlyRoot, "sh", data, folder, program, "serve"], "/", Environment(data, port)))
            {
                using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
                await Eventually.TrueAsync(() => ReadyAsync(server, client), TimeSpan.FromSeconds(60), "the published program is ready");
                (await ChildProcess.RunAsync(program, ["healthcheck", "--url", $"http://127.0.0.1:{port}/readyz"], TimeSpan.FromSeconds(20))).ShouldContain("\"ready\"");
                server.Output.ShouldContain("/setup?token=");
                server.Terminate();
                (await server.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
                server.ExitCode.ShouldBe(0, server.Errors);
            }
            Directory.GetFiles(data).Select(Path.GetFileName).ShouldContain("master.key");
            await using var gone = ChildProcess.Start(program, ["healthcheck", "--url", $"http://127.0.0.1:{port}/readyz"]);
            (await gone.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
            gone.ExitCode.ShouldBe(1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CopySourcesAsync(string target)
    {
        Directory.CreateDirectory(target);
        // What COPY takes after .dockerignore, as far as this project needs it.
        await ChildProcess.RunAsync("sh", ["-c", """tar --exclude=bin --exclude=obj -cf - src deploy Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig docs/openapi.json docs/openapi-account.json docs/openapi-flows.json | tar -xf - -C "$0" """, target], TimeSpan.FromMinutes(1), Repository.Root);
    }

    private static Dictionary<string, string> Environment(string data, int port) => new()
    {
        ["DOTNET_EnableDiagnostics"] = "0", ["GATEHOUSE_Storage__DataDirectory"] = data, ["GATEHOUSE_Hosting__Urls"] = $"http://127.0.0.1:{port}", ["GATEHOUSE_Telemetry__AdminUrls"] = "",
    };

    private static async Task<bool> ReadyAsync(ChildProcess server, HttpClient client)
    {
        if (server.Ended) throw new Xunit.Sdk.XunitException($"It ended with {server.ExitCode}.\n{server.Output}\n{server.Errors}");
        try
        {
            using var answer = await client.GetAsync("/readyz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException) { return false; }      // not listening yet
    }
}
