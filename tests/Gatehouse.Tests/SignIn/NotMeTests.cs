using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed class NotMeTests
{
    private const string Fresh = "quite another sequence of words";

    [Theory, BothDatabases]
    public async Task Tells_of_a_new_device_but_not_of_the_first_nor_of_a_known_one(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.MailsAsync()).ShouldBeEmpty();
        await world.Browser.SignOutAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.MailsAsync()).ShouldBeEmpty();
        using var stranger = world.AnotherBrowser();
        stranger.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        await stranger.SignInAsync(SignInWorld.Email);
        var (template, _, text) = (await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).ShouldHaveSingleItem();
        template.ShouldBe("new_device");
        text.ShouldContain("Device: Firefox, Linux.");
        text.ShouldContain(" UTC.");
        await stranger.SignOutAsync();
        await stranger.SignInAsync(SignInWorld.Email);
        (await world.MailsAsync()).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Tells_however_much_mail_was_sent_before(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { limits = new { mails_per_address = 1 } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        for (var i = 0; i < 3; i++) await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin/forgot"), [("email", SignInWorld.Email)]);
        using var stranger = world.AnotherBrowser();
        await stranger.SignInAsync(SignInWorld.Email);
        (await world.MailsAsync()).ShouldBe(["new_device", "reset_password"]);
    }

    [Fact]
    public async Task Puts_no_words_of_the_visitors_into_the_message()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var stranger = world.AnotherBrowser();
        stranger.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Call 555-1234 now https://evil.example/");
        await stranger.SignInAsync(SignInWorld.Email);
        (await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).ShouldHaveSingleItem().Text.ShouldNotContain("evil");
    }

    [Theory, BothDatabases]
    public async Task Ends_everything_and_sends_a_link_to_choose_a_new_password(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var thief = world.AnotherBrowser();
        await thief.SignInAsync(SignInWorld.Email);
        // The thief has a reset link under way, from a look into the mailbox.
        await thief.SubmitAsync(await thief.GetAsync("signin/forgot"), [("email", SignInWorld.Email)]);
        var pending = await world.LinkAsync("reset_password");

        using var mailReader = world.AnotherBrowser();
        var page = (await mailReader.GetAsync(await NotMeLinkAsync(world, "new_device"))).ShouldBe(HttpStatusCode.OK, "Was it not you?");
        page.Text.ShouldContain(SignInWorld.Email);
        (await mailReader.SubmitAsync(page, [])).ShouldBe(HttpStatusCode.OK, "Signed out everywhere");

        (await thief.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await mailReader.IsSignedInAsync()).ShouldBeFalse("the link is no way in");
        (await thief.GetAsync(pending)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await thief.SignInAsync(SignInWorld.Email)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.MailsAsync())[0].ShouldBe("account_secured");
        (await world.AuditAsync("account.disowned")).ShouldHaveSingleItem().Outcome.ShouldBe("success");

        (await world.Browser.SubmitAsync(await world.Browser.GetAsync(await world.LinkAsync("account_secured")), [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await world.Browser.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        // No device is known any more: she hears of her own, and would hear of the thief's.
        (await world.MailsAsync())[0].ShouldBe("new_device");
    }

    [Theory, BothDatabases]
    public async Task Does_nothing_for_a_mail_scanner_and_works_once(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var other = world.AnotherBrowser();
        await other.SignInAsync(SignInWorld.Email);
        var link = await NotMeLinkAsync(world, "new_device");
        using var scanner = world.AnotherBrowser();
        for (var i = 0; i < 3; i++) (await scanner.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Was it not you?");
        (await other.IsSignedInAsync()).ShouldBeTrue();
        // A form from nowhere is no form of ours.
        using (var forged = await scanner.Http.PostAsync(link, new FormUrlEncodedContent([]))) forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await other.IsSignedInAsync()).ShouldBeTrue();

        var form = await other.GetAsync(link);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => other.SendAsync(form, [])));
        answers.Count(a => a.StatusCode == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.BadRequest).ShouldBe(15);
        (await world.AuditAsync("account.disowned")).Count.ShouldBe(1);
        (await other.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
    }

    [Fact]
    public async Task Works_for_a_week_in_its_own_tenant_only()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        using var another = await SignInWorld.OpenAsync(server);
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var other = world.AnotherBrowser();
        await other.SignInAsync(SignInWorld.Email);
        var link = await NotMeLinkAsync(world, "new_device");
        var query = new Uri(link).Query;
        (await another.Browser.GetAsync("signin/not-me" + query)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        foreach (var broken in new[] { "", "?token=", "?token=gh_ln_x", query[..^1], query.Replace("gh_ln_", "gh_ss_", StringComparison.Ordinal) })
            (await other.GetAsync("signin/not-me" + broken)).Status.ShouldBe(HttpStatusCode.BadRequest);
        // Nor is it a link to set a password, nor is one of those a link to this.
        (await other.GetAsync("signin/reset" + query)).Status.ShouldBe(HttpStatusCode.BadRequest);
        server.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        var form = (await other.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Was it not you?");
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await other.SubmitAsync(form, [])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.AuditAsync("account.disowned")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task An_address_that_is_hers_no_longer_ends_sessions_and_takes_no_password(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var other = world.AnotherBrowser();
        await other.SignInAsync(SignInWorld.Email);
        var link = await NotMeLinkAsync(world, "new_device");
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        {
            using var added = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/emails", new { address = "new@example.com", verified = true });
            added.IsSuccessStatusCode.ShouldBeTrue();
            using var got = await admin.GetAsync($"api/v1/users/{world.UserId}");
            var ids = (await got.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails").EnumerateArray().ToDictionary(e => e.GetProperty("address").GetString()!, e => e.GetProperty("id").GetString());
            using var primary = await admin.PostAsync($"api/v1/users/{world.UserId}/emails/{ids["new@example.com"]}/primary", null);
            primary.IsSuccessStatusCode.ShouldBeTrue();
            using var removed = await admin.DeleteAsync($"api/v1/users/{world.UserId}/emails/{ids[SignInWorld.Email]}");
            removed.IsSuccessStatusCode.ShouldBeTrue();
        }
        var done = await other.SubmitAsync(await other.GetAsync(link), []);
        done.ShouldBe(HttpStatusCode.OK, "Your password is as it was");
        (await other.IsSignedInAsync()).ShouldBeFalse();
        (await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).ShouldNotContain(m => m.Template == "account_secured");
        (await world.Browser.SignInAsync("new@example.com")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Stands_in_every_notice_and_in_both_languages(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/password"), [("current", PageBrowser.Password), ("new", Fresh)], "account/password");
        var form = (await world.Browser.GetAsync(await NotMeLinkAsync(world, "password_changed"))).ShouldBe(HttpStatusCode.OK, "Was it not you?");
        (await world.Browser.SubmitAsync(form, [])).ShouldBe(HttpStatusCode.OK, "Signed out everywhere");
        using var persian = world.AnotherBrowser();
        persian.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fa");
        await persian.SubmitAsync(await persian.GetAsync(await world.LinkAsync("account_secured")), [("password", PageBrowser.Password)]);
        (await persian.GetAsync(await NotMeLinkAsync(world, "password_changed"))).ShouldBe(HttpStatusCode.OK, "کار شما نبوده است؟");
    }

    private static Task<string> NotMeLinkAsync(SignInWorld world, string template) => Mailbox.NotMeLinkAsync(world.Server, world.Tenant, SignInWorld.Email, template);
}
