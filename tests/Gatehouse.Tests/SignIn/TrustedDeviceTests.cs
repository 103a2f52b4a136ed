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

/// <summary>A browser that stands in for the second step; and everything that it must not stand in for.</summary>
public sealed class TrustedDeviceTests
{
    private static readonly object thirtyDays = TrustWorld.ThirtyDays;

    [Theory, BothDatabases]
    public async Task Leaves_the_second_step_out_and_calls_it_one_factor(TestDatabase database)
    {
        var (world, browser, jar) = await TrustingAsync(database);
        await using var _ = world;
        using var __ = browser;
        var cookie = Trust(world, jar)!;
        cookie.HttpOnly.ShouldBeTrue();
        cookie.Value.Length.ShouldBe(6 + 43);
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        (await world.MethodsAsync()).ShouldBe(["pwd"], "a trusted browser proves nothing");
        Trust(world, jar)!.Value.ShouldNotBe(cookie.Value, "each use has a secret of its own");
        (await world.AuditAsync("device.trusted")).Count.ShouldBe(1);
        (await world.AuditAsync("device.trust_used")).Count.ShouldBe(1);
        var device = (await DevicesAsync(world)).EnumerateArray().ShouldHaveSingleItem();
        device.GetProperty("name").GetString().ShouldBe("Firefox, Linux");
        device.GetProperty("last_used_at").ValueKind.ShouldBe(JsonValueKind.String);
        device.GetRawText().ShouldNotContain("gh_td_");

        // Her other browser has nothing of it.
        (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, Code);
    }

    [Theory, BothDatabases]
    public async Task Is_not_offered_where_the_tenant_does_not_let_people_trust(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var jar = new CookieContainer();
        using var browser = PageBrowser.Open(world.Server, world.Tenant, jar);
        var step = await TwoStepWorld.PasswordAsync(browser);
        step.Text.ShouldNotContain("Trust this device");
        await browser.SubmitAsync(step, [("code", world.Code()), ("trust", "yes")]);
        Trust(world, jar).ShouldBeNull();
        (await DevicesAsync(world)).GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task A_recovery_code_trusts_no_browser(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database, thirtyDays);
        var jar = new CookieContainer();
        using var browser = PageBrowser.Open(world.Server, world.Tenant, jar);
        var step = await TwoStepWorld.PasswordAsync(browser);
        step = await browser.GetAsync($"/signin/code{step.Address.Query}&way=recovery_code");
        step.Text.ShouldNotContain("Trust this device");
        (await browser.SubmitAsync(step, [("code", world.Codes[0]), ("trust", "yes")])).ShouldBe(HttpStatusCode.OK, Inside);
        Trust(world, jar).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Carried_to_another_browser_another_user_or_another_tenant_it_is_nothing(TestDatabase database)
    {
        var (world, browser, jar) = await TrustingAsync(database);
        await using var _ = world;
        using var __ = browser;
        using (var thief = With(world, Trust(world, jar)!)) (await TwoStepWorld.PasswordAsync(thief)).ShouldBe(HttpStatusCode.OK, Code);
        using (var guesser = With(world, Device(world, jar))) (await TwoStepWorld.PasswordAsync(guesser)).ShouldBe(HttpStatusCode.OK, Code);

        // Another user in the very same browser.
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        await browser.SignInAsync("eve@example.com");
        var key = TwoStepWorld.KeyOf(await browser.GetAsync("account/two-step/app"));
        await browser.SubmitAsync(await browser.GetAsync("account/two-step/app"), [("code", TwoStepWorld.CodeOf(key, world.Server))], "two-step/app");
        await browser.SignOutAsync();
        (await browser.SignInAsync("eve@example.com")).ShouldBe(HttpStatusCode.OK, Code);

        // The same values at another tenant, under its names.
        await using var other = await TwoStepWorld.OpenAsync(database, thirtyDays);
        var there = new CookieContainer();
        using var elsewhere = PageBrowser.Open(other.Server, other.Tenant, there);
        var step = await TwoStepWorld.PasswordAsync(elsewhere);
        await elsewhere.SubmitAsync(step, [("code", other.Code()), ("trust", "yes")]);
        var (name, device) = (Trust(other, there)!.Name, Device(other, there).Name);
        using var swapped = With(other, new Cookie(name, Trust(world, jar)!.Value), new Cookie(device, Device(world, jar).Value));
        (await TwoStepWorld.PasswordAsync(swapped)).ShouldBe(HttpStatusCode.OK, Code);

        // Nothing of this took hers away.
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
    }

    /// <summary>A copy of all cookies is used first; the owner's next sign-in shows the secret that the copy has used up, and ends both.</summary>
    [Theory, BothDatabases]
    public async Task An_old_secret_is_dead_and_shown_later_ends_the_trust(TestDatabase database)
    {
        var (world, browser, jar) = await TrustingAsync(database, fresh: true);
        await using var _ = world;
        using var __ = browser;
        var (old, device) = (Trust(world, jar)!, Device(world, jar));
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        await browser.SignOutAsync();
        using (var replay = With(world, old, device)) (await TwoStepWorld.PasswordAsync(replay)).ShouldBe(HttpStatusCode.OK, Code);
        (await ReasonsAsync(world)).ShouldBeEmpty("within two minutes it may be a second tab");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        await browser.SignOutAsync();

        world.Advance(TimeSpan.FromMinutes(3));
        using (var later = With(world, old, device)) (await TwoStepWorld.PasswordAsync(later)).ShouldBe(HttpStatusCode.OK, Code);
        (await ReasonsAsync(world)).ShouldBe(["old_secret"]);
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Code);
    }

    [Theory, BothDatabases]
    public async Task Of_64_tabs_at_once_one_is_let_in_by_it_and_the_trust_stays(TestDatabase database)
    {
        var (world, browser, jar) = await TrustingAsync(database);
        await using var _ = world;
        using var __ = browser;
        var (old, device) = (Trust(world, jar)!, Device(world, jar));
        // Each with cookies of its own, as they were when all of them were sent.
        var tabs = Enumerable.Range(0, 64).Select(_ => With(world, old, device)).ToArray();
        var steps = new List<PageView>();
        foreach (var tab in tabs) steps.Add(await tab.SubmitAsync(await tab.GetAsync("signin"), [("email", SignInWorld.Email)]));
        var answers = await Task.WhenAll(tabs.Select((tab, i) => tab.SendAsync(steps[i], [("password", PageBrowser.Password)])));
        var next = answers.SelectMany(a => a.Headers.TryGetValues("Set-Cookie", out var set) ? set : []).Where(c => c.StartsWith(old.Name, StringComparison.Ordinal)).ShouldHaveSingleItem();
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
        (await ReasonsAsync(world)).ShouldBeEmpty();
        (await world.AuditAsync("device.trust_used")).Count.ShouldBe(1);
        using (var winner = With(world, new Cookie(old.Name, next.Split(';')[0].Split('=', 2)[1]), device)) (await TwoStepWorld.PasswordAsync(winner)).ShouldBe(HttpStatusCode.OK, Inside);
        foreach (var tab in tabs) tab.Dispose();
    }

    [Theory, BothDatabases]
    public async Task Ends_after_its_days_and_at_once_where_the_tenant_shortens_them(TestDatabase database)
    {
        var (world, browser, jar) = await TrustingAsync(database, fresh: true);
        await using var _ = world;
        using var __ = browser;
        world.Advance(TimeSpan.FromDays(29));
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        await browser.SignOutAsync();
        await SetDaysAsync(world, 10);
        (await DevicesAsync(world)).GetArrayLength().ShouldBe(0);
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Code);
        await SetDaysAsync(world, 60);
        (await DevicesAsync(world)).GetArrayLength().ShouldBe(1);
        world.Advance(TimeSpan.FromDays(1.5));
        // Thirty days were what she was told.
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Code);
        foreach (var wrong in new[] { -1, 366 })
        {
            using var admin = await world.Server.AdminAsync();
            using var refused = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { trusted_device_days = wrong } });
            await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
        }
    }

    private static async Task SetDaysAsync(TwoStepWorld world, int days)
    {
        using var admin = await world.Server.AdminAsync();
        using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { trusted_device_days = days } });
        await patched.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task A_program_may_not(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database, thirtyDays);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync();
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        var asked = await app.AnswerAsync("password", ("password", PageBrowser.Password));
        asked.Body.GetRawText().ShouldNotContain("trust");
        (await app.AnswerAsync("totp", ("code", world.Code()), ("trust", "yes"))).Body.GetProperty("code").GetString().ShouldBe("member_unknown");
        (await DevicesAsync(world)).GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Devices_of_others_do_not_exist_and_need_a_permission(TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        var id = (await DevicesAsync(world))[0].Id();
        var path = $"api/v1/users/{world.UserId}/devices";
        var stranger = await world.Server.NewTenantAsync(thirtyDays);
        using var foreign = await world.Server.AdminAsync(stranger);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var bob = await SignInWorld.NewUserAsync(world.Server, world.Tenant, "bob@example.com");
        foreach (var (client, method, at, code) in new[] { (foreign, "GET", path, "user_not_found"), (foreign, "DELETE", path, "user_not_found"), (foreign, "DELETE", $"{path}/{id}", "device_not_found"),
            (admin, "DELETE", $"api/v1/users/{bob}/devices/{id}", "device_not_found"), (admin, "DELETE", $"{path}/nonsense", "device_not_found"), (admin, "GET", "api/v1/users/nonsense/devices", "user_not_found") })
        {
            using var response = await client.SendAsync(People.Request(method, at));
            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, code);
        }
        await world.Server.ShouldNeedAsync(world.Tenant, "GET", path, "users:read");
        await world.Server.ShouldNeedAsync(world.Tenant, "DELETE", path, "sessions:read");
        await world.Server.ShouldNeedAsync(world.Tenant, "DELETE", $"{path}/{id}", "sessions:read");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
    }

    [Theory, BothDatabases]
    public async Task She_sees_and_ends_it_on_her_page(TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        await TwoStepWorld.PasswordAsync(browser);
        var page = await browser.GetAsync("account/sessions");
        page.ShouldBe(HttpStatusCode.OK, "Trusted devices").Text.ShouldContain("trusted until");
        var id = (await DevicesAsync(world))[0].Id();
        (await browser.SubmitAsync(page, [("device", id)], "sessions/distrust")).Text.ShouldContain("No trusted devices");
        await browser.SignOutAsync();
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Code);
        (await ReasonsAsync(world)).ShouldBe(["ended_by_user"]);
    }

    [Theory, BothDatabases]
    public async Task Tells_her_by_mail_in_our_own_words(TestDatabase database)
    {
        var (world, browser, _) = await TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        var (_, _, text) = (await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).Where(m => m.Template == "device_trusted").ShouldHaveSingleItem();
        text.ShouldContain("Device: Firefox, Linux.");
        text.ShouldContain("/signin/not-me?token=");
        text.ShouldContain("/account/sessions");
        // Using the trust is no news.
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, Inside);
        (await world.MailsAsync()).Count(t => t == "device_trusted").ShouldBe(1);
    }
}
