using System.Net;
using System.Text.Json;

namespace Gatehouse.Testing;

/// <summary>
/// The data of one installation that real processes serve: bootstrapped with the binary's own verb, outlives every process that is
/// killed over it.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly Dictionary<string, string> environment;

    private Installation(string folder, string url, int port, Dictionary<string, string> environment) => (Folder, Url, Port, this.environment) = (folder, url, port, environment);

    public string Folder { get; }
    /// <summary>The issuer of tenant main.</summary>
    public string Url { get; }
    /// <summary>The port in <see cref="Url"/>: a single process's own, or a proxy's.</summary>
    public int Port { get; }
    public string AutomationId { get; private set; } = "";
    public string AutomationSecret { get; private set; } = "";

    /// <summary>The same settings for an application of this process's own, over the same data.</summary>
    public IReadOnlyDictionary<string, string?> Settings
    {
        get
        {
            Dictionary<string, string?> settings = new() { ["Storage:DataDirectory"] = Folder };
            foreach (var (name, value) in environment) settings[name["GATEHOUSE_".Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
            return settings;
        }
    }

    /// <summary>The program that the tests were built with.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "gatehouse");

    /// <param name="settings">Environment variables without <c>GATEHOUSE_</c>, for example <c>Storage__SqliteSyncEveryCommit</c>.</param>
    public static async Task<Installation> CreateAsync(TestDatabase database, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = PostgresCluster.FreePort();
        Dictionary<string, string> environment = new() { ["GATEHOUSE_Telemetry__AdminUrls"] = "", ["GATEHOUSE_Messaging__Mailbox"] = "true", ["GATEHOUSE_Logging__LogLevel__Default"] = "Warning" };
        if (database == TestDatabase.Postgres) environment["GATEHOUSE_Storage__Postgres"] = await (await PostgresCluster.GetAsync()).CreateDatabaseAsync();
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) environment["GATEHOUSE_" + key] = value;
        var made = new Installation(Directory.CreateTempSubdirectory("gatehouse-process-").FullName, $"http://localhost:{port}", port, environment);
        var json = await made.RunAsync(["bootstrap", "--data", made.Folder, "--url", made.Url, "--admin-email", TestServer.AdminEmail, "--password-stdin", "--automation-client", "automation"],
            TestServer.AdminPassword + "\n");
        var answer = JsonDocument.Parse(json).RootElement;
        (made.AutomationId, made.AutomationSecret) = (answer.GetProperty("client_id").GetString()!, answer.GetProperty("client_secret").GetString()!);
        return made;
    }

    /// <summary>Runs one of the binary's verbs to its end and expects success.</summary>
    public Task<string> RunAsync(IEnumerable<string> arguments, string? input = null) => ChildProcess.RunAsync(Program, arguments, TimeSpan.FromSeconds(60), Folder, environment, input);

    /// <summary>Starts <c>gatehouse serve</c> and waits until it is ready.</summary>
    public async Task<GatehouseProcess> ServeAsync(int? port = null, params string[] more)
    {
        var at = port ?? Port;
        var child = ChildProcess.Start(Program, ["serve", "--data", Folder, "--urls", $"http://127.0.0.1:{at}", .. more], Folder, environment);
        var process = new GatehouseProcess(child, at);
        try
        {
            await Eventually.TrueAsync(process.ReadyAsync, TimeSpan.FromSeconds(60), $"gatehouse on {at} is ready");
        }
        catch (Exception e)
        {
            await process.DisposeAsync();
            throw new Xunit.Sdk.XunitException($"gatehouse did not become ready.\n{child.Output}\n{child.Errors}", e);
        }
        return process;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>One running <c>gatehouse serve</c>.</summary>
public sealed class GatehouseProcess(ChildProcess child, int port) : IAsyncDisposable
{
    private readonly HttpClient probe = new() { Timeout = TimeSpan.FromSeconds(60) };

    public ChildProcess Child => child;
    public int Port => port;

    public async Task<bool> ReadyAsync()
    {
        if (child.Ended) throw new Xunit.Sdk.XunitException($"gatehouse ended with {child.ExitCode}.\n{child.Output}\n{child.Errors}");
        try
        {
            using var response = await probe.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz"));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException) { return false; }      // not listening yet, or held up
    }

    public async ValueTask DisposeAsync()
    {
        probe.Dispose();
        await child.DisposeAsync();
    }
}
