using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 §6 and OpenID Connect Core §12: a refresh token is one client's and never gives more than was granted.</summary>
public sealed class RefreshTests
{
    [Theory, BothDatabases]
    public async Task Gives_new_tokens_for_the_same_person(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var first = await world.TokensAsync(world.Web);
        var second = await (await world.RefreshAsync(world.Web, first.Text("refresh_token"))).ReadJsonAsync(HttpStatusCode.OK);
        second.Text("refresh_token").ShouldNotBe(first.Text("refresh_token"));
        var (before, after) = (Json.Claims(first.Text("id_token")), Json.Claims(second.Text("id_token")));
        after.Text("sub").ShouldBe(before.Text("sub"));
        after.GetProperty("auth_time").GetInt64().ShouldBe(before.GetProperty("auth_time").GetInt64());
        after.Has("nonce").ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Is_bound_to_its_client(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        using var stranger = await world.RefreshAsync(world.Other, tokens.Text("refresh_token"));
        await stranger.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var owner = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await owner.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Narrows_and_never_widens(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        using var wider = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"), ("scope", "openid orders:read orders:write"));
        await wider.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
        var narrow = await (await world.RefreshAsync(world.Web, tokens.Text("refresh_token"), ("scope", "orders:read"))).ReadJsonAsync(HttpStatusCode.OK);
        narrow.Text("scope").ShouldBe("orders:read");
        Json.Claims(narrow.Text("access_token")).Text("scope").ShouldBe("orders:read");
        // The new refresh token is as wide as the old one (§6).
        var whole = await (await world.RefreshAsync(world.Web, narrow.Text("refresh_token"))).ReadJsonAsync(HttpStatusCode.OK);
        whole.Text("scope").ShouldBe("openid profile email offline_access");
    }

    [Theory, BothDatabases]
    public async Task Is_given_to_third_parties_only_with_offline_access(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        (await world.TokensAsync(world.Partner, r => r["scope"] = "openid email")).Has("refresh_token").ShouldBeFalse();
        (await world.TokensAsync(world.Partner, r => r["scope"] = "openid email offline_access")).Has("refresh_token").ShouldBeTrue();
        (await world.TokensAsync(world.Web, r => r["scope"] = "openid")).Has("refresh_token").ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_is_no_refresh_token(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        foreach (var token in (string[])["x", "gh_rt_" + new string('A', 43), tokens.Text("access_token"), tokens.Text("id_token")])
        {
            using var answer = await world.RefreshAsync(world.Web, token);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        }
        using var missing = await world.TokenAsync(world.Web, ("grant_type", "refresh_token"));
        await missing.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Ends_with_the_client(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var tokens = await world.TokensAsync(world.Other);
        using (var gone = await world.Admin.DeleteAsync($"api/v1/clients/{world.Other.Id}")) gone.IsSuccessStatusCode.ShouldBeTrue();
        await Soon.ShouldBeAsync(async () =>
        {
            using var answer = await world.RefreshAsync(world.Other, tokens.Text("refresh_token"));
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        });
        await Soon.ShouldBeAsync(async () =>
        {
            using var answer = await world.UserInfoAsync(tokens.Text("access_token"));
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    [Theory, BothDatabases]
    public async Task Gives_no_scope_that_was_taken_from_the_client(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { name = "Narrowed" });
        var tokens = await world.TokensAsync(app);
        tokens.Text("scope").ShouldContain("profile");
        var code = await world.NewVisitor().CodeAsync(app);
        using (var changed = await world.Admin.PatchAsJsonAsync($"api/v1/clients/{app.Id}", new { scopes = new[] { "openid", "offline_access" } })) await changed.ReadJsonAsync(HttpStatusCode.OK);
        await Soon.ShouldBeAsync(async () =>
        {
            tokens = await (await world.RefreshAsync(app, tokens.Text("refresh_token"))).ReadJsonAsync(HttpStatusCode.OK);
            return tokens.Text("scope") == "openid offline_access";
        });
        Json.Claims(tokens.Text("access_token")).Text("aud").ShouldBe(world.Issuer);
        (await (await world.RedeemAsync(app, code)).ReadJsonAsync(HttpStatusCode.OK)).Text("scope").ShouldBe("openid offline_access");
        using var asked = await world.RefreshAsync(app, tokens.Text("refresh_token"), ("scope", "orders:read"));
        await asked.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
    }
}
