using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Account;

/// <summary>Profile, addresses, activity, messages, data and deletion as pages: without scripts, on the operations that the API has.</summary>
public sealed class OwnPagesTests
{
    [Theory, BothDatabases]
    public async Task Changes_the_profile_and_its_language(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { account = new { visible_attributes = new[] { "team", "level" }, editable_attributes = new[] { "team", "level" } } });
        using (var admin = await world.Server.AdminAsync(world.Tenant))
            await (await admin.PatchAsJsonAsync($"api/v1/users/{world.UserId}", new { attributes = new { level = 3 } })).ReadJsonAsync(HttpStatusCode.OK);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = (await world.Browser.GetAsync("account/profile")).ShouldBe(HttpStatusCode.OK, "Time zone");
        var saved = await world.Browser.SubmitAsync(page,
            [("display_name", "Ann B."), ("given_name", "Ann"), ("family_name", ""), ("locale", "fa"), ("zoneinfo", "Europe/Paris"), ("attribute.team", "<red>"), ("attribute.level", "4")]);
        saved.ShouldBe(HttpStatusCode.OK, "ذخیره شد");
        (await world.Browser.GetAsync("account?lang=en")).ShouldBe(HttpStatusCode.OK, "Ann B.").Text.ShouldContain("<red>");
        var profile = await world.JsonAsync(HttpMethod.Get, "/profile");
        profile.GetProperty("attributes").GetProperty("level").GetInt32().ShouldBe(4, "a number stays one");
        profile.GetProperty("zoneinfo").GetString().ShouldBe("Europe/Paris");

        (await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/profile?lang=en"), [("display_name", new string('x', 201)), ("attribute.team", "")]))
            .ShouldBe(HttpStatusCode.UnprocessableEntity, "Use a name of at most 200 characters");
    }

    [Fact]
    public async Task Ignores_fields_for_what_she_may_not_change()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { account = new { visible_attributes = new[] { "badge" } } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/profile"), [("display_name", "Ann"), ("attribute.badge", "7"), ("attribute.admin", "true")])).ShouldBe(HttpStatusCode.OK, "Saved");
        (await world.JsonAsync(HttpMethod.Get, "/profile")).GetProperty("attributes").EnumerateObject().ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Adds_an_address_by_its_code_and_another_by_its_link(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/emails"), [("address", "code@example.com")], "/emails/add");
        page.ShouldBe(HttpStatusCode.OK, "Confirm your address");
        (await world.Browser.SubmitAsync(page, [("pending", IdOn(page, "pending", "pem")), ("code", "1")], "/emails/verify")).ShouldBe(HttpStatusCode.UnprocessableEntity, "The code is wrong");
        page = await world.Browser.SubmitAsync(page, [("pending", IdOn(page, "pending", "pem")), ("code", await EmailsApiTests.CodeAsync(world, "code@example.com"))], "/emails/verify");
        page.ShouldBe(HttpStatusCode.OK, "The address is yours");

        await world.Browser.SubmitAsync(page, [("address", "link@example.com")], "/emails/add");
        var link = await world.LinkAsync("confirm_email", "link@example.com");
        var shown = (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Add this address?");
        (await world.JsonAsync(HttpMethod.Get, "/emails")).GetProperty("items").GetArrayLength().ShouldBe(2, "looking changes nothing");
        (await world.Browser.SubmitAsync(shown, [])).ShouldBe(HttpStatusCode.OK, "The address is yours").Text.ShouldContain("link@example.com");
        (await world.Browser.SubmitAsync(shown, [])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");

        page = await world.Browser.GetAsync("account/emails");
        var second = Regex.Match(page.Html, "name=\"email\" value=\"(eml_[0-9a-z]+)\"").Groups[1].Value;
        await world.Browser.SubmitAsync(page, [("email", second)], "/emails/primary");
        page = await world.Browser.GetAsync("account/emails");
        await world.Browser.SubmitAsync(page, [("email", Regex.Match(page.Html, "name=\"email\" value=\"(eml_[0-9a-z]+)\"").Groups[1].Value)], "/emails/remove");
        (await world.JsonAsync(HttpMethod.Get, "/emails")).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_link_adds_nothing_to_the_account_of_somebody_else()
    {
        using var world = await SignInWorld.OpenAsync();
        // Eve asks for Ann's other address; Ann, who gets the mail, follows its link.
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using var eve = world.AnotherBrowser();
        await eve.SignInAsync("eve@example.com");
        await eve.SubmitAsync(await eve.GetAsync("account/emails"), [("address", "ann.private@example.com")], "/emails/add");
        var link = await world.LinkAsync("confirm_email", "ann.private@example.com");
        (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Sign in");
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await eve.GetAsync("account/emails")).ShouldBe(HttpStatusCode.OK, "Confirm your address");
    }

    [Fact]
    public async Task Asks_for_a_fresh_sign_in_before_addresses_data_and_deletion()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server, new { account = new { deletion = true } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        var (emails, privacy) = (await world.Browser.GetAsync("account/emails"), await world.Browser.GetAsync("account/privacy"));
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await world.Browser.GetAsync("account/emails")).ShouldBe(HttpStatusCode.OK, "Confirm that it is you").Html.ShouldNotContain("/emails/add");
        (await world.Browser.SubmitAsync(emails, [("address", "x@example.com")], "/emails/add")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await world.Browser.SubmitAsync(privacy, [], "/privacy/data")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await world.Browser.GetAsync("account/privacy/delete")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await world.MailsAsync("x@example.com")).ShouldBeEmpty();
        (await world.MailsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shows_activity_in_words_and_names_a_device()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var sessions = await world.Browser.GetAsync("account/sessions");
        (await world.Browser.SubmitAsync(sessions, [("session", IdOn(sessions, "session", "ses")), ("name", "Kitchen table")], "/sessions/name")).ShouldBe(HttpStatusCode.OK, "Kitchen table");
        (await world.Browser.SubmitAsync(sessions, [("session", IdOn(sessions, "session", "ses")), ("name", "a\u202eb")], "/sessions/name")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = (await world.Browser.GetAsync("account/activity")).ShouldBe(HttpStatusCode.OK, "Signed in");
        page.Text.ShouldContain("Device renamed");
        page.Text.ShouldContain("Account created for you");
        page.Text.ShouldNotContain("session.started");
        (await world.Browser.GetAsync("account/activity?cursor=nonsense")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Turns_messages_off_gives_out_the_data_and_deletes_the_account()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { account = new { deletion = true } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.GetAsync("account/privacy");
        (await world.Browser.SubmitAsync(page, [("application_allowed", "on")], "/privacy/notices")).ShouldBe(HttpStatusCode.OK, "Saved");
        (await world.JsonAsync(HttpMethod.Get, "/notices")).GetProperty("optional").GetProperty("profile_changed").GetBoolean().ShouldBeFalse();
        using (var file = await world.Browser.SendAsync(page, [], "/privacy/data"))
        {
            file.Content.Headers.ContentDisposition!.FileName.ShouldBe($"account-{world.Tenant.Slug}.json");
            (await file.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("profile").GetProperty("id").GetString().ShouldBe(world.UserId);
        }
        var ask = await world.Browser.GetAsync("account/privacy/delete");
        (await world.Browser.SubmitAsync(ask, [("name", "something else")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "This is not what stands above");
        (await world.Browser.SubmitAsync(ask, [("name", SignInWorld.Email)])).ShouldBe(HttpStatusCode.OK, "Your account is deleted");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Says_nothing_of_deletion_where_it_is_not_allowed()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.GetAsync("account/privacy")).Html.ShouldNotContain("/privacy/delete");
        (await world.Browser.GetAsync("account/privacy/delete")).Address.AbsolutePath.ShouldEndWith("/account/privacy");
    }

    [Theory, InlineData("account/profile"), InlineData("account/emails"), InlineData("account/activity"), InlineData("account/privacy"), InlineData("account/privacy/delete"), InlineData("account/confirm")]
    public async Task Asks_a_stranger_to_sign_in(string path)
    {
        using var world = await SignInWorld.OpenAsync();
        (await world.Browser.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Sign in");
    }

    internal static string IdOn(PageView page, string field, string prefix) => Regex.Match(page.Html, $"name=\"{field}\" value=\"({prefix}_[0-9a-z]+)\"").Groups[1].Value;
}
