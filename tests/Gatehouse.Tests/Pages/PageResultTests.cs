using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Pages;

public sealed class PageResultTests
{
    [Fact]
    public async Task Sends_the_policy_and_keeps_nothing()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var browser = PageBrowser.Open(server, await server.NewTenantAsync());
        var page = await browser.GetAsync("signin");
        page.Headers["Content-Security-Policy"].ShouldBe(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        page.Headers["Cache-Control"].ShouldBe("no-store");
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
        page.Headers["Referrer-Policy"].ShouldBe("same-origin");
        page.Html.ShouldNotContain("style=\"");
        page.Html.ShouldNotContain("<style");
        page.Html.ShouldNotContain("onclick");
        System.Text.RegularExpressions.Regex.Matches(page.Html, "<script(?![^>]* src=)").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", "ltr", "Sign in")]
    [InlineData("fa", "rtl", "ورود")]
    public async Task Speaks_the_language_that_was_chosen_and_remembers_it(string lang, string dir, string title)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var browser = PageBrowser.Open(server, await server.NewTenantAsync());
        var start = await browser.GetAsync("signin");
        var chosen = await browser.GetAsync($"{start.Address}&lang={lang}");
        var later = await browser.GetAsync(start.Address.ToString());
        foreach (var page in new[] { chosen, later })
        {
            page.Html.ShouldStartWith("<!DOCTYPE html>");
            page.Html.ShouldContain($"<html lang=\"{lang}\" dir=\"{dir}\">");
            page.Title.ShouldStartWith(title + " · ");
        }
        chosen.Html.ShouldNotContain($"lang={lang}&amp;lang=");
    }

    [Fact]
    public async Task Encodes_whatever_it_is_given()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var browser = PageBrowser.Open(server, await server.NewTenantAsync());
        var start = await browser.GetAsync("signin");
        var page = await browser.SubmitAsync(start, [("email", "\"><script>alert(1)</script>")]);
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.Html.ShouldNotContain("<script>alert");
        page.Html.ShouldContain("&lt;script&gt;alert(1)");
        var query = await browser.GetAsync($"{start.Address}&x=\"><script>alert(1)</script>");
        query.Html.ShouldNotContain("<script>alert");
    }
}
