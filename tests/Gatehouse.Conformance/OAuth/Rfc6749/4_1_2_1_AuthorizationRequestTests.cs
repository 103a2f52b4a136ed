using System.Net;
using System.Text;
using System.Web;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 §3.1, §4.1.1 and §4.1.2.1: who is told of an error, and never anybody else.</summary>
public sealed class AuthorizationRequestTests
{
    [Theory, BothDatabases]
    public async Task Shows_a_page_and_never_redirects_when_client_or_redirect_uri_is_wrong(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var spoil in (Action<Dictionary<string, string?>>[])
        [
            r => r["client_id"] = null, r => r["client_id"] = "", r => r["client_id"] = "cli_0000000000000000000000000a", r => r["client_id"] = "x' OR '1'='1", r => r["client_id"] = world.Issuer,
            r => r["redirect_uri"] = null, r => r["redirect_uri"] = "https://evil.example/callback", r => r["redirect_uri"] = World.Callback + "?x=1", r => r["redirect_uri"] = World.Callback + "/..",
            r => r["redirect_uri"] = "https://app.example.com", r => r["redirect_uri"] = "https://app.example.com@evil.example/callback", r => r["redirect_uri"] = "javascript:alert(1)", r => r["redirect_uri"] = "//evil.example",
            r => r["redirect_uri"] = "https://evil.example/\r\nLocation: https://evil.example", r => r["redirect_uri"] = World.Callback + "#x",
        ])
        {
            var visitor = world.NewVisitor();
            var request = visitor.Request(world.Web);
            spoil(request);
            using var answer = await visitor.Browser.GetAsync("oauth2/authorize?" + Visitor.Query(request));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            answer.Headers.Location.ShouldBeNull();
            answer.Headers.Contains("Refresh").ShouldBeFalse();
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("<a class=\"button primary\" href=\"https://evil");
        }
    }

    [Theory, BothDatabases]
    public async Task Shows_a_page_for_repeated_clients_redirect_uris_and_broken_encodings(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var visitor = world.NewVisitor();
        var valid = Visitor.Query(visitor.Request(world.Web));
        foreach (var query in (string[])[$"{valid}&client_id={world.Web.Id}", $"{valid}&redirect_uri={Uri.EscapeDataString(World.Callback)}", valid + "&x=%zz", valid + "&x=%FF", valid + "&%FF=x", valid + "&x=%00"])
        {
            // As written: Uri would repair what is broken.
            var address = new Uri($"{world.Issuer}/oauth2/authorize?{query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var answer = await visitor.Browser.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            answer.Headers.Location.ShouldBeNull();
        }
    }

    public static TheoryData<string, string, string?, string> Spoiled()
    {
        var data = new TheoryData<string, string, string?, string>();
        foreach (var database in Enum.GetNames<TestDatabase>())
        {
            data.Add(database, "response_type", null, "invalid_request");
            data.Add(database, "response_type", "token", "unsupported_response_type");
            data.Add(database, "response_type", "id_token", "unsupported_response_type");
            data.Add(database, "response_type", "code token", "unsupported_response_type");
            data.Add(database, "response_mode", "web_message", "invalid_request");
            data.Add(database, "scope", "unknown", "invalid_scope");
            data.Add(database, "scope", "openid  profile", "invalid_scope");
            data.Add(database, "scope", "open\"id", "invalid_scope");
            data.Add(database, "code_challenge", "short", "invalid_request");
            data.Add(database, "code_challenge_method", "plain", "invalid_request");
            data.Add(database, "code_challenge_method", null, "invalid_request");
            data.Add(database, "code_challenge_method", "s256", "invalid_request");
            data.Add(database, "prompt", "none login", "invalid_request");
            data.Add(database, "prompt", "whatever", "invalid_request");
            data.Add(database, "max_age", "-1", "invalid_request");
            data.Add(database, "max_age", "soon", "invalid_request");
            data.Add(database, "id_token_hint", "x.y.z", "invalid_request");
            data.Add(database, "nonce", new string('n', 2049), "invalid_request");
            data.Add(database, "request", "x.y.z", "request_not_supported");
            data.Add(database, "request_uri", "https://app.example.com/r", "request_uri_not_supported");
            data.Add(database, "registration", "{}", "registration_not_supported");
            data.Add(database, "resource", "https://unknown.example/", "invalid_target");
            data.Add(database, "resource", World.Orders + "#x", "invalid_target");
            data.Add(database, "resource", "orders", "invalid_target");
        }
        return data;
    }

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Tells_the_application_what_else_is_wrong(string database, string name, string? value, string error)
    {
        var world = await World.SharedAsync(Enum.Parse<TestDatabase>(database));
        var arrival = await world.NewVisitor().AuthorizeAsync(world.Web, r => r[name] = value);
        arrival.ShouldBeError(error);
        arrival["state"].ShouldBe("af0ifjsldkj");
        arrival["iss"].ShouldBe(world.Issuer);
        arrival.Response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        arrival.Address!.AbsoluteUri.ShouldStartWith(World.Callback + "?");
    }

    [Theory, BothDatabases]
    public async Task Refuses_any_repeated_parameter(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var name in (string[])["scope", "nonce", "prompt", "code_challenge", "response_type", "made_up"])
        {
            var visitor = world.NewVisitor();
            using var answer = await visitor.Browser.GetAsync($"oauth2/authorize?{Visitor.Query(visitor.Request(world.Web))}&{name}=code&{name}=code");
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["error"].ShouldBe("invalid_request");
        }
        var twice = world.NewVisitor();
        using var states = await twice.Browser.GetAsync($"oauth2/authorize?{Visitor.Query(twice.Request(world.Web))}&state=other");
        HttpUtility.ParseQueryString(states.Headers.Location!.Query)["error"].ShouldBe("invalid_request");
        HttpUtility.ParseQueryString(states.Headers.Location!.Query)["state"].ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Answers_by_query_fragment_or_form(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var query = await world.NewVisitor().AuthorizeAsync(world.Web, r => r["response_mode"] = "query");
        query.Address!.Query.ShouldContain("code=gh_ac_");
        var fragment = await world.NewVisitor().AuthorizeAsync(world.Web, r => r["response_mode"] = "fragment");
        fragment.Address!.Fragment.ShouldContain("code=gh_ac_");
        fragment.Address.Query.ShouldBeEmpty();
        var form = await world.NewVisitor().AuthorizeAsync(world.Web, r => { r["response_mode"] = "form_post"; r["state"] = "a\"><script>alert(1)</script>&é"; });
        form.Address!.AbsoluteUri.ShouldBe(World.Callback);
        form["code"].ShouldStartWith("gh_ac_");
        form["state"].ShouldBe("a\"><script>alert(1)</script>&é");
        form["iss"].ShouldBe(world.Issuer);
        form.Response.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe-inline");
        var error = await world.NewVisitor().AuthorizeAsync(world.Web, r => { r["response_mode"] = "form_post"; r["scope"] = "unknown"; });
        error.Address!.AbsoluteUri.ShouldBe(World.Callback);
        error["error"].ShouldBe("invalid_scope");
    }

    [Theory, BothDatabases]
    public async Task Keeps_the_query_of_a_redirect_uri(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { redirect_uris = new[] { World.Callback + "?tenant=1" } });
        var arrival = await world.NewVisitor().AuthorizeAsync(app);
        arrival.Address!.AbsoluteUri.ShouldStartWith(World.Callback + "?tenant=1&code=");
    }

    [Theory, BothDatabases]
    public async Task Takes_a_post_and_only_its_body(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var visitor = await world.SignInAsync();
        var fields = visitor.Request(world.Web).Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!));
        using var answer = await visitor.Browser.PostAsync("oauth2/authorize", new FormUrlEncodedContent(fields));
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);             // never 307: RFC 9700 §4.12
        answer.Headers.Location!.Query.ShouldContain("code=");
        using var inQuery = await visitor.Browser.PostAsync("oauth2/authorize?" + Visitor.Query(visitor.Request(world.Web)), new FormUrlEncodedContent([]));
        inQuery.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var json = await visitor.Browser.PostAsync("oauth2/authorize", new StringContent("{}", Encoding.UTF8, "application/json"));
        json.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_client_that_may_not_use_codes(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" } });
        (await world.NewVisitor().AuthorizeAsync(app)).ShouldBeError("unauthorized_client");
    }

    [Theory, BothDatabases]
    public async Task Leaves_out_scopes_that_the_client_may_not_have(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { scopes = new[] { "openid", "orders:read" } });
        var tokens = await world.TokensAsync(app, r => r["scope"] = "openid email orders:read orders:write made_up");
        tokens.Text("scope").ShouldBe("openid");
        tokens = await world.TokensAsync(app, r => r["scope"] = "email orders:read orders:write made_up");
        tokens.Text("scope").ShouldBe("orders:read");
    }

    [Theory, BothDatabases]
    public async Task Shows_a_friendly_page_for_interactions_that_are_over_unknown_or_anothers(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var first = world.NewVisitor();
        using var began = await first.Browser.GetAsync("oauth2/authorize?" + Visitor.Query(first.Request(world.Web)));
        var interaction = HttpUtility.ParseQueryString(began.Headers.Location!.Query)["interaction"]!;
        var second = await world.SignInAsync();
        foreach (var address in (string[])[$"oauth2/authorize/continue?interaction={interaction}", "oauth2/authorize/continue?interaction=x", "oauth2/authorize/continue", $"consent?interaction={interaction}", "consent?interaction=int_0000000000000000000000000a"])
        {
            using var page = await second.Browser.GetAsync(address);
            page.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        }
        // Used once, it is over for its own browser, too.
        (await first.WalkAsync(began)).Has("code").ShouldBeTrue();
        using var again = await first.Browser.GetAsync($"oauth2/authorize/continue?interaction={interaction}");
        again.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_state_of_more_than_2_KiB_and_does_not_repeat_it(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var arrival = await world.NewVisitor().AuthorizeAsync(world.Web, r => r["state"] = new string('s', 2049));
        arrival.ShouldBeError("invalid_request");
        arrival.Has("state").ShouldBeFalse();
        var longest = new string('s', 2048);
        (await world.NewVisitor().AuthorizeAsync(world.Web, r => r["state"] = longest))["state"].ShouldBe(longest);
    }
}
