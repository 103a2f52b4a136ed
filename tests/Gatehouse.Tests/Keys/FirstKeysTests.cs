using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Gatehouse.Setup;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Keys;

/// <summary>While key pairs are made nobody waits for a transaction; none of them is two tenants', and none outlives the process.</summary>
public sealed class FirstKeysTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5) * Eventually.Patience;

    /// <summary>Remembers all pairs; closed, it makes none until it is opened.</summary>
    private sealed class Gate(IKeyPairs pairs) : IKeyPairs, IDisposable
    {
        private readonly ManualResetEventSlim open = new(initialState: true);
        private TaskCompletionSource reached = new();

        internal ConcurrentQueue<SigningKey> Made { get; } = [];

        public SigningKey Make(JwsAlgorithm algorithm)
        {
            reached.TrySetResult();
            if (!open.Wait(3 * Limit)) throw new TimeoutException("Nobody opened the gate.");
            var key = pairs.Make(algorithm);
            Made.Enqueue(key);
            return key;
        }

        /// <summary>Does <paramref name="write"/>, whole, while <paramref name="making"/> waits for a pair; then <paramref name="making"/> ends.</summary>
        internal async Task<T> HoldAsync<T>(Func<Task<T>> making, Func<Task> write)
        {
            reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            open.Reset();
            var made = Task.Run(making);
            try
            {
                await reached.Task.WaitAsync(Limit);
                await write().WaitAsync(Limit);
                made.IsCompleted.ShouldBeFalse("it waits for its keys");
            }
            finally
            {
                open.Set();
            }
            return await made;
        }

        public void Dispose() => open.Dispose();
    }

    private sealed record World(TestServer Server, Gate Gate) : IAsyncDisposable
    {
        internal static async Task<World> OpenAsync(TestDatabase database, bool setUp = true, string? baseDomain = null)
        {
            Gate? gate = null;
            var server = await TestServer.StartAsync(database, new()
            {
                SetUp = setUp,
                Settings = new Dictionary<string, string?> { ["Hosting:BaseDomain"] = baseDomain ?? "" },
                KeyPairs = pairs => gate = new Gate(pairs),
            });
            return new(server, gate!);
        }

        /// <summary>A write to the very row that whoever creates a tenant below it holds.</summary>
        internal async Task RenameAsync(TestTenant tenant)
        {
            using var admin = await Server.AdminAsync();
            using var renamed = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}", new { display_name = "Renamed" });
            (await renamed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("display_name").GetString().ShouldBe("Renamed");
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            Gate.Dispose();
        }
    }

    [Theory, BothDatabases]
    public async Task Lets_others_write_while_the_keys_of_a_new_tenant_are_made(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        var top = await world.Server.NewTenantAsync();
        using var admin = await world.Server.AdminAsync(top);
        using var created = await world.Gate.HoldAsync(
            () => admin.PostAsJsonAsync("api/v1/tenants", new { slug = ManageTenantsTests.NewSlug(world.Server), display_name = "Child" }),
            () => world.RenameAsync(top));
        await created.ReadJsonAsync(HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task Lets_others_write_while_the_keys_of_a_registered_tenant_are_made(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        using var person = await SignInWorld.OpenAsync(world.Server, new { subtenants = new { registration = "automatic", per_person = 1 } });
        await person.Browser.SignInAsync(SignInWorld.Email);
        using var made = await world.Gate.HoldAsync(
            () => person.CallAsync(HttpMethod.Post, "/tenants", new { slug = ManageTenantsTests.NewSlug(world.Server), display_name = "Mine" }),
            () => world.RenameAsync(person.Tenant));
        (await made.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("status").GetString().ShouldBe("active");
    }

    [Theory, BothDatabases]
    public async Task Lets_others_write_while_a_rotation_makes_its_key(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        var tenant = await world.Server.NewTenantAsync();
        using var admin = await world.Server.AdminAsync(tenant);
        using var rotated = await world.Gate.HoldAsync(() => admin.PostAsJsonAsync("api/v1/keys/rotate", new { algorithm = "RS256" }), () => world.RenameAsync(tenant));
        await rotated.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Lets_others_write_while_a_first_run_makes_its_keys(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database, setUp: false);
        var services = world.Server.Services;
        var request = new FirstRunRequest(world.Server.Url, "Main", TestServer.AdminEmail, TestServer.AdminPassword);
        var result = await world.Gate.HoldAsync(
            () => services.GetRequiredService<FirstRun>().RunAsync(request, RequestFacts.None, null, CancellationToken.None).AsTask(),
            async () => (await services.GetRequiredService<SetupLink>().RenewAsync(world.Server.Url, CancellationToken.None)).ShouldNotBeNull());
        result.TryGet(out _, out var problem).ShouldBeTrue(problem?.Code);
    }

    [Theory, BothDatabases]
    public async Task Spends_no_keys_on_refusals_and_gives_none_to_two_tenants(TestDatabase database)
    {
        const string Base = "id.example.com";
        await using var world = await World.OpenAsync(database, baseDomain: Base);
        var (server, made) = (world.Server, world.Gate.Made);
        var other = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        async Task<int> CostAsync(string slug, string? issuer, HttpStatusCode status, string? code)
        {
            var before = made.Count;
            using var answer = await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "A", issuer });
            if (code is null) await answer.ReadJsonAsync(status);
            else await answer.ShouldBeProblemAsync(status, code);
            return made.Count - before;
        }

        var (first, second) = (ManageTenantsTests.NewSlug(server), ManageTenantsTests.NewSlug(server));
        (await CostAsync(other.Slug, null, HttpStatusCode.Conflict, "slug_taken")).ShouldBe(2);
        (await CostAsync(other.Slug, null, HttpStatusCode.Conflict, "slug_taken")).ShouldBe(0);
        (await CostAsync(first, null, HttpStatusCode.Created, null)).ShouldBe(0);
        // Refused after its keys were in the database: they are nobody's any more.
        (await CostAsync(second, $"https://{other.Slug}.{Base}", HttpStatusCode.Forbidden, "domain_not_allowed")).ShouldBe(2);
        (await CostAsync(second, null, HttpStatusCode.Created, null)).ShouldBe(2);

        List<string> moduli = [];
        foreach (var slug in (string[])[first, second, other.Slug])
        {
            using var client = server.Client();
            var set = await client.GetFromJsonAsync<System.Text.Json.JsonElement>($"{server.Url}/t/{slug}/oauth2/jwks");
            moduli.AddRange(set.GetProperty("keys").EnumerateArray().Where(k => k.GetProperty("kty").GetString() == "RSA").Select(k => k.GetProperty("n").GetString()!));
        }
        moduli.Count.ShouldBe(3);
        moduli.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
    }

    [Fact]
    public async Task Keeps_a_few_unused_pairs_in_memory_and_wipes_them_at_the_end()
    {
        var world = await World.OpenAsync(TestDatabase.Sqlite);
        var made = world.Gate.Made;
        await using (world)
        {
            made.Count(IsThere).ShouldBe(0, "those of the first run are in the database");
            var creation = world.Server.Services.GetRequiredService<TenantCreation>();
            var many = Enumerable.Range(0, SigningKeyInitializer.MaxKept + 3).Select(_ => creation.Prepare()).ToList();
            var algorithms = KeySchedule.Algorithms.Count;
            made.Count(IsThere).ShouldBe(algorithms * many.Count);
            foreach (var unused in many) unused.Dispose();
            many[^1].Dispose();     // once more does nothing: kept twice, its pairs would be two tenants'
            made.Count(IsThere).ShouldBe(algorithms * SigningKeyInitializer.MaxKept);
        }
        made.Count(IsThere).ShouldBe(0);
    }

    private static bool IsThere(SigningKey key)
    {
        try
        {
            key.ExportPkcs8();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
