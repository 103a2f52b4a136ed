using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>What only programs meet: the requests themselves, and the code at the end.</summary>
public sealed class FlowsApiTests
{
    [Fact]
    public async Task A_value_that_is_no_text_is_refused()
    {
        using var world = await SignInWorld.OpenAsync();
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        var refused = await app.PostAsync("submit", new { auth_session = app.Session, step = "identifier", values = new { email = (string?)null } });
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.GetProperty("code").GetString().ShouldBe("member_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_cookie_that_comes_along_has_no_say(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "mallory@example.com");
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        await app.AnswerAsync("identifier", ("email", "mallory@example.com"));
        await world.Browser.SignInAsync(SignInWorld.Email);
        // A page of a sibling domain has her browser send the last answer of a stranger's run.
        using var sent = await world.Browser.Http.PostAsync("oauth2/authorize-challenge", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["auth_session"] = app.Session!, ["client_id"] = app.ClientId, ["step"] = "password", ["password"] = PageBrowser.Password,
        }));
        (await sent.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("state").GetString().ShouldBe("completed");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.Browser.GetAsync("account")).Text.ShouldContain(SignInWorld.Email);
    }

    [Theory, BothDatabases]
    public async Task A_run_ends_with_a_code_that_the_token_endpoint_takes_once(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        var started = await app.StartAsync();
        started.Status.ShouldBe(HttpStatusCode.OK);
        HeadlessApp.Open(started.Body).ShouldBe(["identifier", "passkey"]);
        var schema = started.Body.GetProperty("steps")[0].GetProperty("schema");
        schema.GetProperty("properties").GetProperty("email").GetProperty("format").GetString().ShouldBe("email");
        schema.GetProperty("required")[0].GetString().ShouldBe("email");
        started.Body.GetProperty("steps")[1].GetProperty("data").GetProperty("challenge").GetString()!.Length.ShouldBe(43);

        HeadlessApp.Open((await app.AnswerAsync("identifier", ("email", SignInWorld.Email))).Body).ShouldBe(["password", "passkey", "identifier"]);
        var done = await app.AnswerAsync("password", ("password", PageBrowser.Password));
        done.Status.ShouldBe(HttpStatusCode.OK);
        done.Body.GetProperty("state").GetString().ShouldBe("completed");
        done.Body.TryGetProperty("auth_session", out _).ShouldBeFalse();
        var code = done.Body.GetProperty("authorization_code").GetString()!;
        (await app.PostAsync("current", new { auth_session = app.Session })).Body.GetProperty("code").GetString().ShouldBe("invalid_session");

        var tokens = await app.RedeemAsync(code);
        tokens.Status.ShouldBe(HttpStatusCode.OK);
        var claims = HeadlessApp.Claims(tokens.Body);
        claims.GetProperty("sub").GetString().ShouldBe(world.UserId);
        claims.GetProperty("acr").GetString().ShouldBe("urn:gatehouse:acr:1fa");
        (await app.RedeemAsync(code)).Body.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task A_passkey_signs_in_without_pages(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.People.Server, world.People.Tenant);
        var started = await app.StartAsync();
        var challenge = started.Body.GetProperty("steps")[1].GetProperty("data").GetProperty("challenge").GetString()!;
        var values = world.Key.Get(PasskeyWorld.RpId, challenge, world.Origin);
        var done = await app.AnswerAsync("passkey", values);
        done.Body.GetProperty("state").GetString().ShouldBe("completed");
        HeadlessApp.Claims((await app.RedeemAsync(done.Body.GetProperty("authorization_code").GetString()!)).Body).GetProperty("amr").EnumerateArray().Select(a => a.GetString()).ShouldContain("mfa");

        // The same answer once more, in a run of its own.
        using var thief = await HeadlessApp.OpenAsync(world.People.Server, world.People.Tenant);
        await thief.StartAsync();
        (await thief.AnswerAsync("passkey", values)).Body.GetProperty("code").GetString().ShouldBe("passkey_refused");
    }

    [Theory]
    [InlineData("third", "unauthorized_client")]
    [InlineData("paged", "unauthorized_client")]
    [InlineData("unknown", "invalid_client")]
    public async Task Only_clients_that_may_be_headless_begin(string which, string expected)
    {
        using var world = await SignInWorld.OpenAsync();
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant, which == "third"
            ? new { name = "App", type = "public", redirect_uris = new[] { "https://app.example.com/cb" } }
            : new { name = "App", type = "public", first_party = true, redirect_uris = new[] { "https://app.example.com/cb" } });
        var answer = await app.PostAsync("start", new { client_id = which == "unknown" ? "cl_none" : app.ClientId, scope = "openid", code_challenge = HeadlessApp.Challenge, code_challenge_method = "S256" });
        answer.Body.GetProperty("code").GetString().ShouldBe(expected);
    }

    [Fact]
    public async Task A_client_of_somebody_else_cannot_be_made_headless()
    {
        using var world = await SignInWorld.OpenAsync();
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var refused = await admin.PostAsync("api/v1/clients", new StringContent("""{"name":"x","headless":true,"redirect_uris":["https://a.example/cb"]}""", System.Text.Encoding.UTF8, "application/json"));
        (await refused.ReadJsonAsync(HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString().ShouldBe("headless_needs_first_party");
    }

    [Fact]
    public async Task Refuses_what_is_not_a_request()
    {
        using var world = await SignInWorld.OpenAsync();
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        async Task<string?> CodeAsync(object body, string what = "start") => (await app.PostAsync(what, body)).Body.GetProperty("code").GetString();
        (await CodeAsync(new { client_id = app.ClientId, scope = "openid" })).ShouldBe("invalid_request");
        (await CodeAsync(new { client_id = app.ClientId, scope = "openid", code_challenge = HeadlessApp.Challenge, code_challenge_method = "S256", prompt = "none" })).ShouldBe("invalid_request");
        (await CodeAsync(new { client_id = app.ClientId, scope = "openid", code_challenge = HeadlessApp.Challenge, code_challenge_method = "S256", claims = "[" })).ShouldBe("invalid_request");
        (await CodeAsync(new { client_id = app.ClientId, scope = "openid", code_challenge = HeadlessApp.Challenge, code_challenge_method = "S256", prompt = "consent" })).ShouldBe("redirect_to_web");
        (await CodeAsync(new { auth_session = "nonsense" }, "current")).ShouldBe("invalid_session");
        (await CodeAsync(new { auth_session = "int_x.gh_as_y", step = "password" }, "submit")).ShouldBe("invalid_session");
        using var form = await app.Http.PostAsync("flows/v1/start", new FormUrlEncodedContent([]));
        form.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory, BothDatabases]
    public async Task Refuses_steps_that_are_not_open_and_values_they_do_not_have(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        foreach (var step in new[] { "password", "totp", "recovery_code", "enrol_totp", "nothing" })
        {
            var closed = await app.AnswerAsync(step, ("code", world.Code()));
            closed.Status.ShouldBe(HttpStatusCode.Conflict, step);
            closed.Body.GetProperty("code").GetString().ShouldBe("step_not_open");
            HeadlessApp.Open(closed.Body.GetProperty("flow")).ShouldContain("identifier");
        }
        (await app.AnswerAsync("identifier", ("email", SignInWorld.Email), ("password", "x"))).Body.GetProperty("code").GetString().ShouldBe("member_unknown");
        (await app.AnswerAsync("identifier", ("email", new string('a', 300)))).Body.GetProperty("code").GetString().ShouldBe("member_invalid");
        (await app.AnswerAsync("identifier", ("email", "no address"))).Body.GetProperty("code").GetString().ShouldBe("email_invalid");
        (await app.PostAsync("resend", new { auth_session = app.Session, step = "identifier" })).Body.GetProperty("code").GetString().ShouldBe("step_not_open");
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        await app.AnswerAsync("password", ("password", PageBrowser.Password));
        // Half way there is no way around the second step: neither setting up another nor a first factor.
        (await app.AnswerAsync("enrol_totp", ("code", "000000"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await app.AnswerAsync("password", ("password", PageBrowser.Password))).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory, BothDatabases]
    public async Task A_run_is_its_tenants_its_secrets_and_no_browsers(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        var (id, secret) = (app.Session!.Split('.')[0], app.Session.Split('.')[1]);

        // Another tenant.
        var other = await world.Server.NewTenantAsync();
        using var elsewhere = world.Server.Client(other);
        using var foreign = await elsewhere.PostAsync("flows/v1/current", new StringContent($$"""{"auth_session":"{{app.Session}}"}""", System.Text.Encoding.UTF8, "application/json"));
        (await foreign.ReadJsonAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_session");

        // Another run's secret.
        using var second = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await second.StartAsync();
        (await app.PostAsync("current", new { auth_session = $"{second.Session!.Split('.')[0]}.{secret}" })).Status.ShouldBe(HttpStatusCode.BadRequest);

        // The pages take it from no cookie.
        using var browser = world.AnotherBrowser();
        browser.Http.DefaultRequestHeaders.Add("Cookie", $"gh-device={secret}");
        (await browser.GetAsync($"signin?interaction={id}")).ShouldBe(HttpStatusCode.BadRequest, "expired");

        // And a browser's run is none for programs.
        var page = await world.Browser.GetAsync("signin");
        (await app.PostAsync("current", new { auth_session = $"{System.Web.HttpUtility.ParseQueryString(page.Address.Query)["interaction"]}.{secret}" })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_send_one_code_at_once_one_gets_a_code(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database, new { limits = new { failures_per_user = 1000, failures_per_ip = 10000 } });
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        await app.AnswerAsync("password", ("password", PageBrowser.Password));
        var (session, code) = (app.Session, world.Code());
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => app.PostAsync("submit", new { auth_session = session, step = "totp", values = new { code } })));
        answers.Count(a => a.Body.TryGetProperty("authorization_code", out var made) && made.ValueKind == JsonValueKind.String).ShouldBe(1);
        answers.ShouldAllBe(a => (int)a.Status < 500);
    }

    [Fact]
    public async Task A_cancelled_and_an_expired_run_are_over()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        using var app = await HeadlessApp.OpenAsync(server, world.Tenant);
        await app.StartAsync();
        (await app.PostAsync("cancel", new { auth_session = app.Session })).Body.GetProperty("state").GetString().ShouldBe("cancelled");
        (await app.PostAsync("cancel", new { auth_session = app.Session })).Status.ShouldBe(HttpStatusCode.BadRequest);
        await app.StartAsync();
        server.Clock.Advance(TimeSpan.FromHours(2));
        (await app.AnswerAsync("identifier", ("email", SignInWorld.Email))).Body.GetProperty("code").GetString().ShouldBe("invalid_session");
    }

    [Fact]
    public async Task Pages_of_the_clients_origin_may_read_the_answers_and_others_not()
    {
        using var world = await SignInWorld.OpenAsync();
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        async Task<string?> AllowedAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "flows/v1/current") { Content = new StringContent($$"""{"auth_session":"{{app.Session}}"}""", System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("Origin", origin);
            using var response = await app.Http.SendAsync(request);
            return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
        }
        foreach (var path in new[] { "flows/v1/start", "flows/v1/submit", "oauth2/authorize-challenge" })
        {
            // What a browser asks before it sends JSON from another origin.
            using var asked = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, path) { Headers = { { "Origin", "https://app.example.com" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type" } } });
            asked.StatusCode.ShouldBe(HttpStatusCode.NoContent, path);
            asked.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Content-Type");
        }
        (await AllowedAsync("https://app.example.com")).ShouldBe("https://app.example.com");
        (await AllowedAsync("https://evil.example.com")).ShouldBeNull();
    }
}
