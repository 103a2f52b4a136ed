using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>Registration over the pages and over the JSON API: one set of scenarios for both, on both databases.</summary>
public sealed class RegistrationScenarioTests
{
    private const string New = "bea@example.com";
    private const string Collect = """{"id":"more","type":"collect","fields":[{"attribute":"company","schema":{"type":"string","minLength":2},"label":{"en":"Company"},"required":true},{"claim":"family_name","label":{"en":"Family name"}}]}""";
    private const string Terms = """{"id":"tos","type":"terms","terms":"tos","version":"3","title":{"en":"Terms of use"},"text":{"en":"Be kind."}}""";

    internal static async Task<JsonElement?> UserAsync(SignInWorld world, string email = New)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var users = await admin.GetAsync($"api/v1/users?search={email}");
        var items = (await users.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items");
        return items.GetArrayLength() == 0 ? null : items[0].Clone();
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Makes_an_account_of_a_proved_address_and_signs_in(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (await registrar.AskAsync(New)).ShouldBe(new Stand("sent"));
        (await UserAsync(world)).ShouldBeNull("no account before the address is proved");
        (await registrar.ProveAsync(New)).ShouldBe(new Stand("account"));
        (await registrar.AnswerAsync(("password", "short"))).ShouldBe(new Stand("account", "password_too_short"));
        (await UserAsync(world)).ShouldBeNull("nor before there is a credential");
        (await registrar.AnswerAsync(("password", PageBrowser.Password))).ShouldBe(new Stand("done"));
        var user = (await UserAsync(world)).ShouldNotBeNull();
        user.GetProperty("display_name").GetString().ShouldBe("Bea");
        user.GetProperty("emails")[0].GetProperty("verified").GetBoolean().ShouldBeTrue();
        (await world.AuditAsync("user.registered")).ShouldHaveSingleItem().Outcome.ShouldBe("success");
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(New)).ShouldBe(new Stand("done"));
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Asks_what_the_flow_asks_and_writes_it_with_the_account(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", Collect, Terms);
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (string, string)[] whole = [("company", "Acme"), ("family_name", "Doe"), ("terms.tos", "3")];
        (await registrar.RegisterAsync(New, whole[1..])).ShouldBe(new Stand("account", "values_invalid"));
        (await registrar.AnswerAsync([("password", PageBrowser.Password), .. whole[..2]])).ShouldBe(new Stand("account", "terms_not_accepted"));
        (await registrar.AnswerAsync([("password", PageBrowser.Password), .. whole[..2], ("terms.tos", "2")])).ShouldBe(new Stand("account", "terms_not_accepted"));
        (await UserAsync(world)).ShouldBeNull("nobody exists who has not answered");
        (await registrar.AnswerAsync([("password", PageBrowser.Password), .. whole])).ShouldBe(new Stand("done"));
        var user = (await UserAsync(world)).ShouldNotBeNull();
        user.GetProperty("attributes").GetProperty("company").GetString().ShouldBe("Acme");
        user.GetProperty("family_name").GetString().ShouldBe("Doe");
        (await world.AuditAsync("terms.accepted")).Count.ShouldBe(1);
        (await world.AuditAsync("user.collected")).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task A_known_address_gets_the_same_answer_and_its_owner_another_message(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (await registrar.AskAsync(SignInWorld.Email)).ShouldBe(new Stand("sent"));
        (await world.MailsAsync()).ShouldBe(["already_registered"]);
        (await world.AuditAsync("registration.requested")).Single().Reason.ShouldBe("already_registered");
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Keeps_out_whom_the_flow_denies_at_every_step(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var first = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (await first.AskAsync(New)).ShouldBe(new Stand("sent"));
        (await first.ProveAsync(New)).ShouldBe(new Stand("account"));
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", """{"id":"d","type":"deny","when":{"not":{"network":["203.0.113.0/24"]}}}""");
        (await first.AnswerAsync(("password", PageBrowser.Password))).Problem.ShouldBe("registration_closed");
        using var second = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (await second.AskAsync("cat@example.com")).ShouldBe(new Stand("closed", "registration_closed"));
        (await world.MailsAsync("cat@example.com")).ShouldBeEmpty();
        (await UserAsync(world)).ShouldBeNull();
        (await world.AuditAsync("session.started")).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Is_closed_where_the_tenant_closed_it(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { registration = new { open = false } });
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (await registrar.AskAsync(New)).ShouldBe(new Stand("closed", "registration_closed"));
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task What_follows_a_first_proof_follows_this_one(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { registration = new { open = true }, sign_in = new { second_factor = "required" } });
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        (await registrar.RegisterAsync(New)).ShouldBe(new Stand("enrol_totp"));
        (await UserAsync(world)).ShouldNotBeNull();
        (await world.AuditAsync("session.started")).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task An_account_made_meanwhile_stays_whose_it_is(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        await registrar.AskAsync(New);
        (await registrar.ProveAsync(New)).ShouldBe(new Stand("account"));
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, New);
        (await registrar.AnswerAsync(("password", "quite another sequence of words"))).Problem.ShouldBe("email_taken");
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(New)).ShouldBe(new Stand("done"), "with the password that she was given");
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Of_many_answers_at_once_one_makes_an_account(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await Registrar.OpenAsync(drive, world.Server, world.Tenant);
        await registrar.AskAsync(New);
        (await registrar.ProveAsync(New)).ShouldBe(new Stand("account"));
        if (registrar is ApiRegistrar { App: var app })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.AnswerAsync("sign_up_password", ("password", PageBrowser.Password))));
            answers.Count(a => a.Body.TryGetProperty("authorization_code", out _)).ShouldBe(1);
            answers.ShouldAllBe(a => (int)a.Status < 500);
        }
        else await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => registrar.AnswerAsync(("password", PageBrowser.Password))));
        (await world.AuditAsync("user.registered")).Count.ShouldBe(1);
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }
}
