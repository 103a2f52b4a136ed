using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed class ResetTests
{
    private const string Fresh = "quite another sequence of words";

    [Theory, BothDatabases]
    public async Task Sets_a_new_password_ends_every_session_and_tells_the_owner(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var elsewhere = world.AnotherBrowser();
        await elsewhere.SignInAsync(SignInWorld.Email);
        await AskAsync(world, SignInWorld.Email);
        var form = (await world.Browser.GetAsync(await world.LinkAsync("reset_password"))).ShouldBe(HttpStatusCode.OK, "Set a new password");
        var done = await world.Browser.SubmitAsync(form, [("password", Fresh)]);
        done.ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await elsewhere.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.MailsAsync()).ShouldBe(["password_changed", "reset_password"]);
        (await world.Browser.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        (await elsewhere.SignInAsync(SignInWorld.Email)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.AuditAsync("password.reset")).Single().Outcome.ShouldBe("success");
    }

    [Fact]
    public async Task Answers_known_and_unknown_addresses_alike()
    {
        using var world = await SignInWorld.OpenAsync();
        var known = await AskAsync(world, SignInWorld.Email);
        var unknown = await AskAsync(world, "who@example.com");
        unknown.Status.ShouldBe(known.Status);
        unknown.Shape().ShouldBe(known.Shape());
        (await world.MailsAsync("who@example.com")).ShouldBeEmpty();
        (await world.AuditAsync("password.reset_requested")).Select(e => e.Reason).ShouldBe(["unknown_user", "link_sent"]);
    }

    [Fact]
    public async Task Sends_nothing_to_a_disabled_user()
    {
        using var world = await SignInWorld.OpenAsync();
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        {
            using var disabled = await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null);
        }
        (await AskAsync(world, SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "If there is an account with this address");
        (await world.MailsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Goes_on_with_the_sign_in_it_interrupted()
    {
        using var world = await SignInWorld.OpenAsync();
        var step = await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/sessions"), [("email", SignInWorld.Email)]);
        var forgot = await world.Browser.GetAsync($"signin/forgot{step.Address.Query}");
        forgot.Html.ShouldContain($"value=\"{SignInWorld.Email}\"");
        await world.Browser.SubmitAsync(forgot, [("email", SignInWorld.Email)]);
        var done = await world.Browser.SubmitAsync(await world.Browser.GetAsync(await world.LinkAsync("reset_password")), [("password", Fresh)]);
        var password = await world.Browser.GetAsync($"signin/password{done.Address.Query}");
        password.ShouldBe(HttpStatusCode.OK, SignInWorld.Email);
        (await world.Browser.SubmitAsync(password, [("password", Fresh)])).Address.AbsolutePath.ShouldEndWith("/account/sessions");
    }

    [Fact]
    public async Task Lets_a_mail_scanner_look_and_works_once()
    {
        using var world = await SignInWorld.OpenAsync();
        await AskAsync(world, SignInWorld.Email);
        var link = await world.LinkAsync("reset_password");
        for (var i = 0; i < 3; i++) (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Set a new password");
        var form = await world.Browser.GetAsync(link);
        await world.Browser.SubmitAsync(form, [("password", Fresh)]);
        (await world.Browser.SubmitAsync(form, [("password", "yet another sequence of words")])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, "Get a new link");
    }

    [Fact]
    public async Task Is_voided_by_a_newer_link()
    {
        using var world = await SignInWorld.OpenAsync();
        await AskAsync(world, SignInWorld.Email);
        var older = await world.LinkAsync("reset_password");
        await AskAsync(world, SignInWorld.Email);
        (await world.Browser.GetAsync(older)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.Browser.GetAsync(await world.LinkAsync("reset_password"))).ShouldBe(HttpStatusCode.OK, "Set a new password");
    }

    [Fact]
    public async Task Expires()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        await AskAsync(world, SignInWorld.Email);
        var form = await world.Browser.GetAsync(await world.LinkAsync("reset_password"));
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        (await world.Browser.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.Browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Keeps_the_link_when_the_password_will_not_do()
    {
        using var world = await SignInWorld.OpenAsync();
        await AskAsync(world, SignInWorld.Email);
        var form = await world.Browser.GetAsync(await world.LinkAsync("reset_password"));
        var again = (await world.Browser.SubmitAsync(form, [("password", "short")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Use at least 15 characters.");
        (await world.Browser.SubmitAsync(again, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
    }

    [Fact]
    public async Task Stays_silent_when_an_address_had_its_share_of_mail()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { limits = new { mails_per_address = 1 } });
        var first = await AskAsync(world, SignInWorld.Email);
        var second = await AskAsync(world, SignInWorld.Email);
        second.Shape().ShouldBe(first.Shape());
        (await world.MailsAsync()).Count.ShouldBe(1);
        (await world.AuditAsync("password.reset_requested")).Select(e => e.Reason).ShouldBe(["mail_limit", "link_sent"]);
        // Nobody can keep her from resetting by asking until no more mail goes out: the link she was sent still works.
        (await world.Browser.GetAsync(await world.LinkAsync("reset_password"))).ShouldBe(HttpStatusCode.OK, "Set a new password");
    }

    private static async Task<PageView> AskAsync(SignInWorld world, string email) =>
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin/forgot"), [("email", email)]);
}
