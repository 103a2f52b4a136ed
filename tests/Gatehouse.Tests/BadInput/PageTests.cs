using System.Net;
using System.Text;
using Gatehouse.Testing;
using Gatehouse.Tests.Peers;

namespace Gatehouse.Tests.BadInput;

/// <summary>Cookies, links and interactions that are broken, forged, used or somebody else's.</summary>
public sealed class PageTests
{
    [Theory, BothDatabases]
    public async Task Takes_a_broken_cookie_for_none(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        var names = await CookieNamesAsync(attacked);
        names.Length.ShouldBeGreaterThanOrEqualTo(3, string.Join(", ", names));
        string[] values = ["", "x", "%ff", "\xff\xfe", "a;b", "\"", "=", "a,b", new string('A', 43), new string('A', 8000), "gh_ss_" + new string('A', 43), "%00", "../../etc/passwd"];
        foreach (var name in names)
        {
            foreach (var value in values)
            {
                foreach (var path in (string[])["/signin", "/account", "/signout", attacked.Authorize()])
                {
                    var answer = await attacked.GetAsync(path, "Accept: text/html", $"Cookie: {name}={value}");
                    answer.Status.ShouldBeOneOf([200, 303, 400], $"{path} with {name}={value}");
                    if (answer["Location"] is { } location) new Uri(new Uri(attacked.World.Tenant.Url), location).AbsoluteUri.ShouldStartWith(attacked.World.Tenant.Url);
                }
            }
        }
        (await attacked.GetAsync("/account", "Accept: text/html", string.Join("\r\n", Enumerable.Range(0, 40).Select(i => $"Cookie: {names[i % names.Length]}=x{i}")))).Status.ShouldBeOneOf(200, 303, 400);
    }

    [Theory, BothDatabases]
    public async Task Says_that_a_link_is_not_good_any_more(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        foreach (var path in (string[])["/signin/reset", "/signup/verify"])
        {
            foreach (var token in (string[])["", "x", new string('A', 43), "gh_ol_" + new string('A', 43), new string('A', 8000), "%E2%80%8B"])
                (await attacked.GetAsync($"{path}?token={token}", "Accept: text/html")).ShouldBePage(400);
            (await attacked.GetAsync(path, "Accept: text/html")).ShouldBePage(400);
        }
    }

    [Theory, BothDatabases]
    public async Task Does_not_go_on_with_an_interaction_that_is_not_the_browsers_own(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        using var mine = attacked.Server.Browser(attacked.World.Tenant);
        var page = await new FormBrowser(mine).WalkAsync(new Uri(attacked.World.Tenant.Url + attacked.Authorize()));
        var interaction = InteractionOf(page.Url);

        string[] forged = [interaction, interaction[..^1], interaction + "x", interaction.ToUpperInvariant(), "int_00000000000000000000000000", "x", "", new string('x', 4000), "' OR 1=1 --", "../account"];
        foreach (var id in forged)
        {
            foreach (var path in (string[])["/signin", "/signin/password", "/consent", "/oauth2/authorize/continue", "/signup", "/signin/forgot"])
            {
                // Another browser: no cookies at all.
                var answer = await attacked.GetAsync($"{path}?interaction={Uri.EscapeDataString(id)}", "Accept: text/html");
                answer.Status.ShouldBeOneOf([200, 303, 400, 403, 404, 410], $"{path} {id}");
                // It may start over here, but never ends at the application.
                $"{answer["Location"]}{answer["Refresh"]}".ShouldNotContain("shop.example", customMessage: $"{path} {id}");
            }
        }

        // Another tenant's: it does not exist there.
        var other = await PeerWorld.CreateAsync(attacked.Server);
        var elsewhere = await new FormBrowser(mine).GoAsync(new Uri($"{other.Tenant.Url}/oauth2/authorize/continue?interaction={interaction}"));
        ((int)elsewhere.Status).ShouldBeOneOf(400, 404, 410);

        // And the browser that owns it still finishes.
        var callback = await new FormBrowser(mine).SignInAsync(page.Url, attacked.World.Email, PeerWorld.Password);
        callback.GetLeftPart(UriPartial.Path).ShouldBe(Attacked.Callback);

        // Once: the finished interaction gives no second code.
        var again = await new FormBrowser(mine).GoAsync(new Uri($"{attacked.World.Tenant.Url}/oauth2/authorize/continue?interaction={interaction}"));
        $"{again.Location}".ShouldNotContain("code=");
    }

    [Theory, BothDatabases]
    public async Task Does_not_continue_an_interaction_that_nobody_fulfilled(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        using var mine = attacked.Server.Browser(attacked.World.Tenant);
        var page = await new FormBrowser(mine).WalkAsync(new Uri(attacked.World.Tenant.Url + attacked.Authorize()));
        foreach (var path in (string[])["/oauth2/authorize/continue", "/consent", "/signin/password"])
        {
            var answer = await new FormBrowser(mine).GoAsync(new Uri($"{attacked.World.Tenant.Url}{path}?interaction={InteractionOf(page.Url)}"));
            ((int)answer.Status).ShouldBeLessThan(500);
            $"{answer.Location}".ShouldNotContain("shop.example", customMessage: path);
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_forms_that_no_page_of_ours_gave_out(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        var origin = new Uri(attacked.Server.Url).GetLeftPart(UriPartial.Authority);
        using var mine = attacked.Server.Browser(attacked.World.Tenant);
        var page = await new FormBrowser(mine).WalkAsync(new Uri(attacked.World.Tenant.Url + "/signin"));
        var form = page.Forms.First(f => f.Method == "post");
        var good = form.Fields();
        good["email"] = attacked.World.Email;
        good.ShouldContainKey("csrf");

        (string What, Action<Dictionary<string, string>> Spoil, (string Name, string Value)[] Headers)[] attacks =
        [
            ("no token", f => f.Remove("csrf"), []),
            ("an empty token", f => f["csrf"] = "", []),
            ("a spoiled token", f => f["csrf"] = f["csrf"][..^2] + (f["csrf"][^2] == 'A' ? "BB" : "AA"), []),
            ("from another site", _ => { }, [("Sec-Fetch-Site", "cross-site")]),
            ("from another origin", _ => { }, [("Origin", "https://evil.example")]),
            ("from nowhere", _ => { }, [("Origin", "null")]),
        ];
        foreach (var (what, spoil, headers) in attacks)
        {
            var fields = new Dictionary<string, string>(good);
            spoil(fields);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Url, form.Action)) { Content = new FormUrlEncodedContent(fields) };
            request.Headers.Add("Accept", "text/html");
            if (!headers.Any(h => h.Name == "Origin")) request.Headers.Add("Origin", origin);
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            using var answer = await mine.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, what);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("<h1");
        }

        foreach (var (name, value) in ((string, string)[])[("email", "second@example.com"), ("csrf", good["csrf"])])
        {
            using var doubled = new FormUrlEncodedContent([.. good, new(name, value)]);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Url, form.Action)) { Content = doubled };
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Accept", "text/html");
            using var answer = await mine.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, name);
        }
        // The same form unspoiled goes through.
        (await new FormBrowser(mine).SubmitAsync(page, form, ("email", attacked.World.Email))).Html.ShouldContain("type=\"password\"");
    }

    [Theory, BothDatabases]
    public async Task Asks_again_for_what_makes_no_sense(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        using var mine = attacked.Server.Browser(attacked.World.Tenant);
        foreach (var email in (string[])["", " ", "x", "@", "a@", "@b", "a@b@c", new string('a', 500) + "@example.com", "a\r\nBcc: b@example.com", "<script>@example.com", "a@\u202eexample.com", "a@exa mple.com", "\ud83d\ude00@example.com"])
        {
            var page = await new FormBrowser(mine).WalkAsync(new Uri(attacked.World.Tenant.Url + "/signin"));
            var answer = await new FormBrowser(mine).SubmitAsync(page, page.Forms.First(f => f.Inputs.Any(i => i.Name == "email")), ("email", email));
            ((int)answer.Status).ShouldBeOneOf([200, 400, 422], email);
            answer.Html.ShouldContain("<form");
            answer.Html.ShouldNotContain("<script>@");
        }
        var start = await new FormBrowser(mine).WalkAsync(new Uri(attacked.World.Tenant.Url + "/signin"));
        var ask = await new FormBrowser(mine).AnswerAsync(start, attacked.World.Email, "");
        foreach (var password in (string[])["", "wrong", new string('p', 2000), "\ud83d\ude00", "\u0000", "a\u0301"])
        {
            var answer = await new FormBrowser(mine).SubmitAsync(ask, ask.Forms.First(f => f.Inputs.Any(i => i.Type == "password")), ("password", password));
            ((int)answer.Status).ShouldBeOneOf([400, 401, 422, 429], password);
            answer.Location.ShouldBeNull();
        }
        Encoding.UTF8.GetByteCount(ask.Html).ShouldBeLessThan(64 * 1024);
    }

    private static string InteractionOf(Uri url) => System.Web.HttpUtility.ParseQueryString(url.Query)["interaction"].ShouldNotBeNull();

    /// <summary>The cookies that a whole sign-in leaves behind.</summary>
    private static async Task<string[]> CookieNamesAsync(Attacked attacked)
    {
        List<string> names = [];
        using var client = attacked.Server.Browser(attacked.World.Tenant);
        using var spy = new HttpClient(new CookieSpy(names, attacked.Server.Browser(attacked.World.Tenant))) { BaseAddress = client.BaseAddress };
        await new FormBrowser(spy).SignInAsync(new Uri(attacked.World.Tenant.Url + attacked.Authorize()), attacked.World.Email, PeerWorld.Password);
        return [.. names.Distinct()];
    }

    private sealed class CookieSpy(List<string> names, HttpClient inner) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
            foreach (var (name, values) in request.Headers) copy.Headers.TryAddWithoutValidation(name, values);
            var response = await inner.SendAsync(copy, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies)) names.AddRange(cookies.Select(c => c[..c.IndexOf('=')]));
            return response;
        }
    }
}
