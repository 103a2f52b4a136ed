using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Oidc;

/// <summary>RP-Initiated Logout 1.0, by the module names of the OpenID Foundation's plan. Every bad request is a page and never a redirect.</summary>
public sealed class LogoutPlanTests
{
    private const string Uri = "post_logout_redirect_uri";

    private static readonly Dictionary<string, Func<Dictionary<string, string?>, World, Task>> bad = new(StringComparer.Ordinal)
    {
        ["oidcc-rp-initiated-logout-bad-post-logout-redirect-uri"] = (r, _) => Set(r, Uri, "https://evil.example/"),
        ["oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri"] = (r, _) => Set(r, Uri, World.AfterLogout + "?foo=bar"),
        ["oidcc-rp-initiated-logout-modified-id-token-hint"] = (r, _) => Set(r, "id_token_hint", r["id_token_hint"]![..^6] + "AAAAAA"),
        ["oidcc-rp-initiated-logout-bad-id-token-hint"] = (r, _) => Set(r, "id_token_hint", "x"),
        ["oidcc-rp-initiated-logout-no-id-token-hint"] = (r, _) => Set(r, "id_token_hint", null),
        ["oidcc-rp-initiated-logout-no-params"] = (r, _) => { r.Clear(); return Task.CompletedTask; },
        ["oidcc-rp-initiated-logout-only-state"] = (r, _) => { r.Remove("id_token_hint"); r.Remove(Uri); return Task.CompletedTask; },
        ["hint-of-another-client"] = async (r, w) => { r["id_token_hint"] = (await w.TokensAsync(w.Other)).Text("id_token"); r["client_id"] = w.Web.Id; },
        ["unknown-client"] = (r, _) => Set(r, "client_id", "cli_0000000000000000000000000a"),
        ["access-token-as-hint"] = async (r, w) => r["id_token_hint"] = (await w.TokensAsync(w.Web)).Text("access_token"),
    };

    public static TheoryData<string, TestDatabase> Bad()
    {
        var data = new TheoryData<string, TestDatabase>();
        foreach (var module in bad.Keys)
            foreach (var database in Enum.GetValues<TestDatabase>()) data.Add(module, database);
        return data;
    }

    private static Task Set(Dictionary<string, string?> request, string name, string? value)
    {
        request[name] = value;
        return Task.CompletedTask;
    }

    private static async Task<(Visitor Visitor, Dictionary<string, string?> Request)> SignedInAsync(World world)
    {
        var visitor = world.NewVisitor();
        var tokens = await (await world.RedeemAsync(world.Web, await visitor.CodeAsync(world.Web))).ReadJsonAsync(HttpStatusCode.OK);
        return (visitor, new(StringComparer.Ordinal) { ["id_token_hint"] = tokens.Text("id_token"), [Uri] = World.AfterLogout, ["state"] = "xyz" });
    }

    private static async Task<bool> IsSignedInAsync(World world, Visitor visitor) => (await visitor.AuthorizeAsync(world.Web, r => r["prompt"] = "none")).Has("code");

    [Theory, MemberData(nameof(Bad))]
    public async Task Shows_a_page(string module, TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var (visitor, request) = await SignedInAsync(world);
        await bad[module](request, world);
        using var answer = await visitor.Browser.GetAsync("oauth2/logout?" + Visitor.Query(request));
        answer.Headers.Location.ShouldBeNull();
        answer.Headers.Contains("Refresh").ShouldBeFalse();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await IsSignedInAsync(world, visitor)).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Signs_out_at_once_with_a_hint_and_goes_where_it_is_registered(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var post in (bool[])[false, true])
        {
            var (visitor, request) = await SignedInAsync(world);
            using var answer = post
                ? await visitor.Browser.PostAsync("oauth2/logout", new FormUrlEncodedContent(request!))
                : await visitor.Browser.GetAsync("oauth2/logout?" + Visitor.Query(request));
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            answer.Headers.Location!.AbsoluteUri.ShouldBe(World.AfterLogout + "?state=xyz");
            (await IsSignedInAsync(world, visitor)).ShouldBeFalse();
        }
    }

    [Theory, BothDatabases]
    public async Task Needs_neither_state_nor_a_redirect_uri(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var (visitor, request) = await SignedInAsync(world);
        request.Remove("state");
        using (var answer = await visitor.Browser.GetAsync("oauth2/logout?" + Visitor.Query(request))) answer.Headers.Location!.AbsoluteUri.ShouldBe(World.AfterLogout);
        (visitor, request) = await SignedInAsync(world);
        request.Remove(Uri);
        using var page = await visitor.Browser.GetAsync("oauth2/logout?" + Visitor.Query(request));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await IsSignedInAsync(world, visitor)).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Takes_an_expired_hint(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var (visitor, request) = await SignedInAsync(world);
        server.Clock.Advance(TimeSpan.FromHours(2));
        using var answer = await visitor.Browser.GetAsync("oauth2/logout?" + Visitor.Query(request));
        answer.Headers.Location!.AbsoluteUri.ShouldBe(World.AfterLogout + "?state=xyz");
    }

    [Theory, BothDatabases]
    public async Task Asks_without_a_hint_and_signs_out_on_yes(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var (visitor, request) = await SignedInAsync(world);
        request["id_token_hint"] = null;
        request["client_id"] = world.Web.Id;
        using var question = await visitor.Browser.GetAsync("oauth2/logout?" + Visitor.Query(request));
        question.StatusCode.ShouldBe(HttpStatusCode.OK);
        var (action, fields) = await Visitor.ReadFormAsync(question);
        var address = new Uri(question.RequestMessage!.RequestUri!, action);

        // Another site cannot say yes for her.
        using (var forged = await visitor.Browser.PostAsync(address, new FormUrlEncodedContent(new Dictionary<string, string>(fields) { ["csrf"] = "x" }))) forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await IsSignedInAsync(world, visitor)).ShouldBeTrue();

        var arrival = await visitor.WalkAsync(await visitor.Browser.PostAsync(address, new FormUrlEncodedContent(fields)));
        arrival.Address!.AbsoluteUri.ShouldBe(World.AfterLogout + "?state=xyz");
        (await IsSignedInAsync(world, visitor)).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Ends_refresh_tokens_with_the_session(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var visitor = world.NewVisitor();
        var tokens = await (await world.RedeemAsync(world.Web, await visitor.CodeAsync(world.Web))).ReadJsonAsync(HttpStatusCode.OK);
        using (var answer = await visitor.Browser.GetAsync("oauth2/logout?id_token_hint=" + tokens.Text("id_token"))) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refresh = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Clears_no_cookie_that_a_post_from_another_site_did_not_carry(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var (_, request) = await SignedInAsync(world);
        // Without cookies, as a browser sends it under SameSite=Lax; the navigation it is turned into carries them.
        using var post = await world.Http.PostAsync("oauth2/logout", new FormUrlEncodedContent(request!));
        post.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        post.Headers.Location!.AbsoluteUri.ShouldStartWith(world.Issuer + "/oauth2/logout?id_token_hint=");
        post.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using var navigation = await world.Http.GetAsync("oauth2/logout?" + Visitor.Query(request));
        navigation.Headers.Location!.AbsoluteUri.ShouldBe(World.AfterLogout + "?state=xyz");
        navigation.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }
}
