using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc8707;

/// <summary>RFC 8707 §2: an access token is for one API, and for none that was not part of the authorization.</summary>
public sealed class ResourceTests
{
    private const string Wide = "openid offline_access orders:read invoices:read";

    private static string Audience(System.Text.Json.JsonElement tokens) => Json.Claims(tokens.Text("access_token")).GetProperty("aud").ToString();

    [Theory, BothDatabases]
    public async Task Gives_a_token_for_the_api_that_is_named(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web, r => { r["scope"] = Wide; r["resource"] = World.Orders; });
        Audience(tokens).ShouldBe(World.Orders);
        tokens.Text("scope").ShouldBe("orders:read");
        // A token for an API is not one for UserInfo.
        using var info = await world.UserInfoAsync(tokens.Text("access_token"));
        info.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, BothDatabases]
    public async Task Takes_several_at_authorization_and_one_at_a_time_after(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var visitor = world.NewVisitor();
        var query = Visitor.Query(visitor.Request(world.Web).Where(p => p.Key != "scope")) + $"&scope={Uri.EscapeDataString(Wide)}&resource={Uri.EscapeDataString(World.Orders)}&resource={Uri.EscapeDataString(World.Invoices)}";
        var code = (await visitor.WalkAsync(await visitor.Browser.GetAsync("oauth2/authorize?" + query)))["code"];
        using (var both = await world.RedeemAsync(world.Web, code, ("resource", World.Orders), ("resource", World.Invoices))) await both.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
        var first = await (await world.RedeemAsync(world.Web, code, ("resource", World.Invoices))).ReadJsonAsync(HttpStatusCode.OK);
        Audience(first).ShouldBe(World.Invoices);
        Json.Header(first.Text("access_token")).Text("alg").ShouldBe("RS256");       // as that API wants it
        var second = await (await world.RefreshAsync(world.Web, first.Text("refresh_token"), ("resource", World.Orders))).ReadJsonAsync(HttpStatusCode.OK);
        Audience(second).ShouldBe(World.Orders);
        // Named none: the first of the authorization.
        var third = await (await world.RefreshAsync(world.Web, second.Text("refresh_token"))).ReadJsonAsync(HttpStatusCode.OK);
        Audience(third).ShouldBe(World.Orders);
    }

    [Theory, BothDatabases]
    public async Task Refuses_an_api_that_was_not_part_of_the_authorization(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Web, r => { r["scope"] = Wide; r["resource"] = World.Orders; });
        using (var other = await world.RedeemAsync(world.Web, code, ("resource", World.Invoices))) await other.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
        var tokens = await (await world.RedeemAsync(world.Web, code)).ReadJsonAsync(HttpStatusCode.OK);
        foreach (var resource in (string[])[World.Invoices, "https://unknown.example/", "orders", World.Orders + "#x", World.Orders.TrimEnd('/')])
        {
            using var answer = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"), ("resource", resource));
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
        }
    }

    [Theory, BothDatabases]
    public async Task Lets_a_client_act_for_itself_where_it_holds_scopes(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = new[] { "orders:read", "invoices:read" } });
        (string, string) grant = ("grant_type", "client_credentials");
        Audience(await (await world.TokenAsync(app, grant, ("resource", World.Orders))).ReadJsonAsync(HttpStatusCode.OK)).ShouldBe(World.Orders);
        Audience(await (await world.TokenAsync(app, grant, ("scope", "invoices:read"))).ReadJsonAsync(HttpStatusCode.OK)).ShouldBe(World.Invoices);
        using (var unclear = await world.TokenAsync(app, grant)) await unclear.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
        using (var management = await world.TokenAsync(app, grant, ("resource", world.Issuer + "/api/v1"))) await management.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
        using (var mixed = await world.TokenAsync(app, grant, ("resource", World.Orders), ("scope", "invoices:read"))) await mixed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Theory, BothDatabases]
    public async Task Gives_no_api_a_token_that_opens_userinfo(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        // As an unmodified OpenID client asks: everything at once, no resource.
        var signedIn = await world.TokensAsync(world.Web, r => r["scope"] = "openid profile email offline_access orders:read");
        Audience(signedIn).ShouldBe(world.Issuer);
        using (var info = await world.UserInfoAsync(signedIn.Text("access_token"))) (await info.ReadJsonAsync(HttpStatusCode.OK)).Text("email").ShouldBe(World.Email);
        // Its token for the API, by the API's name or by its scopes alone; UserInfo does not know it.
        var byName = await (await world.RefreshAsync(world.Web, signedIn.Text("refresh_token"), ("resource", World.Orders))).ReadJsonAsync(HttpStatusCode.OK);
        var byScope = await (await world.RefreshAsync(world.Web, byName.Text("refresh_token"), ("scope", "orders:read"))).ReadJsonAsync(HttpStatusCode.OK);
        foreach (var tokens in (System.Text.Json.JsonElement[])[byName, byScope])
        {
            Audience(tokens).ShouldBe(World.Orders);
            tokens.Text("scope").ShouldBe("orders:read");
            using var replayed = await world.UserInfoAsync(tokens.Text("access_token"));
            replayed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Theory, BothDatabases]
    public async Task Lets_a_sign_in_that_named_an_api_ask_for_userinfo_too(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web, r => { r["scope"] = Wide; r["resource"] = World.Orders; });
        var info = await (await world.RefreshAsync(world.Web, tokens.Text("refresh_token"), ("resource", world.Issuer))).ReadJsonAsync(HttpStatusCode.OK);
        Audience(info).ShouldBe(world.Issuer);
        info.Text("scope").ShouldBe("openid offline_access");
        var bare = await world.TokensAsync(world.Web, r => { r["scope"] = "offline_access orders:read"; r["resource"] = World.Orders; });
        using var refused = await world.RefreshAsync(world.Web, bare.Text("refresh_token"), ("resource", world.Issuer));
        await refused.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
    }

    [Theory, BothDatabases]
    public async Task Keeps_an_api_without_scopes_from_third_parties(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        const string bare = "https://bare.example.com/";
        await world.PostAsync("apis", new { identifier = bare, name = "Bare" });
        Audience(await world.TokensAsync(world.Web, r => r["resource"] = bare)).ShouldBe(bare);
        (await world.NewVisitor().AuthorizeAsync(world.Partner, r => r["resource"] = bare)).ShouldBeError("invalid_target");
        // Nor by naming it where nobody is asked.
        var code = await world.NewVisitor().CodeAsync(world.Partner);
        using var redeemed = await world.RedeemAsync(world.Partner, code, ("resource", bare));
        await redeemed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_target");
    }

    [Theory, BothDatabases]
    public async Task Signs_a_person_in_whose_scopes_belong_to_several_apis(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web, r => r["scope"] = Wide);
        Audience(tokens).ShouldBe(world.Issuer);
        using var info = await world.UserInfoAsync(tokens.Text("access_token"));
        await info.ReadJsonAsync(HttpStatusCode.OK);
        var orders = await (await world.RefreshAsync(world.Web, tokens.Text("refresh_token"), ("resource", World.Orders))).ReadJsonAsync(HttpStatusCode.OK);
        Audience(orders).ShouldBe(World.Orders);
    }
}
