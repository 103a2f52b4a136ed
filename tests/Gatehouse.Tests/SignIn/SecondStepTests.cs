using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed class SecondStepTests
{
    private const string Wrong = "This code is wrong or has been used";

    [Theory, BothDatabases]
    public async Task Asks_for_the_code_after_the_password_and_signs_in_with_it(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var step = await world.PasswordAsync();
        step.ShouldBe(HttpStatusCode.OK, "Enter the code").Address.AbsolutePath.ShouldEndWith("/signin/code");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse("half a sign-in is no session");
        (await world.Browser.SubmitAsync(step, [("code", "")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter the code.");
        (await world.Browser.SubmitAsync(step, [("code", world.WrongCode())])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(step, [("code", world.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.MethodsAsync()).ShouldBe(["pwd", "otp", "mfa"]);
        (await world.AuditAsync("session.refused")).ShouldBe(["wrong_code"]);
    }

    [Theory, BothDatabases]
    public async Task Takes_a_code_once(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var code = world.Code();
        await world.Browser.SubmitAsync(await world.PasswordAsync(), [("code", code)]);
        using var thief = world.AnotherBrowser();
        var step = await TwoStepWorld.PasswordAsync(thief);
        (await thief.SubmitAsync(step, [("code", code)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await thief.IsSignedInAsync()).ShouldBeFalse();
        // Nor the one before it, which drift would allow.
        (await thief.SubmitAsync(step, [("code", world.Code(-1))])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await thief.SubmitAsync(step, [("code", world.Code(1))])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_send_one_code_at_once_one_gets_in(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database, new { limits = new { failures_per_user = 1000, failures_per_ip = 10000 } });
        var browsers = Enumerable.Range(0, 8).Select(_ => world.AnotherBrowser()).ToArray();
        var steps = await Task.WhenAll(browsers.Select(b => TwoStepWorld.PasswordAsync(b)));
        var code = world.Code();
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => browsers[i % 8].SendAsync(steps[i % 8], [("code", code)])));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
        var signedIn = await Task.WhenAll(browsers.Select(b => b.IsSignedInAsync()));
        signedIn.Count(s => s).ShouldBe(1);
        foreach (var browser in browsers) browser.Dispose();
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_finish_one_run_at_once_one_does(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database, new { limits = new { failures_per_user = 1000, failures_per_ip = 10000 } });
        var step = await world.PasswordAsync();
        var codes = new[] { world.Code(-1), world.Code(), world.Code(1) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => world.Browser.SendAsync(step, [("code", codes[i % 3])])));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
        (await world.Browser.GetAsync("signin/code" + step.Address.Query)).Address.AbsolutePath.ShouldEndWith("/account", Case.Sensitive, "the button back finds what was done");
    }

    [Fact]
    public async Task Forgets_the_password_after_ten_minutes()
    {
        await using var world = await TwoStepWorld.OpenAsync(fresh: true);
        var step = await world.PasswordAsync();
        world.Advance(TimeSpan.FromMinutes(10));
        (await world.Browser.SubmitAsync(step, [("code", world.Code())])).Address.AbsolutePath.ShouldEndWith("/signin/password");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Stops_guessing_and_says_the_same()
    {
        await using var world = await TwoStepWorld.OpenAsync(settings: new { limits = new { failures_per_user = 3 } });
        using var stranger = world.AnotherBrowser();
        var step = await TwoStepWorld.PasswordAsync(stranger);
        string? first = null;
        for (var i = 0; i < 5; i++)
        {
            var page = await stranger.SubmitAsync(step, [("code", world.WrongCode())]);
            page.ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
            page.Shape().ShouldBe(first ??= page.Shape());
        }
        (await stranger.SubmitAsync(step, [("code", world.Code())])).Shape().ShouldBe(first, "a right code among too many is no better");
        (await world.AuditAsync("session.refused")).ShouldBe(["throttled", "wrong_code", "wrong_code", "wrong_code"]);
        // Her own browser has its own allowance: nobody locks her out.
        (await world.Browser.SubmitAsync(await world.PasswordAsync(), [("code", world.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Belongs_to_the_browser_whose_password_it_was()
    {
        await using var world = await TwoStepWorld.OpenAsync();
        var step = await world.PasswordAsync();
        using var other = world.AnotherBrowser();
        (await other.GetAsync("signin/code" + step.Address.Query)).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired");
        await other.GetAsync("signin");
        (await other.GetAsync("signin/code" + step.Address.Query)).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired");
        var tenant = await world.Server.NewTenantAsync();
        using var elsewhere = PageBrowser.Open(world.Server, tenant);
        (await elsewhere.GetAsync("signin/code" + step.Address.Query)).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired");
    }

    [Fact]
    public async Task Begins_with_the_password_however_the_page_is_reached()
    {
        await using var world = await TwoStepWorld.OpenAsync();
        var start = await world.Browser.GetAsync("signin");
        foreach (var path in new[] { "signin/code", "signin/enrol" })
            (await world.Browser.GetAsync(path + start.Address.Query)).Address.AbsolutePath.ShouldEndWith("/signin");
    }

    /// <summary>A second tab that types another address in the same run takes nothing over from the first.</summary>
    [Fact]
    public async Task Forgets_what_was_proved_when_the_address_changes()
    {
        await using var world = await TwoStepWorld.OpenAsync();
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        var step = await world.PasswordAsync();
        var secondTab = await world.Browser.GetAsync("signin" + step.Address.Query);
        await world.Browser.SubmitAsync(secondTab, [("email", "eve@example.com")]);
        (await world.Browser.SubmitAsync(step, [("code", world.Code())])).Address.AbsolutePath.ShouldEndWith("/signin/password");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Forgets_what_was_proved_when_the_password_changes()
    {
        await using var world = await TwoStepWorld.OpenAsync();
        using var thief = world.AnotherBrowser();
        var step = await TwoStepWorld.PasswordAsync(thief);
        await world.ResetAsync("another sequence of words");
        (await thief.SubmitAsync(step, [("code", world.Code())])).Address.AbsolutePath.ShouldEndWith("/signin/password");
        // The reset took nothing of the second step away.
        using var she = world.AnotherBrowser();
        (await she.SignInAsync(SignInWorld.Email, "another sequence of words")).ShouldBe(HttpStatusCode.OK, "Enter the code");
    }

    [Theory, BothDatabases]
    public async Task Takes_each_recovery_code_once_and_tells_her(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        world.Codes.Count.ShouldBe(10);
        using var browser = world.AnotherBrowser();
        var step = await RecoveryAsync(browser);
        step.ShouldBe(HttpStatusCode.OK, "Enter a recovery code");
        (await browser.SubmitAsync(step, [("code", "0000-0000-0000-0000")])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await browser.SubmitAsync(step, [("code", " " + world.Codes[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal).Replace('0', 'O'))])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await browser.GetAsync("account/two-step")).ShouldBe(HttpStatusCode.OK, "9 codes are left.");
        (await world.MailsAsync()).ShouldContain("recovery_code_used");
        (await world.AuditAsync("recovery_code.used")).Count.ShouldBe(1);
        using var thief = world.AnotherBrowser();
        step = await RecoveryAsync(thief);
        (await thief.SubmitAsync(step, [("code", world.Codes[3])])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
    }

    [Theory, BothDatabases]
    public async Task Has_one_set_up_where_the_tenant_requires_it_before_the_session_begins(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { second_factor = "required" }, registration = new { open = true } });
        var step = await world.Browser.SignInAsync(SignInWorld.Email);
        step.ShouldBe(HttpStatusCode.OK, "Set up two-step sign-in");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        using (var image = await world.Browser.Http.GetAsync("signin/enrol/qr.svg" + step.Address.Query))
        {
            image.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
            (await image.Content.ReadAsStringAsync()).ShouldStartWith("<svg");
        }
        var key = TwoStepWorld.KeyOf(step);
        (await world.Browser.SubmitAsync(step, [("code", "000000")])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        var done = await world.Browser.SubmitAsync(step, [("code", TwoStepWorld.CodeOf(key, world.Server))]);
        done.ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.MailsAsync()).ShouldContain("second_step_added");

        // Somebody with the password alone cannot set up another one in its place.
        using var thief = world.AnotherBrowser();
        var second = await thief.SignInAsync(SignInWorld.Email);
        second.ShouldBe(HttpStatusCode.OK, "Enter the code");
        (await thief.GetAsync("signin/enrol" + second.Address.Query)).Address.AbsolutePath.ShouldEndWith("/signin/code");

        using var newcomer = world.AnotherBrowser();
        (await newcomer.SignUpAsync("new@example.com")).ShouldBe(HttpStatusCode.OK, "Set up two-step sign-in");
        (await newcomer.IsSignedInAsync()).ShouldBeFalse();
    }

    private static async Task<PageView> RecoveryAsync(PageBrowser browser)
    {
        var step = await TwoStepWorld.PasswordAsync(browser);
        var path = $"/signin/code{step.Address.Query}&way=recovery_code";
        WebUtility.HtmlDecode(step.Html).ShouldContain(path);
        return await browser.GetAsync(path);
    }
}
