using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>
/// What others make of the descriptions: Redocly's rules find no fault, openapi-typescript and openapi-fetch make a client that the compiler accepts and a server
/// answers, and the examples in <c>docs/examples</c> and the Postman collection say what can be sent. The scripts are in <c>tests/peers/api</c>.
/// </summary>
public sealed class GeneratedClientTests
{
    private static readonly string folder = Repository.Path("tests", "peers", "api");

    private static Task<string> NodeAsync(string[] arguments, object? input = null, int minutes = 10)
    {
        if (!Directory.Exists(Repository.Path("tests", "peers", "node_modules"))) throw new DirectoryNotFoundException("The peers are not installed: run npm ci in tests/peers.");
        return ChildProcess.RunAsync("node", arguments, TimeSpan.FromMinutes(minutes), folder, new Dictionary<string, string> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" }, input is null ? "" : JsonSerializer.Serialize(input));
    }

    internal static string Examples { get; } = Repository.Path("docs", "examples");

    /// <summary>Needs node alone, none of the packages.</summary>
    internal static async Task WriteExamplesAsync(string to)
    {
        foreach (var old in Directory.GetFiles(to)) File.Delete(old);
        await ChildProcess.RunAsync("node", ["examples.mjs", to], TimeSpan.FromMinutes(1), folder);
        await ChildProcess.RunAsync("node", ["postman.mjs", Path.Combine(to, "gatehouse.postman_collection.json")], TimeSpan.FromMinutes(1), folder);
    }

    /// <summary>The root tenant of a server of its own: what the walk makes there, it takes away again.</summary>
    private static async Task<object> AskAsync(TestServer server, string name, object? more = null)
    {
        var asked = new Dictionary<string, object> { ["gatehouse"] = server.Url, ["token"] = await server.TokenAsync([.. Gatehouse.Http.Scopes.All]), ["name"] = name };
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject()) asked[key] = value!;
        return asked;
    }

    [Fact]
    public async Task Redocly_finds_no_fault_with_the_descriptions()
    {
        foreach (var name in (string[])["openapi.json", "openapi-account.json", "openapi-flows.json"])
        {
            var found = JsonDocument.Parse(await NodeAsync(["../node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml", "--format", "json", Repository.Path("docs", name)])).RootElement;
            found.GetProperty("problems").EnumerateArray().Where(p => p.GetProperty("severity").GetString() == "error").Select(p => p.GetRawText()).ShouldBeEmpty(name);
            found.GetProperty("totals").GetProperty("errors").GetInt32().ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_client_made_of_the_descriptions_compiles_and_is_answered_on_both_databases()
    {
        var build = Path.Combine(Directory.CreateTempSubdirectory("gatehouse-client-").FullName, "client");
        await NodeAsync(["client.mjs", "build", build]);
        foreach (var database in Enum.GetValues<TestDatabase>())
        {
            await using var server = await TestServer.StartAsync(database);
            var said = (await NodeAsync(["run-client.mjs"], await AskAsync(server, "typed", new { folder = build }))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            said.Length.ShouldBeGreaterThan(180);
            said.Count(line => line[^3..][0] == '2').ShouldBeGreaterThan(160);
        }
        Directory.Delete(Path.GetDirectoryName(build)!, recursive: true);
    }

    [Fact]
    public async Task The_examples_are_what_the_description_makes_of_them()
    {
        var made = Directory.CreateTempSubdirectory("gatehouse-examples-").FullName;
        await WriteExamplesAsync(made);
        Names(made).ShouldBe(Names(Examples));
        foreach (var name in Names(made))
            (await File.ReadAllTextAsync(Path.Combine(Examples, name))).ShouldBe(await File.ReadAllTextAsync(Path.Combine(made, name)), $"docs/examples/{name} is not what docs/openapi.json makes of it. Run GATEHOUSE_UPDATE_DOCS=1 dotnet test tests/Gatehouse.Tests --filter ApiDocumentTests, look at the difference, and commit it.");
        Directory.Delete(made, recursive: true);

        static string[] Names(string of) => [.. Directory.GetFiles(of).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
    }

    // Each client once: what a database has to say to their requests is said to the typed client, on both.
    [Theory]
    [InlineData(TestDatabase.Sqlite, "curl")]
    [InlineData(TestDatabase.Postgres, "python", "javascript")]
    public async Task Every_example_can_be_sent(TestDatabase database, params string[] languages)
    {
        await using var server = await TestServer.StartAsync(database);
        // One after the other: each finds nothing left of the one before it.
        foreach (var language in languages)
        {
            var said = (await NodeAsync(["run-examples.mjs"], await AskAsync(server, language, new { language }))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            said.Length.ShouldBeGreaterThan(170, language);
        }
    }

    [Fact]
    public async Task Newman_sends_the_whole_collection()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        var summary = JsonDocument.Parse(await NodeAsync(["run-postman.mjs"], await AskAsync(server, "newman"))).RootElement;
        summary.GetProperty("failed").GetInt32().ShouldBe(0);
        summary.GetProperty("assertions").GetInt32().ShouldBeGreaterThan(170);
    }
}
