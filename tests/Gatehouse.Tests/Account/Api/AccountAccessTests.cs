using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.SignIn;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Account.Api;

/// <summary>Who is let in, by cookie and by token; each test spoils one thing of a call that would be.</summary>
public sealed partial class AccountAccessTests
{
    /// <summary>Every operation there is, for what must hold of all of them. The id names nothing.</summary>
    private static List<(HttpMethod Method, string Path, object? Body)> Operations(TestServer server)
    {
        const string prefix = "/account/v1";
        var all = server.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => (Path: "/" + e.RoutePattern.RawText!.TrimStart('/'), e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods))
            .Where(r => r.Path.StartsWith(prefix + "/", StringComparison.Ordinal) && !r.Path.EndsWith(".json", StringComparison.Ordinal) && !r.Path.Contains("{*", StringComparison.Ordinal))
            .SelectMany(r => (r.HttpMethods ?? []).Select(m => (Method: new HttpMethod(m), Path: Parameter().Replace(r.Path[prefix.Length..], "eml_01h455vb4pex5vsknk084sn02q"))))
            .Where(o => o.Method != HttpMethod.Options && o.Method != HttpMethod.Head).Distinct().ToList();
        all.Count.ShouldBeGreaterThanOrEqualTo(39);
        return [.. all.Select(o => (o.Method, o.Path, o.Method == HttpMethod.Get || o.Method == HttpMethod.Delete ? null : (object?)new { }))];
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [Fact]
    public async Task Lets_nobody_in_without_a_session_or_a_token_of_this_tenant_for_this_api()
    {
        using var world = await SignInWorld.OpenAsync();
        using var other = await world.Server.AdminAsync();
        using var http = world.Server.Client(world.Tenant);
        foreach (var (method, path, body) in Operations(world.Server))
        {
            using var nobody = await world.CallAsync(method, path, body);
            await nobody.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "sign_in_required");
            using var again = await world.CallAsync(method, path, body);
            (await again.ReadJsonAsync(HttpStatusCode.Unauthorized)).GetProperty("sign_in_url").GetString().ShouldBe(world.Tenant.Url + "/account/confirm", $"{method} {path}");

            using var management = await http.CallAsync(method, path, other.DefaultRequestHeaders.Authorization!.Parameter, body);
            await management.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
            management.Challenge().ShouldContain("invalid_token", customMessage: $"{method} {path}");
        }
    }

    [Fact]
    public async Task Lets_no_other_site_use_the_cookie_and_no_reading_token_change_anything()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var token = await world.TokenAsync(AccountScopes.Read, consent: false);
        using var http = world.Server.Client(world.Tenant);
        foreach (var (method, path, body) in Operations(world.Server))
        {
            foreach (var site in (string[])["cross-site", "same-site"])
            {
                using var foreign = await world.CallAsync(method, path, body, ("Sec-Fetch-Site", site));
                await foreign.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "cross_origin");
            }
            using var origin = await world.CallAsync(method, path, body, ("Origin", "https://evil.example"), ("Sec-Fetch-Site", null));
            await origin.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "cross_origin");
            if (method == HttpMethod.Get) continue;
            using var bare = await world.CallAsync(method, path, body, ("X-Gatehouse-Csrf", null));
            await bare.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "csrf_header_missing");
            using var silent = await world.CallAsync(method, path, body, ("Sec-Fetch-Site", null));
            await silent.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "csrf_header_missing");

            using var reading = await http.CallAsync(method, path, token, body);
            await reading.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        }
    }

    [Theory, BothDatabases]
    public async Task Lets_a_token_for_this_api_in_and_no_other(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var http = world.Server.Client(world.Tenant);
        var token = await world.TokenAsync($"openid {AccountScopes.Read} {AccountScopes.Write}");
        var profile = await (await http.CallAsync(HttpMethod.Get, "/profile", token)).ReadJsonAsync(HttpStatusCode.OK);
        profile.GetProperty("id").GetString().ShouldBe(world.UserId);
        await (await http.CallAsync(HttpMethod.Patch, "/profile", token, new { display_name = "Ann B." })).ReadJsonAsync(HttpStatusCode.OK);

        // UserInfo's token, the management API's, a changed one; and a good one does not borrow the cookie's freshness or the other way round.
        var identity = await world.TokenAsync("openid profile", resource: null);
        await (await http.CallAsync(HttpMethod.Get, "/profile", identity)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        await (await http.CallAsync(HttpMethod.Get, "/profile", token[..^3] + "AAA")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        using var both = await world.CallAsync(HttpMethod.Get, "/profile", null, ("Authorization", "Bearer " + identity));
        await both.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        using var basic = await world.CallAsync(HttpMethod.Get, "/profile", null, ("Authorization", "Basic eDp5"));
        await basic.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
        using var users = new HttpRequestMessage(HttpMethod.Get, "api/v1/users");
        users.Headers.Authorization = new("Bearer", token);
        await (await http.SendAsync(users)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");

        // Another tenant's is nothing here.
        using var elsewhere = await SignInWorld.OpenAsync(world.Server);
        using var there = elsewhere.Server.Client(elsewhere.Tenant);
        await (await there.CallAsync(HttpMethod.Get, "/profile", token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");

        // With the session the token ends.
        await world.Browser.SignOutAsync();
        await (await http.CallAsync(HttpMethod.Get, "/profile", token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Fact]
    public async Task Asks_before_a_first_party_application_may_change_an_account()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        await Assert.ThrowsAnyAsync<Exception>(() => world.TokenAsync(AccountScopes.Write, consent: false));
        await world.TokenAsync(AccountScopes.Read, consent: false);
        await world.TokenAsync(AccountScopes.Write);
        (await world.MailsAsync()).ShouldBe(["application_allowed"]);
    }

    [Theory]
    [InlineData("POST", "/emails"), InlineData("POST", "/emails/eml_01h455vb4pex5vsknk084sn02q/primary"), InlineData("DELETE", "/emails/eml_01h455vb4pex5vsknk084sn02q")]
    [InlineData("DELETE", "/passkeys/pky_01h455vb4pex5vsknk084sn02q"), InlineData("DELETE", "/two-step"), InlineData("POST", "/two-step/recovery-codes")]
    [InlineData("POST", "/password"), InlineData("GET", "/data"), InlineData("DELETE", "/profile")]
    public async Task Wants_a_fresh_proof_for_what_a_stolen_session_must_not_do(string method, string path)      // RFC 9470 §3
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server, new { account = new { deletion = true } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        var token = await world.TokenAsync($"{AccountScopes.Read} {AccountScopes.Write}");
        using var http = server.Client(world.Tenant);
        var body = method is "GET" or "DELETE" ? null : new { };
        server.Clock.Advance(TimeSpan.FromMinutes(5.5));

        using var stale = await http.CallAsync(new HttpMethod(method), path, token, body);
        await stale.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        stale.Challenge().ShouldContain("error=\"insufficient_user_authentication\"");
        stale.Challenge().ShouldContain("max_age=\"300\"");
        using var cookie = await world.CallAsync(new HttpMethod(method), path, body);
        var problem = await cookie.ReadJsonAsync(HttpStatusCode.Unauthorized);
        problem.GetProperty("code").GetString().ShouldBe("fresh_proof_required");
        problem.GetProperty("sign_in_url").GetString().ShouldBe(world.Tenant.Url + "/account/confirm");

        // The way through: she proves it once more, and the same call goes on. The token stays as old as it is.
        var step = await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/confirm?to=/account/emails"), [("email", SignInWorld.Email)]);
        (await world.Browser.SubmitAsync(step, [("password", Pages.PageBrowser.Password)])).Address.AbsolutePath.ShouldEndWith("/account/emails");
        using var fresh = await world.CallAsync(new HttpMethod(method), path, body);
        fresh.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized);
        if (path == "/profile") return;
        using var old = await http.CallAsync(new HttpMethod(method), path, token, body);
        await old.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
    }

    [Fact]
    public async Task Lets_no_third_party_take_an_account_over_while_the_sign_in_is_fresh()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var token = await world.TokenAsync($"{AccountScopes.Read} {AccountScopes.Write}", firstParty: false);
        using var http = world.Server.Client(world.Tenant);
        await (await http.CallAsync(HttpMethod.Patch, "/profile", token, new { given_name = "A" })).ReadJsonAsync(HttpStatusCode.OK);
        foreach (var (method, path) in (IEnumerable<(HttpMethod, string)>)[(HttpMethod.Post, "/emails"), (HttpMethod.Post, "/password"), (HttpMethod.Get, "/data"), (HttpMethod.Delete, "/profile"), (HttpMethod.Delete, "/two-step")])
        {
            using var refused = await http.CallAsync(method, path, token, method == HttpMethod.Post ? new { } : null);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "first_party_required");
        }
    }

    [Fact]
    public async Task Wants_both_steps_from_who_has_two()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var token = await world.TokenAsync($"{AccountScopes.Read} {AccountScopes.Write}");
        using var http = world.Server.Client(world.Tenant);
        (await http.CallAsync(HttpMethod.Get, "/data", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await world.Browser.GetAsync("account/two-step/app");
        await world.Browser.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), world.Server))], "two-step/app");

        using var half = await http.CallAsync(HttpMethod.Get, "/data", token);
        await half.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        half.Challenge().ShouldContain("acr_values=\"urn:gatehouse:acr:2fa\"");
        (await world.CallAsync(HttpMethod.Get, "/data")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData("https://evil.example"), InlineData("//evil.example"), InlineData("/account/../signin"), InlineData("/accounts"), InlineData("/account?x=1"), InlineData("/signout")]
    public async Task Goes_on_only_to_pages_of_the_account(string to)
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.GetAsync("account/confirm?to=" + Uri.EscapeDataString(to))).Address.ToString().ShouldBe(world.Tenant.Url + "/account");
    }
}
