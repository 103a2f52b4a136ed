using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn.Headless;
using Gatehouse.Tests.Users;
using static Gatehouse.Tests.SignIn.TrustWorld;

namespace Gatehouse.Tests.SignIn;

/// <summary>What ends the trust in a browser, and what it must not stand in for.</summary>
public sealed class TrustEndingTests
{
    public static TheoryData<string, string, TestDatabase> Endings
    {
        get
        {
            TheoryData<string, string, TestDatabase> all = [];
            foreach (var (how, reason) in new[] { ("reset", "password_changed"), ("set", "password_changed"), ("two_step_removed", "second_step_changed"), ("two_step_replaced", "second_step_changed"), ("codes_renewed", "second_step_changed"), ("disowned", "disowned"), ("disowned_by_its_own_notice", "disowned"),
                ("disabled", "user_disabled"), ("revoke_all", "administrator"), ("end_others", "ended_by_user"), ("device_by_admin", "administrator"), ("devices_by_admin", "administrator") })
                foreach (var database in new[] { TestDatabase.Sqlite, TestDatabase.Postgres })
                    all.Add(how, reason, database);
            return all;
        }
    }

    [Theory, MemberData(nameof(Endings))]
    public async Task Ends_with_whatever_gives_reason_to_doubt_it(string how, string reason, TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var (password, key) = (PageBrowser.Password, world.Key);
        switch (how)
        {
            case "reset":
                await world.ResetAsync(password = Fresh);
                break;
            case "set":
                using (var set = await admin.PutAsJsonAsync($"api/v1/users/{world.UserId}/password", new { password = password = Fresh })) set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
            case "two_step_removed":
                using (var removed = await admin.DeleteAsync($"api/v1/users/{world.UserId}/two-step")) removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                await browser.SignInAsync(SignInWorld.Email);
                key = TwoStepWorld.KeyOf(await browser.GetAsync("account/two-step/app"));
                (await browser.SubmitAsync(await browser.GetAsync("account/two-step/app"), [("code", TwoStepWorld.CodeOf(key, world.Server))], "two-step/app")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
                await browser.SignOutAsync();
                break;
            case "two_step_replaced":
                using (var elsewhere = world.AnotherBrowser())
                {
                    await elsewhere.SubmitAsync(await TwoStepWorld.PasswordAsync(elsewhere), [("code", world.Code(1))]);
                    var page = await elsewhere.GetAsync("account/two-step/app");
                    (await elsewhere.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), world.Server))], "two-step/app")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
                }
                break;
            case "codes_renewed":
                using (var elsewhere = world.AnotherBrowser())
                {
                    await elsewhere.SubmitAsync(await TwoStepWorld.PasswordAsync(elsewhere), [("code", world.Code(1))]);
                    (await elsewhere.SubmitAsync(await elsewhere.GetAsync("account/two-step/codes"), [], "two-step/codes")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
                }
                break;
            case "disowned" or "disowned_by_its_own_notice":
                using (var thief = world.AnotherBrowser())
                {
                    await thief.SubmitAsync(await TwoStepWorld.PasswordAsync(thief), [("code", world.Code(1))]);
                    var notice = how == "disowned" ? "new_device" : "device_trusted";
                    await thief.SubmitAsync(await thief.GetAsync(await Mailbox.NotMeLinkAsync(world.Server, world.Tenant, SignInWorld.Email, notice)), []);
                    await thief.SubmitAsync(await thief.GetAsync(await Mailbox.LinkAsync(world.Server, world.Tenant, SignInWorld.Email, "account_secured")), [("password", password = Fresh)]);
                }
                break;
            case "disabled":
                using (await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null)) { }
                using (await admin.PostAsync($"api/v1/users/{world.UserId}/enable", null)) { }
                break;
            case "revoke_all":
                using (var ended = await admin.DeleteAsync($"api/v1/users/{world.UserId}/sessions")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
            case "end_others":
                (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
                using (var elsewhere = world.AnotherBrowser())
                {
                    await elsewhere.SubmitAsync(await TwoStepWorld.PasswordAsync(elsewhere), [("code", world.Code(1))]);
                    await elsewhere.SubmitAsync(await elsewhere.GetAsync("account/sessions"), [], "end-others");
                }
                break;
            case "device_by_admin":
                var id = (await DevicesAsync(world))[0].Id();
                using (var ended = await admin.DeleteAsync($"api/v1/users/{world.UserId}/devices/{id}")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                using (var again = await admin.DeleteAsync($"api/v1/users/{world.UserId}/devices/{id}")) await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "device_not_found");
                break;
            default:
                using (var ended = await admin.DeleteAsync($"api/v1/users/{world.UserId}/devices")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
        }
        (await browser.SignInAsync(SignInWorld.Email, password)).ShouldBe(HttpStatusCode.OK, Code);
        (await ReasonsAsync(world)).ShouldBe([reason]);
        (await DevicesAsync(world)).GetArrayLength().ShouldBe(0);
    }

    /// <summary>What an application demands, and a fresh proof for what is sensitive, no trust makes up for.</summary>
    [Theory, BothDatabases]
    public async Task Is_worth_nothing_where_two_steps_are_demanded_or_a_fresh_proof_is(TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        {
            var made = await admin.CreateClientAsync(new { name = "Shop", type = "public", first_party = true, redirect_uris = new[] { "https://shop.example.com/cb" } });
            var authorize = $"oauth2/authorize?response_type=code&client_id={made.ClientId()}&redirect_uri={Uri.EscapeDataString("https://shop.example.com/cb")}&scope=openid&code_challenge={HeadlessApp.Challenge}&code_challenge_method=S256";
            (await browser.SignInAsync(SignInWorld.Email, path: authorize + "&acr_values=urn:gatehouse:acr:2fa")).ShouldBe(HttpStatusCode.OK, Code);
            // Signed in by trust, one factor: an application that demands two steps asks for the other.
            (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
            (await browser.GetAsync(authorize + "&acr_values=urn:gatehouse:acr:2fa")).ShouldBe(HttpStatusCode.OK, Code);
            (await browser.SignInAsync(SignInWorld.Email, path: authorize + "&prompt=login")).ShouldBe(HttpStatusCode.OK, Code);
        }
        var confirm = await browser.GetAsync("account/two-step/app");
        confirm.Address.AbsolutePath.ShouldEndWith("/signin");
        var step = await browser.SubmitAsync(await browser.SubmitAsync(confirm, [("email", SignInWorld.Email)]), [("password", PageBrowser.Password)]);
        step.ShouldBe(HttpStatusCode.OK, Code);
    }

    [Theory, BothDatabases]
    public async Task A_flow_must_say_that_trust_is_enough(TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, FlowWorld.Second);
        var step = await TwoStepWorld.PasswordAsync(browser);
        step.ShouldBe(HttpStatusCode.OK, Code).Text.ShouldNotContain("Trust this device");
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"second","type":"second_factor","enrol":true,"trusted_device":true}""");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        await browser.SignOutAsync();
        // One that takes it does not speak for another.
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"a","type":"second_factor","trusted_device":true}""", """{"id":"b","type":"second_factor","when":{"platform":["linux"]}}""");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Code);
    }

    [Theory, BothDatabases]
    public async Task Flows_deny_by_trust_and_platform(TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        const string denied = "You cannot sign in here";
        const string second = """{"id":"s","type":"second_factor","trusted_device":true}""";
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, second, """{"id":"d","type":"deny","when":{"not":{"device":"trusted"}}}""");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        await browser.SignOutAsync();
        (await world.PasswordAsync()).Text.ShouldContain(denied);

        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, second, """{"id":"d","type":"deny","when":{"device":"new"}}""");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        await browser.SignOutAsync();
        (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, Code);
        using (var stranger = world.AnotherBrowser()) (await TwoStepWorld.PasswordAsync(stranger)).Text.ShouldContain(denied);

        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, second, """{"id":"d","type":"deny","when":{"platform":["linux","windows"]}}""");
        (await TwoStepWorld.PasswordAsync(browser)).Text.ShouldContain(denied);
        (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, Code);
        (await world.AuditAsync("session.refused")).ShouldAllBe(reason => reason == "sign_in_denied");
    }

    [Theory, BothDatabases]
    public async Task A_password_that_is_due_is_changed_after_a_code(TestDatabase database)
    {
        var (world, browser, jar) = await TrustingAsync(database, fresh: true, new { sign_in = new { trusted_device_days = 30 }, passwords = new { max_age_days = 10 } });
        await using var _ = world;
        using var __ = browser;
        world.Advance(TimeSpan.FromDays(11));
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Code);
        Trust(world, jar).ShouldNotBeNull();
    }
}
