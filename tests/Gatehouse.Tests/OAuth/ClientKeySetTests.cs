using System.Net;
using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Credentials;

namespace Gatehouse.Tests.OAuth;

/// <summary>Clients whose keys are at an address of their own.</summary>
public sealed class ClientKeySetTests
{
    [Theory, BothDatabases]
    public async Task Follows_a_rotation_and_asks_no_more_often_than_it_should(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new TestServerOptions { Settings = new Dictionary<string, string?> { ["Http:AllowPrivateTargets"] = "true" } });
        using var world = await AssertionWorld.OpenAsync(server, client: false);
        using var next = SigningKey.Generate(JwsAlgorithm.ES256);
        var (document, asked) = (AssertionWorld.Jwks(world.Key).ToJsonString(), 0);
        await using var web = await SmallWeb.StartAsync(() => { Interlocked.Increment(ref asked); return document; });
        var id = (await world.Admin.CreateClientAsync(AssertionWorld.Machine(new { jwks_uri = web.Url }))).ClientId();

        // However many come at once, one request goes out.
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => world.AskAsync(world.Sign(world.Claims(id)))));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        asked.ShouldBe(1);
        // A key that is not there yet, again and again: not asked again within the pause, then once.
        for (var i = 0; i < 5; i++) await world.RefusedAsync(world.Sign(world.Claims(id), next), "not published yet");
        asked.ShouldBe(1);
        document = AssertionWorld.Jwks(world.Key, next).ToJsonString();
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        using (var rotated = await world.AskAsync(world.Sign(world.Claims(id), next))) rotated.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var old = await world.AskAsync(world.Sign(world.Claims(id)))) old.StatusCode.ShouldBe(HttpStatusCode.OK);
        asked.ShouldBe(2);
        // A key that is taken away no longer works when what is remembered is ten minutes old.
        document = AssertionWorld.Jwks(next).ToJsonString();
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        await world.RefusedAsync(world.Sign(world.Claims(id)), "taken away");
        asked.ShouldBe(3);
        // Nonsense, private keys and silence: what was known goes on for an hour and no longer.
        document = "nonsense";
        server.Clock.Advance(TimeSpan.FromMinutes(30));
        using (var kept = await world.AskAsync(world.Sign(world.Claims(id), next))) kept.StatusCode.ShouldBe(HttpStatusCode.OK);
        document = """{"keys":[{"kty":"oct","k":"AAAA"}]}""";
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        await world.RefusedAsync(world.Sign(world.Claims(id), next), "an hour without an answer");
    }

    [Theory, BothDatabases]
    public async Task Does_not_reach_what_only_this_server_reaches(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database), client: false);
        var asked = 0;
        await using var web = await SmallWeb.StartAsync(() => { Interlocked.Increment(ref asked); return AssertionWorld.Jwks(world.Key).ToJsonString(); });
        var id = (await world.Admin.CreateClientAsync(AssertionWorld.Machine(new { jwks_uri = web.Url }))).ClientId();
        await world.RefusedAsync(world.Sign(world.Claims(id)), "an address on this machine");
        asked.ShouldBe(0);
    }
}
