using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Credentials;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Testing;

/// <summary>How a test's server differs from the usual one.</summary>
public sealed record TestServerOptions
{
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
    /// <summary>False: an empty, migrated server that nobody has set up.</summary>
    public bool SetUp { get; init; } = true;
    /// <summary>True: a password costs what it costs in production; else next to nothing, for tests make and try thousands of them.</summary>
    public bool CostlyPasswords { get; init; }
    /// <summary>Watches or holds up the making of signing keys; null: nobody does.</summary>
    public Func<IKeyPairs, IKeyPairs>? KeyPairs { get; init; }
    /// <summary>A database that another test server already uses: a second process over the same data. PostgreSQL only.</summary>
    public TestServer? Beside { get; init; }
}

/// <summary>
/// A real server: Kestrel on a loopback port, a real database, a clock that tests move. Set up with tenant <c>main</c>, an
/// administrator and an automation client.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.com", AdminPassword = "correct horse battery staple";

    private readonly WebApplication app;
    private readonly string folder;
    private readonly bool ownsFolder;
    private readonly string? postgres;
    private readonly string masterKey;
    private readonly SemaphoreSlim adminTurn = new(1);
    private (string Token, DateTimeOffset RenewAt) adminToken;

    private TestServer(WebApplication app, TestDatabase database, TestClock clock, string url, string folder, bool ownsFolder, string? postgres, string masterKey)
    {
        (this.app, Database, Clock, Url, this.folder, this.ownsFolder, this.postgres, this.masterKey) = (app, database, clock, url, folder, ownsFolder, postgres, masterKey);
    }

    public TestDatabase Database { get; }
    public TestClock Clock { get; }

    /// <summary>The issuer of tenant <c>main</c>: <c>http://localhost:port</c>.</summary>
    public string Url { get; }
    public string DataDirectory => folder;
    public IServiceProvider Services => app.Services;

    /// <summary>The automation client; it holds the administrator role in tenant main.</summary>
    public string AutomationId { get; private set; } = "";
    public string AutomationSecret { get; private set; } = "";
    public TenantContext Main { get; private set; } = null!;
    public UserId AdminId { get; private set; }

    public static async Task<TestServer> StartAsync(TestDatabase database, TestServerOptions? options = null)
    {
        options ??= new();
        var port = PostgresCluster.FreePort();
        var url = options.Beside?.Url ?? $"http://localhost:{port}";
        var folder = options.Beside?.folder ?? Directory.CreateTempSubdirectory("gatehouse-test-").FullName;
        var postgres = options.Beside?.postgres ?? (database == TestDatabase.Postgres ? await Migrated.CreatePostgresAsync() : null);
        if (options.Beside is null && database == TestDatabase.Sqlite) await Migrated.CopySqliteAsync(folder);
        var masterKey = options.Beside?.masterKey ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var clock = options.Beside?.Clock ?? new TestClock();
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Storage:DataDirectory"] = folder,
            ["Storage:SqliteSyncEveryCommit"] = "false",
            ["Storage:Postgres"] = postgres ?? "",
            ["Vault:MasterKey"] = masterKey,
            ["Telemetry:AdminUrls"] = "",
            ["Messaging:Mailbox"] = "true",
            // Once, at the beginning: later ones would come into whatever a test is doing.
            ["Audit:HeadInterval"] = "1.00:00:00",
            // One administrator makes the calls of hundreds of tests.
            ["Http:ManagementCallsPerMinute"] = "1000000",
        };
        foreach (var (key, value) in options.Settings) settings[key] = value;
        var app = GatehouseApp.Build(new GatehouseAppOptions
        {
            Settings = settings,
            ReadEnvironment = false,
            Urls = $"http://127.0.0.1:{port}",
            Clock = clock,
            Services = services =>
            {
                services.AddSingleton(options.KeyPairs?.Invoke(new TestKeyPairs()) ?? new TestKeyPairs());
                if (!options.CostlyPasswords) services.AddSingleton(CheapPasswords);
            },
            Logging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(TestLog.Provider),
        });
        await GatehouseApp.PrepareAsync(app, CancellationToken.None);
        var server = new TestServer(app, database, clock, url, folder, options.Beside is null, postgres, masterKey) { ListenUrl = $"http://127.0.0.1:{port}" };
        if (options.Beside is { } first) (server.AutomationId, server.AutomationSecret, server.Main, server.AdminId) = (first.AutomationId, first.AutomationSecret, first.Main, first.AdminId);
        else if (options.SetUp) await server.SetUpAsync();
        await app.StartAsync();
        return server;
    }

    /// <summary>Less memory than any configuration may ask for: put in place of what configuration, which has been judged by then, asked for.</summary>
    private static IOptions<CredentialsOptions> CheapPasswords(IServiceProvider services)
    {
        var asked = services.GetRequiredService<IOptionsMonitor<CredentialsOptions>>().CurrentValue;
        asked.MemoryKiB = 64;
        return Options.Create(asked);
    }

    /// <summary>Where this very process listens; differs from <see cref="Url"/> for a second process behind a proxy.</summary>
    public string ListenUrl { get; private init; } = "";

    private async Task SetUpAsync()
    {
        var request = new FirstRunRequest(Url, "Main", AdminEmail, AdminPassword, "automation");
        var result = await Services.GetRequiredService<FirstRun>().RunAsync(request, RequestFacts.None, null, CancellationToken.None);
        if (!result.TryGet(out var outcome, out var problem)) throw new InvalidOperationException($"Set-up failed: {problem.Code}: {problem.Detail}");
        (Main, AdminId, AutomationId, AutomationSecret) = (outcome.Tenant, outcome.Administrator.Id, outcome.Automation!.Client.Id.ToString(), outcome.Automation.Secret!);
    }

    /// <summary>A client without cookies or redirects; addresses relative to the tenant (<see cref="Main"/> when none is given).</summary>
    public HttpClient Client(TestTenant? tenant = null) => new(NewHandler(cookies: false)) { BaseAddress = new Uri((tenant?.Url ?? Url) + "/") };

    /// <summary>The same, but always of this very process: a second one shares its issuer with the first.</summary>
    public HttpClient OwnClient(TestTenant? tenant = null)
    {
        var issuer = new Uri((tenant?.Url ?? Url) + "/");
        var client = new HttpClient(NewHandler(cookies: false)) { BaseAddress = new Uri(new Uri(ListenUrl), issuer.AbsolutePath) };
        client.DefaultRequestHeaders.Host = issuer.Authority;
        return client;
    }

    /// <summary>A browser without JavaScript: keeps cookies, does not follow redirects by itself.</summary>
    /// <param name="jar">Where its cookies are kept; null: where nobody else sees them.</param>
    public HttpClient Browser(TestTenant? tenant = null, CookieContainer? jar = null) => new(NewHandler(cookies: true, jar)) { BaseAddress = new Uri((tenant?.Url ?? Url) + "/") };

    /// <summary>The management API with the administrator's rights, narrowed to <paramref name="tenant"/> when given: <c>api/v1/…</c>.</summary>
    public Task<HttpClient> AdminAsync(TestTenant? tenant = null) => AdminAsync(Client(), tenant);

    /// <summary>The same, of this very process.</summary>
    public Task<HttpClient> OwnAdminAsync(TestTenant? tenant = null) => AdminAsync(OwnClient(), tenant);

    private async Task<HttpClient> AdminAsync(HttpClient client, TestTenant? tenant)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await AdminTokenAsync());
        if (tenant is not null) client.DefaultRequestHeaders.Add("X-Tenant", tenant.Id);
        return client;
    }

    /// <summary>A token for the management API with only these scopes, for the administrator's service account.</summary>
    public async Task<string> TokenAsync(params string[] scopes)
    {
        using var client = Client();
        using var response = await client.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = AutomationId,
            ["client_secret"] = AutomationSecret,
            ["scope"] = string.Join(' ', scopes),
            ["resource"] = Url + "/api/v1",
        }));
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"No token: {(int)response.StatusCode} {body}{TestLog.Recent}");
        return JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!;
    }

    private async Task<string> AdminTokenAsync()
    {
        await adminTurn.WaitAsync();
        try
        {
            // Tokens live ten minutes of this server's clock; a shared server outlives them.
            if (Clock.GetUtcNow() >= adminToken.RenewAt) adminToken = (await TokenAsync([.. Scopes.All]), Clock.GetUtcNow().AddMinutes(3));
            return adminToken.Token;
        }
        finally
        {
            adminTurn.Release();
        }
    }

    /// <summary>A new child tenant of main at <c>{url}/t/{slug}</c>.</summary>
    public async Task<TestTenant> NewTenantAsync(object? settings = null)
    {
        using var admin = await AdminAsync();
        var slug = $"t{Base32.Encode(Guid.CreateVersion7(Clock.GetUtcNow()))[14..]}";
        using var created = await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = $"Tenant {slug}" });
        var body = await created.ReadJsonAsync(HttpStatusCode.Created);
        var tenant = new TestTenant(body.GetProperty("id").GetString()!, slug, body.GetProperty("issuer").GetString()!);
        if (settings is not null)
        {
            using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", settings);
            await patched.ReadJsonAsync(HttpStatusCode.OK);
        }
        return tenant;
    }

    private static SocketsHttpHandler NewHandler(bool cookies, CookieContainer? jar = null) => new()
    {
        CookieContainer = jar ?? new CookieContainer(),
        AllowAutoRedirect = false,
        UseCookies = cookies,
        // The issuer says localhost; a name that resolves to ::1 first would miss the listener.
        ConnectCallback = static async (context, ct) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (ownsFolder) Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A tenant that a test made. <paramref name="Url"/> is its issuer.</summary>
public sealed record TestTenant(string Id, string Slug, string Url);
