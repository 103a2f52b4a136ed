using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.BadInput;

/// <summary>Nothing that a request says sends a person to an address that nobody registered: RFC 6749 §4.1.2.1, RFC 9700 §4.1.</summary>
public sealed class RedirectTests
{
    [Theory, BothDatabases]
    public async Task Shows_a_page_for_a_redirect_uri_that_differs_by_anything(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        (await attacked.GetAsync(attacked.Authorize())).Status.ShouldBe(303);
        string[] others =
        [
            "https://shop.example/callback/", "https://shop.example/Callback", "https://shop.example/callback?x=1", "https://shop.example/callback#f", "https://shop.example/callback/../evil",
            "https://shop.example/callback%2f", "https://shop.example:443/callback", "http://shop.example/callback", "HTTPS://shop.example/callback", "https://SHOP.example/callback",
            "https://shop.example.evil.example/callback", "https://shop.example@evil.example/callback", "https://evil.example/?https://shop.example/callback", "//shop.example/callback",
            "/callback", "callback", "javascript:alert(1)//https://shop.example/callback", "data:text/html,x", "https://shop.example\\callback", " https://shop.example/callback",
            "https://shop.example/callback ", "https://shop.example/callback\n", "https://shop.example/callback\0", "https://127.0.0.1/callback", "https://shop.example/callback\u200b", "",
        ];
        foreach (var other in others)
        {
            var answer = await attacked.GetAsync(attacked.Authorize(("redirect_uri", other)), "Accept: text/html");
            answer.ShouldBePage(400);
            // The page's own links to its other languages repeat the query; none of them leads away.
            answer.Body.ShouldNotContain("=\"https://");
            answer.Body.ShouldNotContain("=\"//");
        }
        (await attacked.GetAsync(attacked.Authorize(("redirect_uri", null)), "Accept: text/html")).ShouldBePage(400);
    }

    [Theory, BothDatabases]
    public async Task Shows_a_page_for_a_client_that_is_unknown_or_named_twice(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        foreach (var other in (string[])["", "nobody", "cli_00000000000000000000000000", attacked.ClientId.ToUpperInvariant(), attacked.ClientId + "x", attacked.ClientId[..^1], attacked.Server.AutomationId, new string('x', 8000)])
            (await attacked.GetAsync(attacked.Authorize(("client_id", other)), "Accept: text/html")).ShouldBePage(400);
        (await attacked.GetAsync($"{attacked.Authorize()}&client_id={attacked.ClientId}", "Accept: text/html")).ShouldBePage(400);
        (await attacked.GetAsync($"{attacked.Authorize()}&redirect_uri={Uri.EscapeDataString(Attacked.Callback)}", "Accept: text/html")).ShouldBePage(400);
        (await attacked.GetAsync($"{attacked.Authorize()}&redirect_uri={Uri.EscapeDataString("https://evil.example/")}", "Accept: text/html")).ShouldBePage(400);
    }

    [Theory, BothDatabases]
    public async Task Tells_the_application_what_is_wrong_at_its_own_address(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        (string Change, string? Value, string Error)[] wrong =
        [
            ("response_type", null, "invalid_request"), ("response_type", "token", "unsupported_response_type"), ("response_type", "code id_token", "unsupported_response_type"),
            ("response_mode", "smoke", "invalid_request"), ("scope", "nothing-we-know", "invalid_scope"), ("scope", "\"", "invalid_scope"), ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"), ("code_challenge", null, "invalid_request"), ("prompt", "none login", "invalid_request"), ("prompt", "dance", "invalid_request"),
            ("max_age", "-1", "invalid_request"), ("max_age", "99999999999999", "invalid_request"), ("id_token_hint", "a.b.c", "invalid_request"), ("resource", "not a uri", "invalid_target"),
            ("resource", "https://nobody.example/", "invalid_target"), ("request", "x", "request_not_supported"), ("request_uri", "https://evil.example/", "request_uri_not_supported"),
        ];
        foreach (var (change, value, error) in wrong)
        {
            var answer = await attacked.GetAsync(attacked.Authorize((change, value)));
            answer.Status.ShouldBe(303, $"{change}={value}: {answer.Body}");
            var location = answer["Location"].ShouldNotBeNull();
            location.ShouldStartWith(Attacked.Callback + "?");
            location.ShouldContain($"error={error}&", customMessage: $"{change}={value}");
            location.ShouldContain("state=s");
            location.ShouldContain("iss=" + Uri.EscapeDataString(attacked.World.Tenant.Url));
        }
        var twice = await attacked.GetAsync(attacked.Authorize() + "&scope=email");
        twice["Location"].ShouldNotBeNull().ShouldStartWith(Attacked.Callback + "?error=invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Sends_nobody_anywhere_after_sign_out_but_to_a_registered_address(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        foreach (var other in (string[])["https://evil.example/", Attacked.Home + "x", "//evil.example", "javascript:alert(1)", "https://shop.example", ""])
        {
            var answer = await attacked.GetAsync($"/oauth2/logout?client_id={attacked.ClientId}&post_logout_redirect_uri={Uri.EscapeDataString(other)}", "Accept: text/html");
            answer.Status.ShouldBeOneOf(200, 400);
            answer.ShouldBePage(answer.Status);
        }
        // Registered, but nobody says for whom.
        (await attacked.GetAsync($"/oauth2/logout?post_logout_redirect_uri={Uri.EscapeDataString(Attacked.Home)}", "Accept: text/html")).ShouldBePage(200);
        foreach (var hint in (string[])["x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
            (await attacked.GetAsync($"/oauth2/logout?id_token_hint={hint}&post_logout_redirect_uri={Uri.EscapeDataString(Attacked.Home)}", "Accept: text/html")).ShouldBePage(400);
    }

    [Theory, BothDatabases]
    public async Task Leaves_the_server_for_nobody_during_sign_in(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        // Parameters that other products follow.
        foreach (var name in (string[])["return_to", "returnUrl", "redirect", "next", "continue", "url", "return_path"])
        {
            foreach (var path in (string[])["/signin", "/signin/password", "/signout", "/account", "/consent", "/oauth2/authorize/continue"])
            {
                var answer = await attacked.GetAsync($"{path}?{name}={Uri.EscapeDataString("https://evil.example/")}", "Accept: text/html");
                answer.Status.ShouldBeLessThan(500);
                $"{answer["Location"]} {answer["Refresh"]}".ShouldNotContain("evil.example");
            }
        }
        // An absolute request target and a forwarded host that nobody trusts change no link of ours.
        var forged = await RawHttp.SendAsync(new Uri(attacked.Server.Url), $"GET {attacked.Target(attacked.Authorize())} HTTP/1.1\r\nHost: {new Uri(attacked.Server.Url).Authority}\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nForwarded: host=evil.example");
        forged["Location"].ShouldNotBeNull().ShouldStartWith(attacked.World.Tenant.Url);
        Encoding.UTF8.GetByteCount(forged.Body).ShouldBeLessThan(4096);
    }
}
