using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Account;

public sealed class AccountTests
{
    private const string Fresh = "quite another sequence of words";

    [Theory, BothDatabases]
    public async Task Shows_who_is_signed_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var page = await world.Browser.SignInAsync(SignInWorld.Email);
        page.ShouldBe(HttpStatusCode.OK, SignInWorld.Email).Text.ShouldContain(world.UserId);
        page.Html.ShouldContain("aria-current=\"page\"");
    }

    [Theory, InlineData("account"), InlineData("account/sessions"), InlineData("account/password"), InlineData("account/applications")]
    public async Task Asks_a_stranger_to_sign_in_and_brings_her_back(string path)
    {
        using var world = await SignInWorld.OpenAsync();
        (await world.Browser.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await world.Browser.SignInAsync(SignInWorld.Email, path: path)).Address.AbsolutePath.ShouldEndWith("/" + path);
    }

    [Theory, BothDatabases]
    public async Task The_bare_address_leads_to_the_account(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        (await world.Browser.GetAsync("")).ShouldBe(HttpStatusCode.OK, "Sign in");
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.GetAsync("")).Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Fact]
    public async Task Ends_one_session_or_all_others()
    {
        using var world = await SignInWorld.OpenAsync();
        using var phone = world.AnotherBrowser();
        using var tablet = world.AnotherBrowser();
        phone.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1");
        await phone.SignInAsync(SignInWorld.Email);
        await tablet.SignInAsync(SignInWorld.Email);
        await world.Browser.SignInAsync(SignInWorld.Email);

        var list = (await world.Browser.GetAsync("account/sessions")).ShouldBe(HttpStatusCode.OK, "Safari on iPhone");
        var id = System.Text.RegularExpressions.Regex.Matches(list.Html, "/sessions/end\".*?name=\"session\" value=\"(ses_[0-9a-z]+)\"", System.Text.RegularExpressions.RegexOptions.Singleline).Select(m => m.Groups[1].Value).ToList();
        id.Count.ShouldBe(2, "not this one");
        await world.Browser.SubmitAsync(list, [("session", id[1])], "/sessions/end");
        (await phone.IsSignedInAsync()).ShouldBeFalse("lists are newest first");
        (await tablet.IsSignedInAsync()).ShouldBeTrue();

        var after = await world.Browser.SubmitAsync(list, [], "/sessions/end-others");
        after.ShouldBe(HttpStatusCode.OK, "This browser");
        (await tablet.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.AuditAsync("session.ended")).Count.ShouldBe(1);
        (await world.AuditAsync("session.others_ended")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ends_nobody_else_s_session()
    {
        using var world = await SignInWorld.OpenAsync();
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using var eve = world.AnotherBrowser();
        await eve.SignInAsync("eve@example.com");
        using var third = world.AnotherBrowser();
        await third.SignInAsync("eve@example.com");
        var hers = System.Text.RegularExpressions.Regex.Match((await eve.GetAsync("account/sessions")).Html, "value=\"(ses_[0-9a-z]+)\"").Groups[1].Value;

        await world.Browser.SignInAsync(SignInWorld.Email);
        using var second = world.AnotherBrowser();
        await second.SignInAsync(SignInWorld.Email);
        var list = await world.Browser.GetAsync("account/sessions");
        (await world.Browser.SubmitAsync(list, [("session", hers)], "/sessions/end")).Status.ShouldBe(HttpStatusCode.OK);
        (await third.IsSignedInAsync()).ShouldBeTrue();
        (await world.AuditAsync("session.ended")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_the_password_keeps_this_session_under_a_new_secret_and_ends_the_others()
    {
        using var world = await SignInWorld.OpenAsync();
        using var elsewhere = world.AnotherBrowser();
        await elsewhere.SignInAsync(SignInWorld.Email);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var form = await world.Browser.GetAsync("account/password");
        using var answer = await world.Browser.SendAsync(form, [("current", PageBrowser.Password), ("new", Fresh)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.GetValues("Set-Cookie").ShouldContain(c => c.Contains("gh-session", StringComparison.Ordinal));
        (await world.Browser.GetAsync("account/password?changed=1")).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await elsewhere.IsSignedInAsync()).ShouldBeFalse();
        (await world.MailsAsync()).ShouldBe(["password_changed", "new_device"]);
        (await elsewhere.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory]
    [InlineData("not the password at all", Fresh, "This is not your current password")]
    [InlineData("", Fresh, "Enter your password.")]
    [InlineData(PageBrowser.Password, "short", "Use at least 15 characters.")]
    [InlineData(PageBrowser.Password, "", "Use at least 15 characters.")]
    public async Task Changes_nothing_that_is_not_right(string current, string fresh, string said)
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/password"), [("current", current), ("new", fresh)]);
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, said);
        if (current.Length > 0) page.Html.ShouldNotContain($"\"{current}\"");
        (await world.MailsAsync()).ShouldBeEmpty();
        using var other = world.AnotherBrowser();
        (await other.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Says_when_no_application_has_been_allowed_anything()
    {
        using var world = await SignInWorld.OpenAsync();
        (await world.Browser.SignInAsync(SignInWorld.Email, path: "account/applications")).ShouldBe(HttpStatusCode.OK, "No applications yet");
    }

    [Fact]
    public async Task Forgets_an_ended_session_at_once()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var disabled = await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null);
        disabled.IsSuccessStatusCode.ShouldBeTrue();
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }
}
