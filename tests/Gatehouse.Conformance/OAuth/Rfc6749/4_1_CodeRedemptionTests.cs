using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 §4.1.2 and §4.1.3: a code is one client's, one request's, short-lived, and good once.</summary>
public sealed class CodeRedemptionTests
{
    [Theory, BothDatabases]
    public async Task Redeems_a_code(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        tokens.Text("token_type").ShouldBe("Bearer");
        tokens.Text("refresh_token").ShouldStartWith("gh_rt_");
        tokens.Text("scope").ShouldBe("openid profile email offline_access");
        Json.Claims(tokens.Text("id_token")).Text("nonce").ShouldBe("n-0S6_WzA2Mj");
    }

    [Theory, BothDatabases]
    public async Task Lets_exactly_one_of_64_redemptions_at_once_win(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Web);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.RedeemAsync(world.Web, code)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK)) await refused.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Revokes_what_a_code_gave_when_it_comes_twice(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Web);
        var tokens = await (await world.RedeemAsync(world.Web, code)).ReadJsonAsync(HttpStatusCode.OK);
        using (var alive = await world.UserInfoAsync(tokens.Text("access_token"))) await alive.ReadJsonAsync(HttpStatusCode.OK);

        using var replay = await world.RedeemAsync(world.Web, code);
        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var refresh = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () =>
        {
            using var dead = await world.UserInfoAsync(tokens.Text("access_token"));
            return dead.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    [Theory, BothDatabases]
    public async Task Binds_a_code_to_its_client_and_redirect_uri(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Web);
        using var stranger = await world.RedeemAsync(world.Other, code);
        await stranger.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var elsewhere = await world.TokenAsync(world.Web, ("grant_type", "authorization_code"), ("code", code), ("code_verifier", Visitor.Verifier), ("redirect_uri", World.Callback + "/"));
        await elsewhere.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        // Spoiled attempts leave the code to its owner.
        using var owner = await world.RedeemAsync(world.Web, code);
        await owner.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Refuses_unknown_codes(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var code in (string[])["x", "gh_ac_" + new string('A', 43), "gh_rt_" + new string('A', 43), "' OR 1=1 --"])
        {
            using var answer = await world.RedeemAsync(world.Web, code);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        }
        using var missing = await world.TokenAsync(world.Web, ("grant_type", "authorization_code"));
        await missing.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Refuses_an_expired_code(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var code = await world.NewVisitor().CodeAsync(world.Web);
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        using var answer = await world.RedeemAsync(world.Web, code);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Refuses_the_code_of_a_user_disabled_meanwhile(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var code = await world.NewVisitor().CodeAsync(world.Web);
        using (var disabled = await world.Admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/disable", new { })) disabled.IsSuccessStatusCode.ShouldBeTrue();
        using var answer = await world.RedeemAsync(world.Web, code);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Ends_refresh_and_access_tokens_with_the_session(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var tokens = await world.TokensAsync(world.Web);
        using (var ended = await world.Admin.DeleteAsync($"api/v1/users/{world.UserId}/sessions")) ended.IsSuccessStatusCode.ShouldBeTrue();
        using var refresh = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () => !(await world.IntrospectAsync(world.Web, tokens.Text("access_token"))).GetProperty("active").GetBoolean());
    }

    [Theory, BothDatabases]
    public async Task Writes_the_grant_into_the_audit(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        await world.TokensAsync(world.Web);
        using var answer = await world.Admin.GetAsync("api/v1/audit");
        var actions = (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).ToArray();
        actions.ShouldContain("grant.created");
        actions.ShouldContain("token.granted");
    }
}
