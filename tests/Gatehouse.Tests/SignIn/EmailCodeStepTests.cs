using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed partial class EmailCodeStepTests
{
    internal static readonly object Offered = new { sign_in = new { methods = new[] { "password", "passkey", "email_code" } }, registration = new { open = true } };
    private const string Wrong = "This code is wrong, has been used";

    internal static async Task<PageView> AskAsync(PageBrowser browser, string email = SignInWorld.Email) =>
        await browser.SubmitAsync(await browser.SubmitAsync(await browser.GetAsync("signin"), [("email", email)]), [], "/signin/send");

    internal static async Task<(string Code, string Link)> MailAsync(SignInWorld world, string to = SignInWorld.Email)
    {
        var (_, _, text) = (await Mailbox.ReadAsync(world.Server, world.Tenant, to)).First(m => m.Template == "sign_in_code");
        return (CodeLine().Match(text).Groups[1].Value, await world.LinkAsync("sign_in_code", to));
    }

    private static string Not(string code) => code == "000000" ? "000001" : "000000";

    [Theory, BothDatabases]
    public async Task Signs_in_with_the_code_from_the_mail(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, Offered);
        var page = await AskAsync(world.Browser);
        page.ShouldBe(HttpStatusCode.OK, "If there is an account with this address").Address.AbsolutePath.ShouldEndWith("/signin/email");
        var (code, _) = await MailAsync(world);
        code.Length.ShouldBe(6);
        (await world.Browser.SubmitAsync(page, [("code", "")], "/signin/email")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter the code.");
        (await world.Browser.SubmitAsync(page, [("code", Not(code))], "/signin/email")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(page, [("code", code)], "/signin/email")).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.AuditAsync("session.code_sent")).ShouldHaveSingleItem().Reason.ShouldBe("sent");
        (await world.AuditAsync("session.refused")).ShouldHaveSingleItem().Reason.ShouldBe("wrong_code");
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Takes_a_code_once_and_in_its_own_run(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, Offered);
        using var thief = world.AnotherBrowser();
        var (hers, theirs) = (await AskAsync(world.Browser), await AskAsync(thief));
        var mails = (await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).Select(m => CodeLine().Match(m.Text).Groups[1].Value).ToList();
        mails.Count.ShouldBe(2);
        if (mails[0] != mails[1])
        {
            (await world.Browser.SubmitAsync(hers, [("code", mails[0])], "/signin/email")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
            (await thief.SubmitAsync(theirs, [("code", mails[1])], "/signin/email")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        }
        (await world.Browser.SubmitAsync(hers, [("code", mails[1])], "/signin/email")).ShouldBe(HttpStatusCode.OK, "Your account");
        using var late = world.AnotherBrowser();
        var again = await AskAsync(late);
        (await late.SubmitAsync(again, [("code", mails[1])], "/signin/email")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_send_one_code_at_once_one_gets_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { methods = new[] { "email_code" } }, limits = new { failures_per_user = 1000, failures_per_ip = 10000 } });
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
        page.ShouldBe(HttpStatusCode.OK, "Check your mail");
        var (code, _) = await MailAsync(world);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.Browser.SendAsync(page, [("code", code)], "/signin/email")));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Tells_nobody_who_has_an_account(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, Offered);
        using var stranger = world.AnotherBrowser();
        var (known, unknown) = (await AskAsync(world.Browser), await AskAsync(stranger, "bob@example.com"));
        unknown.Shape("bob@example.com").ShouldBe(known.Shape(SignInWorld.Email));
        (await world.MailsAsync("bob@example.com")).ShouldBeEmpty();
        var (refused, nobody) = (await world.Browser.SubmitAsync(known, [("code", "12345")], "/signin/email"), await stranger.SubmitAsync(unknown, [("code", "12345")], "/signin/email"));
        nobody.Status.ShouldBe(refused.Status);
        nobody.Shape("bob@example.com").ShouldBe(refused.Shape(SignInWorld.Email));
        // Both have had their message: asking again says the same, too soon or not.
        var (again, still) = (await world.Browser.SubmitAsync(known, [], "/signin/send"), await stranger.SubmitAsync(unknown, [], "/signin/send"));
        still.Shape("bob@example.com").ShouldBe(again.Shape(SignInWorld.Email));
        (await world.MailsAsync()).Count.ShouldBe(1, "half a minute has not passed");
    }

    [Fact]
    public async Task Sends_to_proved_addresses_of_active_people_only()
    {
        using var world = await SignInWorld.OpenAsync(TestDatabase.Sqlite, Offered);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using (await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/emails", new { address = "new@example.com" })) { }
        await AskAsync(world.Browser, "new@example.com");
        (await world.MailsAsync("new@example.com")).ShouldBeEmpty();
        using var browser = world.AnotherBrowser();
        var page = await AskAsync(browser);
        var (code, link) = await MailAsync(world);
        using (await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null)) { }
        (await browser.SubmitAsync(page, [("code", code)], "/signin/email")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest);
        await AskAsync(world.Browser);
        (await world.MailsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sends_no_flood_and_the_newest_counts()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server, Offered);
        var page = await AskAsync(world.Browser);
        var (first, _) = await MailAsync(world);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.Browser.SendAsync(page, [], "/signin/send")));
        (await world.MailsAsync()).Count.ShouldBe(1);
        for (var i = 0; i < 8; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(31));
            await world.Browser.SubmitAsync(page, [], "/signin/send");
        }
        (await world.MailsAsync()).Count.ShouldBe(5);
        var (newest, _) = await MailAsync(world);
        if (newest != first) (await world.Browser.SubmitAsync(page, [("code", first)], "/signin/email")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.SubmitAsync(page, [("code", newest)], "/signin/email")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Strangers_use_up_neither_what_she_is_sent_where_she_is_known_nor_other_purposes(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { methods = new[] { "password", "passkey", "email_code" } }, limits = new { mails_per_address = 2 } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        await world.Browser.SignOutAsync();
        for (var i = 0; i < 3; i++)
        {
            using var stranger = world.AnotherBrowser();
            await AskAsync(stranger);
        }
        (await world.MailsAsync()).Count(m => m == "sign_in_code").ShouldBe(2);
        using (var stranger = world.AnotherBrowser()) await stranger.SubmitAsync(await stranger.GetAsync("signin/forgot"), [("email", SignInWorld.Email)]);
        (await world.MailsAsync()).ShouldContain("reset_password");
        var page = await AskAsync(world.Browser);
        (await world.Browser.SubmitAsync(page, [("code", (await MailAsync(world)).Code)], "/signin/email")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Is_there_where_the_tenant_offers_it_and_alone_where_that_is_all()
    {
        using var world = await SignInWorld.OpenAsync();
        var password = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
        password.ShouldBe(HttpStatusCode.OK, "Enter your password").Text.ShouldNotContain("Get a code by mail");
        (await world.Browser.GetAsync($"signin/email{password.Address.Query}")).Address.AbsolutePath.ShouldEndWith("/signin/password");
        using (await world.Browser.Http.PostAsync($"signin/send{password.Address.Query}&step=email_code", new FormUrlEncodedContent(password.Form().Hidden))) { }
        (await world.MailsAsync()).ShouldBeEmpty();

        using var only = await SignInWorld.OpenAsync(TestDatabase.Sqlite, new { sign_in = new { methods = new[] { "email_code" } } });
        var first = await only.Browser.GetAsync("signin");
        first.Html.ShouldNotContain("data-passkey=\"get\"");
        var page = await only.Browser.SubmitAsync(first, [("email", SignInWorld.Email)]);
        page.ShouldBe(HttpStatusCode.OK, "Check your mail").Text.ShouldNotContain("Use your password");
        (await only.Browser.GetAsync($"signin/password{page.Address.Query}")).Address.AbsolutePath.ShouldEndWith("/signin/email");
    }

    [Fact]
    public async Task Asks_for_the_second_step_after_it()
    {
        await using var world = await TwoStepWorld.OpenAsync(TestDatabase.Sqlite, Offered);
        var page = await AskAsync(world.Browser);
        var text = (await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).First(m => m.Template == "sign_in_code").Text;
        var step = await world.Browser.SubmitAsync(page, [("code", CodeLine().Match(text).Groups[1].Value)], "/signin/email");
        step.ShouldBe(HttpStatusCode.OK, "Enter the code").Address.AbsolutePath.ShouldEndWith("/signin/code");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(step, [("code", world.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.MethodsAsync()).ShouldBe(["email", "otp", "mfa"]);
    }

    [GeneratedRegex(@"(?m)^([0-9]{6,9})$")]
    private static partial Regex CodeLine();
}
