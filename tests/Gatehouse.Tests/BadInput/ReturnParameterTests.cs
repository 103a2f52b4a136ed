using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.BadInput;

/// <summary>Whether any page can be made to lead away: every page that is mapped, every name under which a way back is given anywhere, every spelling of an address elsewhere.</summary>
public sealed partial class ReturnParameterTests
{
    private const string Elsewhere = "evil.example";

    private static readonly string[] names =
    [
        "to", "return", "return_to", "return_url", "returnUrl", "ReturnUrl", "next", "continue", "redirect", "redirect_to", "redirect_uri", "redirect_url", "post_logout_redirect_uri", "target", "target_link_uri", "url",
        "back", "goto", "dest", "destination", "success_url", "callback", "RelayState", "wreply", "service", "from", "referrer", "login_uri", "initiate_login_uri", "interaction", "result", "done", "step", "way", "token",
    ];

    private static readonly string[] values =
    [
        $"https://{Elsewhere}/", $"//{Elsewhere}", $"/\\{Elsewhere}", $"\\\\{Elsewhere}", $"/\t/{Elsewhere}", $"https:{Elsewhere}", $"/account/..//{Elsewhere}", $"/account@{Elsewhere}", $"javascript:location='//{Elsewhere}'", $"%2F%2F{Elsewhere}", $"http://localhost@{Elsewhere}/",
    ];

    [Fact]
    public async Task No_page_leads_away()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { registration = new { open = true }, limits = new { sign_ins_per_ip = 1_000_000 } });
        var pages = world.Server.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true && e.RoutePattern.Parameters.Count == 0)
            .Select(e => e.RoutePattern.RawText!.TrimStart('/')).Where(p => !p.StartsWith("api/", StringComparison.Ordinal)).Distinct().ToList();
        pages.ShouldContain("signin");
        pages.ShouldContain("account/confirm");
        pages.Count.ShouldBeGreaterThan(40);
        using var signedIn = world.AnotherBrowser();
        await signedIn.SignInAsync(SignInWorld.Email);
        foreach (var page in pages)
        {
            foreach (var value in values)
            {
                var query = string.Join('&', names.Select(n => $"{n}={Uri.EscapeDataString(value)}"));
                foreach (var browser in new[] { world.Browser, signedIn })
                {
                    using var answer = await browser.Http.GetAsync($"{page}?{query}");
                    await StaysAsync(answer, $"{page} {value}");
                }
            }
        }
    }

    [Fact]
    public async Task No_form_takes_a_way_back_with_it()
    {
        using var world = await SignInWorld.OpenAsync();
        foreach (var value in values)
        {
            using var browser = world.AnotherBrowser();
            (string, string)[] away = [.. names.Where(n => n is not ("interaction" or "step" or "way" or "token")).Select(n => (n, value))];
            using var first = await browser.SendAsync(await browser.GetAsync("signin"), [("email", SignInWorld.Email), .. away]);
            await StaysAsync(first, value);
            using var done = await browser.SendAsync(await browser.GetAsync(new Uri(first.RequestMessage!.RequestUri!, first.Headers.Location!).ToString()), [("password", PageBrowser.Password), .. away]);
            await StaysAsync(done, value);
            using var goodbye = await browser.SendAsync(await browser.GetAsync("signout"), away);
            await StaysAsync(goodbye, value);
        }
    }

    private static async Task StaysAsync(HttpResponseMessage answer, string said)
    {
        ((int)answer.StatusCode).ShouldBeLessThan(500, said);
        var here = answer.RequestMessage!.RequestUri!;
        List<string> targets = [];
        if (answer.Headers.Location is { } location) targets.Add(location.OriginalString);
        if (answer.Headers.TryGetValues("Refresh", out var refresh)) targets.AddRange(refresh.Select(r => r.Split("url=", 2)[^1]));
        if (answer.Content.Headers.ContentType?.MediaType == "text/html")
            targets.AddRange(Target().Matches(await answer.Content.ReadAsStringAsync()).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)));
        foreach (var target in targets) LeadsTo(here, target).ShouldBe(here.Authority, $"{said} leads to {target}");
    }

    /// <summary>As browsers read an address: tabs and line ends are dropped, a backslash is a slash.</summary>
    private static string LeadsTo(Uri here, string target)
    {
        var read = target.Replace("\t", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim();
        var (path, rest) = read.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? (read[..at], read[at..]) : (read, "");
        var uri = new Uri(here, path.Replace('\\', '/') + rest);
        return uri.Scheme is "http" or "https" ? uri.Authority : uri.Scheme is "mailto" or "data" ? here.Authority : uri.Scheme;
    }

    [GeneratedRegex("\\s(?:href|action|formaction|src)=\"([^\"]*)\"")]
    private static partial Regex Target();
}
