using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Keys;

/// <summary>Watches keys turn over while the clock moves; the server's own background job may take part at any moment.</summary>
public sealed class KeyRotationTests
{
    private static readonly object ShortLives = new { keys = new { rotation_seconds = 1000, prepublish_seconds = 100, retire_seconds = 300 }, tokens = new { access_token_seconds = 60, id_token_seconds = 60 } };

    private sealed record World(TestServer Server, TestTenant Tenant) : IAsyncDisposable
    {
        public SigningKeys Keys => Server.Services.GetRequiredService<SigningKeys>();
        public TenantId Id => TenantId.TryParse(Tenant.Id, out var id) ? id : throw new InvalidOperationException();

        public static async Task<World> OpenAsync(TestDatabase kind)
        {
            var server = await TestServer.StartAsync(kind);
            return new(server, await server.NewTenantAsync(ShortLives));
        }

        public async Task ApplyAsync() => await Server.Services.GetRequiredService<KeyRotation>().ApplyAsync(
            (await Server.Services.GetRequiredService<TenantDirectory>().FindAsync(Id, default))!, default);

        public async Task<(string Kid, string Token)> SignAsync(JwsAlgorithm algorithm)
        {
            var active = await Keys.GetActiveAsync(Id, algorithm, default);
            return (active.Kid, Jws.Sign(active.Key, "at+jwt", active.Kid, Encoding.UTF8.GetBytes("{}")));
        }

        /// <summary>Verifies as a stranger does: with the published document alone.</summary>
        public async Task<bool> VerifiesAsync(string token)
        {
            using var client = Server.Client(Tenant);
            JsonWebKeySet.Parse(await client.GetByteArrayAsync("oauth2/jwks")).TryGet(out var set, out _).ShouldBeTrue();
            return Jws.Verify(token, new JwsVerification { Keys = VerificationKey.CreateAll(set!, JwsAlgorithm.ES256, JwsAlgorithm.RS256), Type = "at+jwt" }).TryGet(out _, out _);
        }

        public async Task<List<(string Kid, string State)>> ListAsync(string algorithm)
        {
            // A token of its own each time: the moved clock ends the shared one.
            using var admin = Server.Client();
            admin.DefaultRequestHeaders.Authorization = new("Bearer", await Server.TokenAsync(Scopes.KeysRead));
            admin.DefaultRequestHeaders.Add("X-Tenant", Tenant.Id);
            using var response = await admin.GetAsync("api/v1/keys");
            var body = await response.ReadJsonAsync(HttpStatusCode.OK);
            body.GetRawText().ShouldNotContain("\"d\"");
            return [.. body.GetProperty("items").EnumerateArray().Where(k => k.GetProperty("algorithm").GetString() == algorithm)
                .Select(k => (k.GetProperty("id").GetString()!, k.GetProperty("state").GetString()!)).OrderBy(k => k.Item1, StringComparer.Ordinal)];
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite, "ES256")]
    [InlineData(TestDatabase.Sqlite, "RS256")]
    [InlineData(TestDatabase.Postgres, "ES256")]
    [InlineData(TestDatabase.Postgres, "RS256")]
    public async Task Keeps_a_token_verifiable_while_the_keys_turn_over(TestDatabase kind, string name)
    {
        var algorithm = JwsAlgorithm.TryParse(name)!;
        await using var world = await World.OpenAsync(kind);
        var (first, token) = await world.SignAsync(algorithm);
        (await world.VerifiesAsync(token)).ShouldBeTrue();

        world.Server.Clock.Advance(TimeSpan.FromSeconds(901));
        await world.ApplyAsync();
        var keys = await world.ListAsync(algorithm.Name);
        keys.Select(k => k.State).ShouldBe(["active", "next"]);
        (await world.SignAsync(algorithm)).Kid.ShouldBe(first, "the next key is published and does not sign yet");

        world.Server.Clock.Advance(TimeSpan.FromSeconds(120));
        var (second, later) = await world.SignAsync(algorithm);
        second.ShouldBe(keys[1].Kid, "its time has come, whether or not the job has written it down");
        await world.ApplyAsync();
        (await world.ListAsync(algorithm.Name)).Select(k => k.State).ShouldBe(["retiring", "active"]);
        (await world.SignAsync(algorithm)).Kid.ShouldBe(second);
        (await world.VerifiesAsync(token)).ShouldBeTrue("the overlap");
        (await world.VerifiesAsync(later)).ShouldBeTrue();

        world.Server.Clock.Advance(TimeSpan.FromSeconds(320));
        (await world.VerifiesAsync(token)).ShouldBeFalse("its key is published no more, even before the job has been there");
        await world.ApplyAsync();
        (await world.ListAsync(algorithm.Name))[0].ShouldBe((first, "retired"));
        (await world.VerifiesAsync(later)).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task A_tenant_that_lost_its_data_key_keeps_no_other_from_turning_over(TestDatabase kind)
    {
        await using var world = await World.OpenAsync(kind);
        var (first, _) = await world.SignAsync(JwsAlgorithm.ES256);
        await using (var tx = await world.Server.Services.GetRequiredService<ISystemDatabase>().BeginAsync(default))
        {
            // Older than the other, so that the job comes to it first; without keys, so that it must make some.
            const string Broken = """
                INSERT INTO tenants (id, slug, display_name, issuer, status, settings, version, created_at, updated_at)
                SELECT @id, 'broken', 'Broken', 'http://broken.example', status, settings, 1, created_at, updated_at FROM tenants WHERE id = @like
                """;
            (await tx.ExecuteAsync(Broken, [("id", new TenantId(Guid.CreateVersion7(world.Server.Clock.GetUtcNow().AddYears(-1)))), ("like", world.Id)], default)).ShouldBe(1);
            await tx.CommitAsync(default);
        }
        world.Server.Clock.Advance(TimeSpan.FromSeconds(901));
        await Eventually.TrueAsync(async () =>
        {
            world.Server.Clock.Advance(TimeSpan.FromSeconds(2));
            return (await world.ListAsync("ES256")).Count > 1;
        }, TimeSpan.FromSeconds(30), "the job, which came to the broken one first, made the other's next key");
        (await world.ListAsync("ES256"))[0].Kid.ShouldBe(first);
    }

    [Theory, BothDatabases]
    public async Task Erases_the_private_half_when_a_key_stops_signing(TestDatabase kind)
    {
        await using var world = await World.OpenAsync(kind);
        world.Server.Clock.Advance(TimeSpan.FromSeconds(901));
        await world.ApplyAsync();
        world.Server.Clock.Advance(TimeSpan.FromSeconds(120));
        await world.ApplyAsync();
        await using var tx = await world.Server.Services.GetRequiredService<IDatabase>().ReadAsync(world.Id, default);
        var rows = await SigningKeyStore.ListLiveAsync(tx, default);
        rows.Where(k => k.State == KeyState.Retiring).ShouldNotBeEmpty();
        rows.ShouldAllBe(k => k.SealedPrivate == null == (k.State == KeyState.Retiring));
    }

    [Theory, BothDatabases]
    public async Task Rotates_once_however_many_try(TestDatabase kind)
    {
        await using var world = await World.OpenAsync(kind);
        world.Server.Clock.Advance(TimeSpan.FromSeconds(901));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(world.ApplyAsync)));
        (await world.ListAsync("ES256")).Select(k => k.State).ShouldBe(["active", "next"]);
        world.Server.Clock.Advance(TimeSpan.FromSeconds(120));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(world.ApplyAsync)));
        (await world.ListAsync("ES256")).Select(k => k.State).ShouldBe(["retiring", "active"]);
    }

    [Theory, BothDatabases]
    public async Task Begins_a_rotation_when_asked(TestDatabase kind)
    {
        await using var world = await World.OpenAsync(kind);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var response = await admin.PostAsJsonAsync("api/v1/keys/rotate", new { algorithm = "ES256" });
        var keys = (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ToDictionary(k => k.GetProperty("state").GetString()!);
        keys.Keys.ShouldBe(["active", "next"], ignoreOrder: true);
        keys["next"].GetProperty("activates_at").GetDateTimeOffset().ShouldBe(world.Server.Clock.GetUtcNow().AddSeconds(100), TimeSpan.FromSeconds(30));
        (await world.ListAsync("RS256")).Select(k => k.State).ShouldBe(["active"]);
    }

    [Theory, BothDatabases]
    public async Task Replaces_keys_at_once_in_an_emergency(TestDatabase kind)
    {
        await using var world = await World.OpenAsync(kind);
        var (first, token) = await world.SignAsync(JwsAlgorithm.ES256);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var response = await admin.PostAsJsonAsync("api/v1/keys/rotate", new { algorithm = "ES256", emergency = true });
        (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await world.VerifiesAsync(token)).ShouldBeFalse();
        var (second, later) = await world.SignAsync(JwsAlgorithm.ES256);
        second.ShouldNotBe(first);
        (await world.VerifiesAsync(later)).ShouldBeTrue();
        using var audit = await admin.GetAsync("api/v1/audit?action=key.rotated_emergency");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("target").GetProperty("id").GetString().ShouldBe(second);
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_it_cannot_rotate(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        foreach (var algorithm in new[] { "none", "HS256", "es256", null })
        {
            using var response = await admin.PostAsJsonAsync("api/v1/keys/rotate", new { algorithm });
            await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "algorithm_unsupported");
        }
        using var anonymous = server.Client(tenant);
        using var unauthorized = await anonymous.GetAsync("api/v1/keys");
        unauthorized.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        anonymous.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync(Scopes.KeysRead));
        anonymous.DefaultRequestHeaders.Add("X-Tenant", tenant.Id);
        using var main = server.Client();
        main.DefaultRequestHeaders.Authorization = anonymous.DefaultRequestHeaders.Authorization;
        using var forbidden = await main.PostAsJsonAsync("api/v1/keys/rotate", new { algorithm = "ES256" });
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, BothDatabases]
    public async Task Answers_from_memory_when_nothing_changed(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        var keys = server.Services.GetRequiredService<SigningKeys>();
        var first = await keys.GetActiveAsync(id, JwsAlgorithm.ES256, default);
        var pending = keys.GetActiveAsync(id, JwsAlgorithm.ES256, default);
        pending.IsCompletedSuccessfully.ShouldBeTrue();
        (await pending).Key.ShouldBeSameAs(first.Key);
        var document = await keys.GetJwksDocumentAsync(id, default);
        (await keys.GetJwksDocumentAsync(id, default)).Equals(document).ShouldBeTrue();
        JsonDocument.Parse(document).RootElement.GetProperty("keys").EnumerateArray().ShouldAllBe(k => k.GetProperty("use").GetString() == "sig" && k.GetProperty("kid").GetString()!.StartsWith("key_"));
    }
}
