using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Pages;

/// <summary>One valid form, spoiled in one way per test; then whatever else may arrive instead of a form.</summary>
public sealed class AntiforgeryTests
{
    private static readonly (string, string)[] Valid = [("email", "ann@example.com")];

    [Theory, BothDatabases]
    public async Task Accepts_a_form_of_its_own_page(TestDatabase database)
    {
        using var browser = await OpenAsync(database);
        using var answer = await browser.SendAsync(await browser.GetAsync("signin"), Valid);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Refuses_a_form_without_a_token()
    {
        using var browser = await OpenAsync();
        var page = await browser.GetAsync("signin");
        await ShouldRefuseAsync(await browser.SendAsync(page, [.. Valid, ("csrf", "")]));
    }

    [Fact]
    public async Task Refuses_another_browser_s_token()
    {
        using var browser = await OpenAsync();
        using var other = PageBrowser.Open(browser.Server, browser.Tenant);
        var theirs = (await other.GetAsync("signin")).Form().Hidden["csrf"];
        await ShouldRefuseAsync(await browser.SendAsync(await browser.GetAsync("signin"), [.. Valid, ("csrf", theirs)]));
    }

    /// <summary>The cookie may be planted from a sibling domain; the token is signed with a key of the tenant.</summary>
    [Fact]
    public async Task Refuses_another_tenant_s_token_for_the_same_cookie_value()
    {
        using var browser = await OpenAsync();
        var evil = await browser.Server.NewTenantAsync(new { registration = new { open = true } });
        using var theirs = PageBrowser.Open(browser.Server, evil);
        var page = await browser.GetAsync("signin");
        await theirs.GetAsync("signin");
        var (ownName, otherName) = (await CookieNameAsync(browser), await CookieNameAsync(theirs));

        // One value for both tenants' cookies; each tenant signs it with its own key.
        const string value = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        using var client = browser.Server.Client();
        using var get = new HttpRequestMessage(HttpMethod.Get, evil.Url + "/signup") { Headers = { { "Cookie", $"{otherName}={value}" } } };
        using var shown = await client.SendAsync(get);
        var token = System.Text.RegularExpressions.Regex.Match(await shown.Content.ReadAsStringAsync(), "name=\"csrf\" value=\"([^\"]+)\"").Groups[1].Value;
        token.Length.ShouldBe(43);
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Address, page.Form().Action)) { Headers = { { "Cookie", $"{ownName}={value}" } } };
        post.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = "ann@example.com", ["csrf"] = token });
        await ShouldRefuseAsync(await client.SendAsync(post));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Refuses_what_the_browser_says_came_from_elsewhere(string header, string value)
    {
        using var browser = await OpenAsync();
        var page = await browser.GetAsync("signin");
        browser.Http.DefaultRequestHeaders.Add(header, value);
        await ShouldRefuseAsync(await browser.SendAsync(page, Valid));
    }

    [Fact]
    public async Task Accepts_what_the_browser_says_is_ours()
    {
        using var browser = await OpenAsync();
        var page = await browser.GetAsync("signin");
        browser.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        browser.Http.DefaultRequestHeaders.Add("Origin", new Uri(browser.Tenant.Url).GetLeftPart(UriPartial.Authority));
        using var answer = await browser.SendAsync(page, Valid);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("application/json", "{\"email\":\"ann@example.com\"}", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415)]
    [InlineData("application/x-www-form-urlencoded", "email=a%40b.example&email=c%40d.example", 400)]
    [InlineData("application/x-www-form-urlencoded", "email=%ff%fe", 400)]
    [InlineData("application/x-www-form-urlencoded", "email=a%00b", 400)]
    [InlineData("application/x-www-form-urlencoded", "email=%zz", 400)]
    public async Task Refuses_what_is_not_a_clean_form(string contentType, string body, int status)
    {
        using var browser = await OpenAsync();
        var page = await browser.GetAsync("signin");
        if (contentType.EndsWith("urlencoded", StringComparison.Ordinal)) body += "&csrf=" + page.Form().Hidden["csrf"];
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        await ShouldRefuseAsync(await browser.Http.PostAsync(new Uri(page.Address, page.Form().Action), content), status);
    }

    [Fact]
    public async Task Refuses_a_form_that_is_too_large()
    {
        using var browser = await OpenAsync();
        var page = await browser.GetAsync("signin");
        using var answer = await browser.SendAsync(page, [("email", new string('a', 70_000))]);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Replaces_a_broken_cookie()
    {
        using var browser = await OpenAsync();
        using var client = browser.Server.Client(browser.Tenant);
        using var request = new HttpRequestMessage(HttpMethod.Get, "signup") { Headers = { { "Cookie", $"{await CookieNameAsync(browser)}=nonsense" } } };
        using var response = await client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Set-Cookie").ShouldContain(c => c.Contains("csrf", StringComparison.Ordinal));
    }

    private static async Task<PageBrowser> OpenAsync(TestDatabase database = TestDatabase.Sqlite)
    {
        var server = await Servers.SharedAsync(database);
        return PageBrowser.Open(server, await server.NewTenantAsync(new { registration = new { open = true } }));
    }

    private static async Task<string> CookieNameAsync(PageBrowser browser)
    {
        using var fresh = browser.Server.Client(browser.Tenant);
        using var response = await fresh.GetAsync("signup");
        return response.Headers.GetValues("Set-Cookie").First(c => c.Contains("csrf", StringComparison.Ordinal)).Split('=')[0];
    }

    /// <summary>A friendly page, nothing done, and no step further.</summary>
    private static async Task ShouldRefuseAsync(HttpResponseMessage answer, int status = 400)
    {
        var html = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, html);
        html.ShouldContain("<h1>This form ");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self'");
        answer.Dispose();
    }
}
