using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Testing;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

/// <summary>Who has passkeys and no password: her mailbox alone must not make a way around them.</summary>
public sealed class PasskeyRecoveryTests
{
    private const string Fresh = "quite another sequence of words";

    /// <summary>A person with a passkey whose password an administrator has taken away.</summary>
    private static async Task<PasskeyWorld> OpenAsync(TestServer server, int hours, string? number = null)
    {
        var world = PasskeyWorld.Of(await SignInWorld.OpenAsync(server, RecoveryWorld.Settings(hours, "password", "passkey")));
        await world.AddAsync(world.Browser, world.Key);
        await world.Browser.SignOutAsync();
        using var admin = await server.AdminAsync(world.People.Tenant);
        await (await admin.PostAsJsonAsync($"api/v1/users/{world.People.UserId}/password-reset", new { delivery = "link", revoke = true })).ReadJsonAsync(HttpStatusCode.OK);
        if (number is not null) await (await admin.PostAsJsonAsync($"api/v1/users/{world.People.UserId}/phones", new { number, verified = true })).ReadJsonAsync(HttpStatusCode.Created);
        return world;
    }

    private static async Task<PageView> ForgotAsync(PasskeyWorld world, PageBrowser browser)
    {
        (await browser.SubmitAsync(await browser.GetAsync("signin/forgot"), [("email", SignInWorld.Email)])).ShouldBe(HttpStatusCode.OK, "Check your mail");
        return await browser.GetAsync(await world.People.LinkAsync("reset_password"));
    }

    private static async Task PassAsync(TestServer server, TimeSpan time)
    {
        server.Clock.Advance(time);
        for (var turn = 0; turn < 2; turn++) await server.Services.GetRequiredService<RecoveryReminders>().RunAsync(default);
    }

    [Theory, BothDatabases]
    public async Task Begins_a_recovery_instead_of_setting_a_password(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await OpenAsync(server, 24, SmsWorld.Number);
        using var her = world.People.AnotherBrowser();
        var page = (await ForgotAsync(world, her)).ShouldBe(HttpStatusCode.OK, "Have you lost all of them?");
        page.Text.ShouldContain("it takes 1 day");
        var reset = await world.People.LinkAsync("reset_password");
        // The page that sets a password is closed to her, however she sends to it.
        using (var forged = await her.Http.PostAsync(reset, new FormUrlEncodedContent(new Dictionary<string, string>(page.Form("recover/text").Hidden) { ["password"] = Fresh }))) forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        page = await her.SubmitAsync(page, [], "recover/text");
        page = (await her.SubmitAsync(page, [("code", await server.TextedCodeAsync(world.People.Tenant))], "/signin/recover?")).ShouldBe(HttpStatusCode.OK, "Check your mail");
        (await her.GetAsync(reset)).Status.ShouldBe(HttpStatusCode.BadRequest, "it is used");
        await her.SubmitAsync(await her.GetAsync(await world.People.LinkAsync("recovery_confirm")), []);
        await PassAsync(server, TimeSpan.FromHours(24));
        var form = (await her.GetAsync(await world.People.LinkAsync("recovery_ready"))).ShouldBe(HttpStatusCode.OK, "Choose a password to sign in with");
        (await her.SubmitAsync(form, [])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await her.SubmitAsync(form, [("password", "short")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await her.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your account is recovered");
        (await her.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        await world.RefuseAsync("credential_unknown");
    }

    [Theory, BothDatabases]
    public async Task Ends_when_the_passkey_is_used(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await OpenAsync(server, 24);
        using var thief = world.People.AnotherBrowser();
        var page = await ForgotAsync(world, thief);
        await thief.SubmitAsync(page, [("way", "administrator")]);
        await thief.SubmitAsync(await thief.GetAsync(await world.People.LinkAsync("recovery_confirm")), []);
        (await ForgotAsync(world, thief)).ShouldBe(HttpStatusCode.OK, "The recovery is under way");
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.People.AuditAsync("recovery.cancelled")).ShouldHaveSingleItem().Reason.ShouldBe("signed_in");
    }

    private static Task<string> NotMeAsync(PasskeyWorld world, string template) => Mailbox.NotMeLinkAsync(world.People.Server, world.People.Tenant, SignInWorld.Email, template);

    [Theory, BothDatabases]
    public async Task A_thief_who_added_a_passkey_does_not_keep_the_owner_from_her_password(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = PasskeyWorld.Of(await SignInWorld.OpenAsync(server, RecoveryWorld.Settings(24, "password", "passkey")));
        await world.Browser.SignInAsync(SignInWorld.Email);
        await world.Browser.SignOutAsync();
        using var thief = world.People.AnotherBrowser();
        await world.AddAsync(thief, world.Key);
        using var her = world.People.AnotherBrowser();
        // By the notice of the new device, which knows of no passkey.
        await her.SubmitAsync(await her.GetAsync(await NotMeAsync(world, "new_device")), []);
        var form = (await her.GetAsync(await world.People.LinkAsync("account_secured"))).ShouldBe(HttpStatusCode.OK, "Set a new password");
        (await her.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
    }

    [Theory, BothDatabases]
    public async Task A_notice_in_the_mailbox_takes_no_last_passkey_away(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await OpenAsync(server, 24);
        using var reader = world.People.AnotherBrowser();
        await reader.SubmitAsync(await reader.GetAsync(await NotMeAsync(world, "passkey_added")), []);
        (await reader.GetAsync(await world.People.LinkAsync("account_secured"))).ShouldBe(HttpStatusCode.OK, "Have you lost all of them?");
        (await ForgotAsync(world, reader)).ShouldBe(HttpStatusCode.OK, "Have you lost all of them?");
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task An_administrators_link_sets_a_password_all_the_same_and_so_does_every_link_where_recovery_is_off()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using (var world = await OpenAsync(server, 24))
        {
            using var admin = await server.AdminAsync(world.People.Tenant);
            (await admin.PostAsJsonAsync($"api/v1/users/{world.People.UserId}/password-reset", new { })).EnsureSuccessStatusCode();
            var link = await world.People.LinkAsync("administrator_reset");
            using var browser = world.People.AnotherBrowser();
            (await browser.GetAsync("signin/recover" + new Uri(link).Query)).Status.ShouldBe(HttpStatusCode.BadRequest);
            (await browser.SubmitAsync((await browser.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Set a new password"), [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        }
        using var off = await OpenAsync(server, 0);
        (await ForgotAsync(off, off.Browser)).ShouldBe(HttpStatusCode.OK, "Set a new password");
    }
}
