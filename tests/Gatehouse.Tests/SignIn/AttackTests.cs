using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>What somebody tries who knows Ann's password, has an account of his own, or can put cookies into her browser.</summary>
public sealed class AttackTests
{
    private const string Eve = "eve@example.com", Wrong = "This code is wrong or has been used";

    [Theory, BothDatabases]
    public async Task A_second_tab_is_not_past_the_second_step(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        var half = (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, "Enter the code");
        var authorize = $"oauth2/authorize?response_type=code&client_id={app.ClientId}&redirect_uri={Uri.EscapeDataString(HeadlessApp.RedirectUri)}&scope=openid&code_challenge={HeadlessApp.Challenge}&code_challenge_method=S256";
        foreach (var path in new[] { "account", "account/two-step", "account/confirm?to=/account/password", authorize })
            (await world.Browser.GetAsync(path)).Address.AbsolutePath.ShouldEndWith("/signin", Case.Sensitive, path);
        using (var silent = await world.Browser.Http.GetAsync(authorize + "&prompt=none")) silent.Headers.Location!.Query.ShouldContain("error=login_required");
        using (var api = await world.Browser.Http.GetAsync("account/v1/profile")) api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // Another run of the same browser knows nothing of what was proved in this one, whichever of its pages is asked for.
        var other = await world.Browser.GetAsync("signin");
        foreach (var step in new[] { "code", "enrol", "new-password", "terms", "details", "check", "web", "code?way=recovery_code" })
        {
            var path = $"signin/{step}{(step.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{other.Address.Query.TrimStart('?')}";
            (await world.Browser.GetAsync(path)).Address.AbsolutePath.ShouldEndWith("/signin", Case.Sensitive, path);
        }
        // The run itself is where it was.
        (await world.Browser.SubmitAsync(half, [("code", world.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task The_second_step_of_somebody_else_does_not_finish_her_sign_in(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, Eve);
        await world.Browser.SignInAsync(Eve);
        var enrol = await world.Browser.GetAsync("account/two-step/app");
        var eves = TwoStepWorld.KeyOf(enrol);
        (await world.Browser.SubmitAsync(enrol, [("code", TwoStepWorld.CodeOf(eves, world.Server))], "two-step/app")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");

        // Ann's password in one tab, while Eve is signed in, by both steps, in the others.
        var half = (await StartOverAsync(world.Browser)).ShouldBe(HttpStatusCode.OK, "Enter the code");
        (await world.Browser.SubmitAsync(half, [("code", TwoStepWorld.CodeOf(eves, world.Server))])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.GetAsync("account")).Text.ShouldContain(Eve);
        // Nor does her own code, once the run was led to Eve's name.
        var step = await world.Browser.SubmitAsync(await world.Browser.GetAsync($"signin{half.Address.Query}"), [("email", Eve)]);
        step.ShouldBe(HttpStatusCode.OK, "Password");
        (await world.Browser.GetAsync($"signin/code{half.Address.Query}")).Address.AbsolutePath.ShouldNotEndWith("/signin/code");
        (await world.Browser.GetAsync("account")).Text.ShouldNotContain(SignInWorld.Email);
    }

    /// <summary>A run for another, beside a session: what an application asks with <c>prompt=login</c>.</summary>
    private static async Task<PageView> StartOverAsync(PageBrowser browser)
    {
        using var app = await HeadlessApp.OpenAsync(browser.Server, browser.Tenant);
        return await browser.SignInAsync(SignInWorld.Email, path:
            $"oauth2/authorize?response_type=code&client_id={app.ClientId}&redirect_uri={Uri.EscapeDataString(HeadlessApp.RedirectUri)}&scope=openid&code_challenge={HeadlessApp.Challenge}&code_challenge_method=S256&prompt=login");
    }

    [Theory, BothDatabases]
    public async Task Cookies_that_were_planted_open_nothing_afterwards(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, Eve);
        CookieContainer planted = new(), hers = new(), kept = new();
        using (var attacker = PageBrowser.Open(world.Server, world.Tenant, planted))
        {
            // He has a device, a run that waits for its password, and a session of his own; and keeps a copy of all of it.
            await attacker.SubmitAsync(await attacker.GetAsync("signin"), [("email", SignInWorld.Email)]);
            await attacker.SignInAsync(Eve);
        }
        hers.Add(planted.GetAllCookies());
        kept.Add(planted.GetAllCookies());
        using var victim = PageBrowser.Open(world.Server, world.Tenant, hers);
        using var thief = PageBrowser.Open(world.Server, world.Tenant, kept);
        await victim.SignOutAsync();
        (await victim.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account").Text.ShouldContain(SignInWorld.Email);
        // What was planted is no longer what her browser has, and opens neither her account nor his.
        var session = hers.GetAllCookies().Single(c => c.Name.Contains("gh-session", StringComparison.Ordinal)).Value;
        kept.GetAllCookies().Select(c => c.Value).ShouldNotContain(session);
        var page = await thief.GetAsync("account");
        page.Address.AbsolutePath.ShouldEndWith("/signin");
        page.Text.ShouldNotContain(SignInWorld.Email);
        (await victim.IsSignedInAsync()).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task A_new_password_leads_around_no_second_step(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database, EmailCodeStepTests.Offered);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await world.ResetAsync("another sequence of words");
        await app.StartAsync();
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        var half = await app.AnswerAsync("password", ("password", "another sequence of words"));
        HeadlessApp.Open(half.Body).ShouldBe(["totp", "recovery_code"]);
        // No step that is not open, and no page, goes on from here.
        foreach (var (step, name, value) in new[] { ("password", "password", "another sequence of words"), ("enrol_totp", "code", "123456"), ("new_password", "new_password", "a third sequence of words"), ("email_code", "code", "123456") })
            (await app.AnswerAsync(step, (name, value))).Status.ShouldBe(HttpStatusCode.Conflict, step);
        (await app.PostAsync("current", new { auth_session = app.Session })).Body.GetProperty("state").GetString().ShouldBe("open");
        (await world.Browser.SignInAsync(SignInWorld.Email, "another sequence of words")).ShouldBe(HttpStatusCode.OK, "Enter the code");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }
}
