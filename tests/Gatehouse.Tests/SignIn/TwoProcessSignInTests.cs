using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>What begins on one process goes on on the other, counts once over both, and what a tenant changes on one holds on the other.</summary>
public sealed class TwoProcessSignInTests(TwoProcesses processes) : IClassFixture<TwoProcesses>
{
    private const string Terms = """{"id":"tos","type":"terms","terms":"tos","version":"1","title":{"en":"Terms of use"},"text":{"en":"Be kind."}}""";
    private const string Collect = """{"id":"more","type":"collect","fields":[{"attribute":"company","schema":{"type":"string"},"label":{"en":"Company"},"required":true}]}""";

    /// <summary>What is promised: a change takes effect in every process within a second.</summary>
    private static readonly TimeSpan promised = TimeSpan.FromSeconds(1);

    /// <summary>How long a busy machine may take for it.</summary>
    private static readonly TimeSpan late = TimeSpan.FromSeconds(20);

    /// <summary>A person with a code app; she was last seen at the first process.</summary>
    private async Task<(SignInWorld World, byte[] Key)> TwoStepAsync(object? settings = null)
    {
        var world = await SignInWorld.OpenAsync(processes.First, settings);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.GetAsync("account/two-step/app");
        var key = TwoStepWorld.KeyOf(page);
        (await world.Browser.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(key, processes.First))], "two-step/app")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        await world.Browser.SignOutAsync();
        return (world, key);
    }

    private async Task<(Driver Driver, Balancer Balancer)> OpenAsync(Drive drive, TestTenant tenant)
    {
        if (drive == Drive.Pages)
        {
            var (browser, balancer) = processes.Browser(tenant);
            return (new PageDriver(browser), balancer);
        }
        var (app, its) = await processes.AppAsync(tenant);
        return (new ApiDriver(app), its);
    }

    [Theory, InlineData(Drive.Pages), InlineData(Drive.Api)]
    public async Task A_run_begun_on_one_goes_on_on_the_other_and_ends_on_the_first(Drive drive)
    {
        var (world, key) = await TwoStepAsync();
        using var _ = world;
        var before = (await world.AuditAsync("session.started")).Count;
        var (driver, balancer) = await OpenAsync(drive, world.Tenant);
        using var it = driver;
        balancer.At = 0;
        await driver.BeginAsync();
        balancer.At = 1;
        (await driver.AnswerAsync("identifier", "email", SignInWorld.Email)).ShouldBe(new Stand("password"));
        (await driver.AnswerAsync("password", "password", "not the password at all")).ShouldBe(new Stand("password", "credentials_wrong"));
        (await driver.AnswerAsync("password", "password", PageBrowser.Password)).ShouldBe(new Stand("totp"));
        balancer.At = 0;
        (await driver.AnswerAsync("totp", "code", TwoStepWorld.CodeOf(key, processes.First, 1))).ShouldBe(new Stand("done"));
        (await world.AuditAsync("session.started")).Count.ShouldBe(before + 1);
        if (driver is ApiDriver api)
        {
            balancer.At = 1;
            (await api.App.RedeemAsync(api.Code)).Status.ShouldBe(HttpStatusCode.OK);
        }
        balancer.Served.ShouldAllBe(n => n > 0);
    }

    [Theory, InlineData(Drive.Pages), InlineData(Drive.Api)]
    public async Task Many_that_send_one_code_to_both_get_one_session(Drive drive)
    {
        var (world, key) = await TwoStepAsync(new { limits = new { failures_per_user = 1000, failures_per_ip = 10000 } });
        using var _ = world;
        var before = (await world.AuditAsync("session.started")).Count;
        var (driver, balancer) = await OpenAsync(drive, world.Tenant);
        using var it = driver;
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("totp"));
        var code = TwoStepWorld.CodeOf(key, processes.First, 1);
        if (driver is ApiDriver { App: var app })
        {
            var session = app.Session;
            var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => app.PostAsync("submit", new { auth_session = session, step = "totp", values = new { code } })));
            answers.Count(a => a.Body.TryGetProperty("authorization_code", out var made) && made.ValueKind == JsonValueKind.String).ShouldBe(1);
            answers.ShouldAllBe(a => (int)a.Status < 500);
        }
        else
        {
            var page = (PageDriver)driver;
            var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => page.Browser.SendAsync(page.Page, [("code", code)])));
            answers.ShouldAllBe(a => (int)a.StatusCode < 500);
            foreach (var answer in answers) answer.Dispose();
        }
        (await world.AuditAsync("session.started")).Count.ShouldBe(before + 1);
        balancer.Served.ShouldAllBe(n => n >= 16);
    }

    [Theory, InlineData(Drive.Pages), InlineData(Drive.Api)]
    public async Task A_flow_changed_on_one_is_asked_on_the_other_within_a_second(Drive drive)
    {
        using var world = await SignInWorld.OpenAsync(processes.First);
        async Task<string> AtSecondAsync()
        {
            var (driver, balancer) = await OpenAsync(drive, world.Tenant);
            using var it = driver;
            balancer.At = 1;
            return (await driver.PasswordAsync(SignInWorld.Email)).At;
        }
        (await AtSecondAsync()).ShouldBe("done");       // now in the second process's memory
        await FlowWorld.PutAsync(processes.First, world.Tenant, FlowWorld.First, Terms);
        await Eventually.TrueAsync(async () => await AtSecondAsync() != "done", late, "the other process asks by the new flow");
        await FlowWorld.PutAsync(processes.First, world.Tenant, FlowWorld.First);
        await Eventually.TrueAsync(async () => await AtSecondAsync() == "done", late, "the other process asks by the newest flow");
    }

    [Theory, InlineData(Drive.Pages), InlineData(Drive.Api)]
    public async Task A_program_is_asked_once_and_what_a_person_says_counts_on_both(Drive drive)
    {
        using var world = await SignInWorld.OpenAsync(processes.First);
        await using var hook = await HookServer.StartAsync();
        hook.Answer = http => HookServer.Say(http, """{"decision":"continue","attributes":{"tier":"gold"}}""");
        await HookTests.NewKeyAsync(processes.First, world.Tenant);
        await FlowWorld.PutAsync(processes.First, world.Tenant, FlowWorld.First, hook.Step(), Terms, Collect);
        await Task.Delay(promised);
        var (driver, balancer) = await OpenAsync(drive, world.Tenant);
        using var it = driver;
        balancer.At = 0;
        await driver.BeginAsync();
        balancer.At = 1;
        await driver.AnswerAsync("identifier", "email", SignInWorld.Email);
        (await driver.AnswerAsync("password", "password", PageBrowser.Password)).At.ShouldBe(drive == Drive.Pages ? "/signin/terms" : "terms");
        balancer.At = 0;
        if (driver is ApiDriver api)
            HeadlessApp.Open((await api.App.AnswerAsync("terms", ("terms", "tos"), ("version", "1"), ("accept", "yes"))).Body).ShouldBe(["collect"]);
        else (await driver.AnswerAsync("terms", "accept", "yes")).At.ShouldBe("/signin/details");
        balancer.At = 1;
        (await driver.AnswerAsync("collect", "company", "Acme")).ShouldBe(new Stand("done"));
        hook.Asked.Count.ShouldBe(1);
        using var admin = await processes.First.AdminAsync(world.Tenant);
        using var response = await admin.GetAsync($"api/v1/users/{world.UserId}");
        var attributes = (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("attributes");
        (attributes.GetProperty("tier").GetString(), attributes.GetProperty("company").GetString()).ShouldBe(("gold", "Acme"));
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_page_of_the_tenants_is_left_for_by_one_and_come_back_from_to_the_other_once()
    {
        using var world = await WebStepTests.World.OpenAsync(await SignInWorld.OpenAsync(processes.First));
        await Task.Delay(promised);
        var (browser, balancer) = processes.Browser(world.Inner.Tenant);
        using var it = browser;
        balancer.At = 0;
        var told = await world.LeaveAsync(browser);
        balancer.At = null;
        var back = WebStepTests.World.Back(told, world.Say(told));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => browser.Http.GetAsync(back)));
        answers.ShouldAllBe(a => (int)a.StatusCode < 500);
        foreach (var answer in answers) answer.Dispose();
        (await world.Inner.AuditAsync("session.started")).Count.ShouldBe(1);
        (await world.Inner.AuditAsync("flow.web")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_trusted_on_one_is_trusted_on_the_other_and_once_at_a_time()
    {
        var (world, key) = await TwoStepAsync(TrustWorld.ThirtyDays);
        using var _ = world;
        var (browser, balancer) = processes.Browser(world.Tenant);
        using var it = browser;
        balancer.At = 0;
        var step = await browser.SignInAsync(SignInWorld.Email);
        (await browser.SubmitAsync(step, [("code", TwoStepWorld.CodeOf(key, processes.First, 1)), ("trust", "yes")])).ShouldBe(HttpStatusCode.OK, TrustWorld.Inside);
        for (var at = 1; at >= 0; at--)
        {
            balancer.At = at;
            await browser.SignOutAsync();
            (await browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, TrustWorld.Inside);
        }
        (await world.AuditAsync("device.trust_used")).Count.ShouldBe(2);
        // Ended on one, it is over on the other at once: it is a row.
        using var admin = await processes.First.AdminAsync(world.Tenant);
        using var listed = await admin.GetAsync($"api/v1/users/{world.UserId}/devices");
        var id = (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("id").GetString();
        using var ended = await admin.DeleteAsync($"api/v1/users/{world.UserId}/devices/{id}");
        ended.IsSuccessStatusCode.ShouldBeTrue();
        balancer.At = 1;
        await browser.SignOutAsync();
        (await browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, TrustWorld.Code);
    }

    [Fact]
    public async Task Somebody_registers_on_both_once_and_her_device_is_known_on_both()
    {
        const string email = "bea@example.com";
        using var world = await SignInWorld.OpenAsync(processes.First);
        var (app, balancer) = await processes.AppAsync(world.Tenant);
        using var it = app;
        balancer.At = 0;
        await app.StartAsync(prompt: "create");
        balancer.At = 1;
        (await app.AnswerAsync("sign_up", ("email", email))).Status.ShouldBe(HttpStatusCode.OK);
        var code = (await Registrar.FindCodeAsync(processes.First, world.Tenant, email)).ShouldNotBeNull();
        balancer.At = null;
        // Of many that type it, one proves the address; of many that answer, one makes an account.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.AnswerAsync("sign_up_code", ("code", code))));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.AnswerAsync("sign_up_password", ("password", PageBrowser.Password))));
        answers.ShouldAllBe(a => (int)a.Status < 500);
        var done = answers.Where(a => a.Body.TryGetProperty("authorization_code", out var _)).ShouldHaveSingleItem().Body;
        (await world.AuditAsync("user.registered")).Count(e => e.Outcome == "success").ShouldBe(1);
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
        (await app.RedeemAsync(done.GetProperty("authorization_code").GetString()!)).Status.ShouldBe(HttpStatusCode.OK);
        async Task<string?> SignInAsync(int at, string sent)
        {
            balancer.At = at;
            await app.StartAsync(device: sent);
            await app.AnswerAsync("identifier", ("email", email));
            var (status, body) = await app.AnswerAsync("password", ("password", PageBrowser.Password));
            status.ShouldBe(HttpStatusCode.OK);
            return body.TryGetProperty("device", out var given) ? given.GetString() : null;
        }
        var device = (await SignInAsync(0, "new")).ShouldNotBeNull();
        (await SignInAsync(1, device)).ShouldBeNull("it is known");
        (await SignInAsync(0, device)).ShouldBeNull();
        (await world.MailsAsync(email)).ShouldBe(["new_device", "verify_email_code"]);
    }
}
