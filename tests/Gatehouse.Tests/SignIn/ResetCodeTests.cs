using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

/// <summary>A new password by a code in a text message.</summary>
public sealed class ResetCodeTests
{
    private const string Fresh = "quite another sequence of words", Wrong = "This code is wrong, has been used", Other = "+491701234599";

    private static object Settings(bool on = true) => new
    {
        registration = new { open = true },
        sign_in = new { methods = new[] { "password", "passkey", "sms_code" }, reset_by_sms = on },
        sms = new { allowed_countries = new[] { "DE" }, default_country = "DE" },
    };

    /// <summary>A person with a proved number, or several.</summary>
    private static async Task<SignInWorld> OpenAsync(TestDatabase database = TestDatabase.Sqlite, bool on = true, TestServer? server = null, params string[] numbers)
    {
        var world = server is null ? await SignInWorld.OpenAsync(database, Settings(on)) : await SignInWorld.OpenAsync(server, Settings(on));
        using var admin = await world.Server.AdminAsync(world.Tenant);
        foreach (var number in numbers.Length > 0 ? numbers : [SmsWorld.Number])
            await (await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/phones", new { number, verified = true })).ReadJsonAsync(HttpStatusCode.Created);
        return world;
    }

    private static async Task<PageView> AskAsync(PageBrowser browser, string typed, string way = "") =>
        await browser.SubmitAsync(await browser.GetAsync("signin/forgot"), [("email", typed), ("way", way)]);

    /// <summary>Has the codes of her second step sent to one of her numbers.</summary>
    private static async Task SecondAsync(SignInWorld world, string number)
    {
        UserId.TryParse(world.UserId, out var id).ShouldBeTrue();
        var (context, users, sms) = (await People.ContextAsync(world.Server, world.Tenant), world.Server.Services.GetRequiredService<UserDirectory>(), world.Server.Services.GetRequiredService<SmsAuthenticator>());
        var phone = (await world.Server.InAsync(context, tx => users.FindAsync(tx, id, default)))!.Phones.Single(p => p.Number == number);
        (await world.Server.InAsync(context, tx => sms.TryEnableAsync(tx, id, phone.Id, default))).ShouldBeTrue();
    }

    private static string Another(string code) => code == "000000" ? "000001" : "000000";

    [Theory, BothDatabases]
    public async Task Sets_a_new_password_ends_every_session_and_tells_the_owner(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        using var elsewhere = world.AnotherBrowser();
        await elsewhere.SignInAsync(SignInWorld.Email);
        var page = (await AskAsync(world.Browser, "0170 1234567")).ShouldBe(HttpStatusCode.OK, "Check your phone");
        var text = (await world.Server.TextsAsync(world.Tenant)).ShouldHaveSingleItem();
        text.ShouldContain("new password");
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        (await world.Browser.SubmitAsync(page, [("code", Another(code))])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await elsewhere.IsSignedInAsync()).ShouldBeTrue("nothing has happened yet");
        var form = (await world.Browser.SubmitAsync(page, [("code", code)])).ShouldBe(HttpStatusCode.OK, "Set a new password");
        (await world.Browser.SubmitAsync(page, [("code", code)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await world.Browser.SubmitAsync(form, [("password", "words for whoever comes second here")])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await elsewhere.IsSignedInAsync()).ShouldBeFalse();
        (await world.MailsAsync()).ShouldBe(["password_changed"]);
        (await world.Browser.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.AuditAsync("password.reset_proved")).Select(e => (e.Outcome, e.Reason)).ShouldBe([("failure", "throttled"), ("success", null), ("failure", "wrong_code")]);
        (await world.AuditAsync("password.reset_requested")).Single().Reason.ShouldBe("code_sent");
    }

    [Theory, BothDatabases]
    public async Task Takes_an_address_whose_account_has_a_number_and_tells_nobody_which(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        var known = (await AskAsync(world.Browser, SignInWorld.Email, "sms")).ShouldBe(HttpStatusCode.OK, "If the account with this address has a confirmed phone number");
        known.Text.ShouldNotContain("67");
        foreach (var other in new[] { "eve@example.com", "who@example.com" })
        {
            using var stranger = world.AnotherBrowser();
            var page = await AskAsync(stranger, other, "sms");
            page.Shape().ShouldBe(known.Shape());
            (await stranger.SubmitAsync(page, [("code", "123456")])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        }
        (await world.AuditAsync("password.reset_requested")).Select(e => e.Reason).ShouldBe(["unknown_user", "unknown_user", "code_sent"]);
        (await world.Browser.SubmitAsync(known, [("code", await world.Server.TextedCodeAsync(world.Tenant))])).ShouldBe(HttpStatusCode.OK, "Set a new password");
    }

    [Theory, BothDatabases]
    public async Task Answers_known_and_unknown_numbers_alike(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        using var stranger = world.AnotherBrowser();
        var (known, unknown) = (await AskAsync(world.Browser, SmsWorld.Number), await AskAsync(stranger, "+49 170 7654321"));
        unknown.Shape("491707654321").ShouldBe(known.Shape(SmsWorld.Number[1..]));
        (await world.Server.TextsAsync(world.Tenant, "+491707654321")).ShouldBeEmpty();
        for (var i = 0; i < 5; i++) (await stranger.SubmitAsync(unknown, [("code", "123456")])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
    }

    [Theory, BothDatabases]
    public async Task Survives_guessing(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var page = await AskAsync(world.Browser, SmsWorld.Number);
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        for (var i = 0; i < OneTimeCodes.MaxTries; i++) await world.Browser.SubmitAsync(page, [("code", Another(code))]);
        (await world.Browser.SubmitAsync(page, [("code", code)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_send_one_code_at_once_one_may_choose(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var page = await AskAsync(world.Browser, SmsWorld.Number);
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.Browser.SendAsync(page, [("code", code)])));
        answers.Count(a => a.Headers.Location?.ToString().Contains("/signin/reset?token=", StringComparison.Ordinal) == true).ShouldBe(1);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_code_is_good_in_the_browser_the_run_and_the_tenant_that_asked()
    {
        using var world = await OpenAsync();
        using var thief = world.AnotherBrowser();
        var hers = await AskAsync(world.Browser, SmsWorld.Number);
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        (await thief.GetAsync("signin/forgot/code" + hers.Address.Query)).Status.ShouldBe(HttpStatusCode.BadRequest);
        var theirs = await AskAsync(thief, "+49 170 7654321");
        (await thief.SubmitAsync(theirs, [("code", code)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        using var other = await OpenAsync();
        var elsewhere = await AskAsync(other.Browser, SmsWorld.Number);
        var own = await other.Server.TextedCodeAsync(other.Tenant);
        if (own != code) (await other.Browser.SubmitAsync(elsewhere, [("code", code)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        // A code to sign in with is no code to reset with, nor the other way round.
        var signIn = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SmsWorld.Number)]);
        (await world.Browser.SubmitAsync(signIn, [("code", code)], "/signin/sms")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(hers, [("code", code)])).ShouldBe(HttpStatusCode.OK, "Set a new password");
    }

    [Theory, BothDatabases]
    public async Task The_number_of_the_second_step_never_resets_the_password(TestDatabase database)
    {
        using var world = await OpenAsync(database, numbers: [SmsWorld.Number, Other]);
        await SecondAsync(world, SmsWorld.Number);
        (await AskAsync(world.Browser, SmsWorld.Number)).ShouldBe(HttpStatusCode.OK, "Check your phone");
        (await world.Server.TextsAsync(world.Tenant)).ShouldBeEmpty();
        // By her address it is the other number, and the second step is asked for all the same.
        var page = await AskAsync(world.Browser, SignInWorld.Email, "sms");
        (await world.Server.TextsAsync(world.Tenant)).ShouldBeEmpty();
        var form = await world.Browser.SubmitAsync(page, [("code", await world.Server.TextedCodeAsync(world.Tenant, Other))]);
        (await world.Browser.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await world.Browser.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Get a code");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_number_that_becomes_the_second_step_meanwhile_sets_no_password()
    {
        using var world = await OpenAsync();
        var form = await world.Browser.SubmitAsync(await AskAsync(world.Browser, SmsWorld.Number), [("code", await world.Server.TextedCodeAsync(world.Tenant))]);
        form.ShouldBe(HttpStatusCode.OK, "Set a new password");
        await SecondAsync(world, SmsWorld.Number);
        (await world.Browser.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        using var another = world.AnotherBrowser();
        (await another.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Get a code");
    }

    [Fact]
    public async Task Does_not_make_one_telephone_two_factors()
    {
        using var world = await OpenAsync();
        var form = await world.Browser.SubmitAsync(await AskAsync(world.Browser, SmsWorld.Number), [("code", await world.Server.TextedCodeAsync(world.Tenant))]);
        await world.Browser.SubmitAsync(form, [("password", Fresh)]);
        var shop = await StepUpTests.NewShopAsync(world.Server, world.Tenant);
        var page = await world.Browser.GetAsync(StepUpTests.Authorize(shop, "&acr_values=urn:gatehouse:acr:2fa"));
        page = await world.Browser.SubmitAsync(page.ShouldBe(HttpStatusCode.OK, "Sign in"), [("email", SmsWorld.Number)]);
        page = await world.Browser.SubmitAsync(page, [("code", await world.Server.TextedCodeAsync(world.Tenant))], "/signin/sms");
        page.Address.AbsolutePath.ShouldEndWith("/signin/enrol", customMessage: "not the password, which the same telephone has just set");
    }

    [Fact]
    public async Task Does_nothing_where_the_tenant_has_not_allowed_it()
    {
        using var world = await OpenAsync(on: false);
        (await world.Browser.GetAsync("signin/forgot")).Html.ShouldNotContain("value=\"sms\"");
        (await AskAsync(world.Browser, SmsWorld.Number)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AskAsync(world.Browser, SignInWorld.Email, "sms")).ShouldBe(HttpStatusCode.OK, "Check your mail");
        (await world.Server.TextsAsync(world.Tenant)).ShouldBeEmpty();
        (await world.Browser.GetAsync("signin/forgot/code")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Sends_nothing_to_a_disabled_user_and_takes_no_code_of_one()
    {
        using var world = await OpenAsync();
        var page = await AskAsync(world.Browser, SmsWorld.Number);
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null)) { }
        (await world.Browser.SubmitAsync(page, [("code", code)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        using var another = world.AnotherBrowser();
        await AskAsync(another, SmsWorld.Number);
        (await world.Server.TextsAsync(world.Tenant)).Count.ShouldBe(1);
    }
}
