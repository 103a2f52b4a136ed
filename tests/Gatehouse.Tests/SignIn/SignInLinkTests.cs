using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed partial class SignInLinkTests
{
    private const string Here = "You asked for this link in this browser", Elsewhere = "Type this code there";

    [Theory, BothDatabases]
    public async Task Signs_in_after_a_button_in_the_browser_that_asked(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, EmailCodeStepTests.Offered);
        var asked = await EmailCodeStepTests.AskAsync(world.Browser);
        var (code, link) = await EmailCodeStepTests.MailAsync(world);
        var page = await world.Browser.GetAsync(link);
        page.ShouldBe(HttpStatusCode.OK, Here);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse("looking is not signing in");
        (await world.Browser.SubmitAsync(page, [], "/signin/link")).ShouldBe(HttpStatusCode.OK, "Your account");
        await world.Browser.SignOutAsync();
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest, "once");
        using (var replay = await world.Browser.SendAsync(page, [], "/signin/link")) replay.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await world.Browser.SubmitAsync(asked, [("code", code)], "/signin/email")).Text.ShouldNotContain("Your account");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse("code and link are one proof");
    }

    [Theory, BothDatabases]
    public async Task Shows_the_code_to_type_when_opened_elsewhere(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, EmailCodeStepTests.Offered);
        var asked = await EmailCodeStepTests.AskAsync(world.Browser);
        var (code, link) = await EmailCodeStepTests.MailAsync(world);
        using var phone = world.AnotherBrowser();
        await phone.GetAsync("signin");                  // with a device cookie of its own
        var page = (await phone.GetAsync(link)).ShouldBe(HttpStatusCode.OK, Elsewhere);
        page.Html.ShouldNotContain("<form method=\"post\"");
        BigCode().Match(page.Html).Groups[1].Value.ShouldBe(code);
        // Nor by sending what the right browser would send.
        var own = await world.Browser.GetAsync(link);
        using (var forged = await phone.Http.PostAsync(new Uri(own.Address, own.Form("/signin/link").Action), new FormUrlEncodedContent(own.Form("/signin/link").Hidden)))
            forged.StatusCode.ShouldNotBe(HttpStatusCode.OK);
        var start = await phone.SubmitAsync(await phone.GetAsync("signin"), [("email", SignInWorld.Email)]);
        using (var mixed = await phone.Http.PostAsync(new Uri(own.Address, $"link?token={Token().Match(link).Value}&interaction={Run().Match(start.Address.Query).Value}"), new FormUrlEncodedContent(start.Form("/signin/password").Hidden)))
            mixed.StatusCode.ShouldBe(HttpStatusCode.BadRequest, "another run's link in a run of one's own");
        (await phone.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(asked, [("code", code)], "/signin/email")).ShouldBe(HttpStatusCode.OK, "Your account");
        (await phone.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, BothDatabases]
    public async Task Is_not_spent_by_what_scans_mail(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, EmailCodeStepTests.Offered);
        await EmailCodeStepTests.AskAsync(world.Browser);
        var (_, link) = await EmailCodeStepTests.MailAsync(world);
        using var scanner = world.Server.Client(world.Tenant);
        foreach (var (header, value) in new[] { ("User-Agent", "SafeLinks"), ("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "prefetch"), ("Accept", "*/*") })
        {
            using var get = new HttpRequestMessage(HttpMethod.Get, link);
            get.Headers.TryAddWithoutValidation(header, value);
            using (var seen = await scanner.SendAsync(get)) seen.StatusCode.ShouldBe(HttpStatusCode.OK);
            // The browser that asked may prefetch it too.
            using var prefetch = new HttpRequestMessage(HttpMethod.Get, link);
            prefetch.Headers.TryAddWithoutValidation(header, value);
            using (var own = await world.Browser.Http.SendAsync(prefetch)) own.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }
        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Options, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, link);
            using var answer = await scanner.SendAsync(request);
            ((int)answer.StatusCode).ShouldNotBe(303);
        }
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(await world.Browser.GetAsync(link), [], "/signin/link")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_press_the_button_at_once_one_gets_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, EmailCodeStepTests.Offered);
        await EmailCodeStepTests.AskAsync(world.Browser);
        var page = await world.Browser.GetAsync((await EmailCodeStepTests.MailAsync(world)).Link);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.Browser.SendAsync(page, [], "/signin/link")));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
    }

    [Fact]
    public async Task Is_nothing_invented_nor_another_tenants()
    {
        using var world = await SignInWorld.OpenAsync(TestDatabase.Sqlite, EmailCodeStepTests.Offered);
        await EmailCodeStepTests.AskAsync(world.Browser);
        var (_, link) = await EmailCodeStepTests.MailAsync(world);
        using var other = await SignInWorld.OpenAsync(TestDatabase.Sqlite, EmailCodeStepTests.Offered);
        foreach (var path in new[] { $"signin/link?token={Token().Match(link).Value}", "signin/link?token=gh_ln_nonsense", "signin/link" })
            (await other.Browser.GetAsync(path)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [GeneratedRegex("<code>([0-9]+)</code>")] private static partial Regex BigCode();
    [GeneratedRegex("gh_ln_[A-Za-z0-9_-]+")] private static partial Regex Token();
    [GeneratedRegex("int_[0-9a-z]+")] private static partial Regex Run();
}
