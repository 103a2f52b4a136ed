using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc7009;

/// <summary>RFC 7009 §2.</summary>
public sealed class RevocationTests
{
    [Theory, BothDatabases]
    public async Task Ends_a_refresh_token_and_with_it_its_access_tokens(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        using (var revoked = await world.PostFormAsync("oauth2/revoke", world.Web, ("token", tokens.Text("refresh_token")))) revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refresh = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () =>
        {
            using var info = await world.UserInfoAsync(tokens.Text("access_token"));
            return info.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    [Theory, BothDatabases]
    public async Task Really_ends_a_self_contained_access_token_and_only_that(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        using (var revoked = await world.PostFormAsync("oauth2/revoke", world.Web, ("token", tokens.Text("access_token")), ("token_type_hint", "refresh_token"))) revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Soon.ShouldBeAsync(async () => !(await world.IntrospectAsync(world.Web, tokens.Text("access_token"))).GetProperty("active").GetBoolean());
        using var refresh = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await refresh.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Ends_a_token_of_a_client_that_acts_for_itself(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var token = (await (await world.TokenAsync(world.Web, ("grant_type", "client_credentials"), ("scope", "orders:read"))).ReadJsonAsync(HttpStatusCode.OK)).Text("access_token");
        (await world.IntrospectAsync(world.Web, token)).GetProperty("active").GetBoolean().ShouldBeTrue();
        using (var revoked = await world.PostFormAsync("oauth2/revoke", world.Web, ("token", token))) revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Soon.ShouldBeAsync(async () => !(await world.IntrospectAsync(world.Web, token)).GetProperty("active").GetBoolean());
    }

    [Theory, BothDatabases]
    public async Task Works_for_public_clients(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Spa);
        using (var revoked = await world.PostFormAsync("oauth2/revoke", world.Spa, ("token", tokens.Text("refresh_token")))) revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refresh = await world.RefreshAsync(world.Spa, tokens.Text("refresh_token"));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Says_200_for_tokens_it_does_not_know(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var token in (string[])["unknown", "gh_rt_" + new string('A', 43), "a.b.c"])
        {
            using var answer = await world.PostFormAsync("oauth2/revoke", world.Web, ("token", token));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_another_clients_token(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        foreach (var token in (string[])[tokens.Text("refresh_token"), tokens.Text("access_token")])
        {
            using var answer = await world.PostFormAsync("oauth2/revoke", world.Other, ("token", token));
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        }
        using var refresh = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await refresh.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Needs_a_client_and_a_token(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var nobody = await world.PostFormAsync("oauth2/revoke", null, ("token", "x"));
        await nobody.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        using var nothing = await world.PostFormAsync("oauth2/revoke", world.Web);
        await nothing.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }
}
