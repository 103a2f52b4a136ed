using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc7662;

/// <summary>RFC 7662 §2 and §4: a caller sees tokens meant for it and no others.</summary>
public sealed class IntrospectionTests
{
    private static async Task ShouldBeInactiveAsync(World world, TestApp caller, string token)
    {
        using var answer = await world.PostFormAsync("oauth2/introspect", caller, ("token", token));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("{\"active\":false}");
    }

    [Theory, BothDatabases]
    public async Task Tells_a_client_of_its_own_tokens(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        var access = await world.IntrospectAsync(world.Web, tokens.Text("access_token"));
        access.GetProperty("active").GetBoolean().ShouldBeTrue();
        access.Text("client_id").ShouldBe(world.Web.Id);
        access.Text("sub").ShouldBe(world.UserId);
        access.Text("iss").ShouldBe(world.Issuer);
        access.Text("token_type").ShouldBe("Bearer");
        access.GetProperty("exp").GetInt64().ShouldBeGreaterThan(access.GetProperty("iat").GetInt64());
        var refresh = await world.IntrospectAsync(world.Web, tokens.Text("refresh_token"));
        refresh.GetProperty("active").GetBoolean().ShouldBeTrue();
        refresh.Has("token_type").ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Tells_an_apis_own_client_of_tokens_for_that_api_alone(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var gateway = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = new[] { "orders:write" } });
        var tokens = await world.TokensAsync(world.Web, r => r["resource"] = World.Orders);
        (await world.IntrospectAsync(gateway, tokens.Text("access_token"))).GetProperty("active").GetBoolean().ShouldBeTrue();
        var invoices = await (await world.TokenAsync(world.Web, ("grant_type", "client_credentials"), ("scope", "invoices:read"))).ReadJsonAsync(HttpStatusCode.OK);
        await ShouldBeInactiveAsync(world, gateway, invoices.Text("access_token"));
        await ShouldBeInactiveAsync(world, gateway, tokens.Text("refresh_token"));
    }

    [Theory, BothDatabases]
    public async Task Says_exactly_inactive_of_everything_else(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var stranger = await world.NewAppAsync(new { scopes = new[] { "openid" } });
        var tokens = await world.TokensAsync(world.Web);
        await ShouldBeInactiveAsync(world, stranger, tokens.Text("access_token"));
        await ShouldBeInactiveAsync(world, stranger, tokens.Text("refresh_token"));
        foreach (var token in (string[])["x", "a.b.c", tokens.Text("id_token"), tokens.Text("access_token")[..^4] + "AAAA"]) await ShouldBeInactiveAsync(world, world.Web, token);
        var next = await (await world.RefreshAsync(world.Web, tokens.Text("refresh_token"))).ReadJsonAsync(HttpStatusCode.OK);
        next.Has("refresh_token").ShouldBeTrue();
        await ShouldBeInactiveAsync(world, world.Web, tokens.Text("refresh_token"));
    }

    [Theory, BothDatabases]
    public async Task Says_inactive_of_an_expired_token(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var tokens = await world.TokensAsync(world.Web);
        server.Clock.Advance(TimeSpan.FromSeconds(601));
        await ShouldBeInactiveAsync(world, world.Web, tokens.Text("access_token"));
    }

    [Theory, BothDatabases]
    public async Task Is_for_confidential_clients(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var open = await world.PostFormAsync("oauth2/introspect", world.Spa, ("token", "x"));
        await open.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        using var nobody = await world.PostFormAsync("oauth2/introspect", null, ("token", "x"));
        await nobody.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        using var nothing = await world.PostFormAsync("oauth2/introspect", world.Web);
        await nothing.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Knows_no_token_of_another_tenant(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        await ShouldBeInactiveAsync(world, world.Web, await world.Server.TokenAsync("users:read"));
    }

    [Theory, BothDatabases]
    public async Task Tells_a_third_party_nothing_of_other_clients_tokens(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web, r => r["resource"] = World.Orders);
        await ShouldBeInactiveAsync(world, world.Partner, tokens.Text("access_token"));   // it holds orders:read itself
        var own = await world.TokensAsync(world.Partner);
        (await world.IntrospectAsync(world.Partner, own.Text("access_token"))).GetProperty("active").GetBoolean().ShouldBeTrue();
    }
}
