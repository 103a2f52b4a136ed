using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>What a tenant's own flow asks, over the pages and over the API.</summary>
public sealed class FlowScenarioTests
{
    private const string Terms = """{"id":"tos","type":"terms","terms":"tos","version":"1","title":{"en":"Terms of use","fa":"شرایط"},"text":{"en":"Be kind."},"url":"https://example.com/tos"}""";

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Denies_whom_the_flow_denies(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"d","type":"deny","when":{"attribute":{"name":"department","in":["closed"]}}}""");
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var patched = await admin.PatchAsJsonAsync($"api/v1/users/{world.UserId}", new { attributes = new { department = "closed" } }))
            patched.IsSuccessStatusCode.ShouldBeTrue();
        using var second = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await second.PasswordAsync(SignInWorld.Email)).Problem.ShouldNotBeNull();
        (await world.AuditAsync("session.refused"))[0].Reason.ShouldBe("sign_in_denied");
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task A_password_alone_does_not_do_where_the_flow_wants_a_passkey(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, """{"id":"k","type":"first_factor","any_of":["passkey"],"when":{"attribute":{"name":"staff","in":["true"]}}}""", FlowWorld.First);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var patched = await admin.PatchAsJsonAsync($"api/v1/users/{world.UserId}", new { attributes = new { staff = true } }))
            patched.IsSuccessStatusCode.ShouldBeTrue();
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        var right = await driver.PasswordAsync(SignInWorld.Email);
        (await world.AuditAsync("session.refused"))[0].Reason.ShouldBe("method_not_allowed");
        using var again = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await again.PasswordAsync(SignInWorld.Email, "not her password at all")).ShouldBe(right, "whoever guesses finds nothing out");
        right.Problem.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task A_second_step_must_be_set_up_from_its_date_on(Drive drive, TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server);
        var from = server.Clock.GetUtcNow().AddDays(14).ToString("O");
        await FlowWorld.PutAsync(server, world.Tenant, FlowWorld.First, $$"""{"id":"s","type":"second_factor","enrol":true,"enrol_from":"{{from}}"}""");
        using var driver = await Driver.OpenAsync(drive, server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        server.Clock.Advance(TimeSpan.FromDays(15));
        using var later = await Driver.OpenAsync(drive, server, world.Tenant);
        (await later.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("enrol_totp"));
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Terms_are_agreed_to_once_in_each_version_and_after_the_proof(Drive drive, TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, FlowWorld.Second, Terms);
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("totp"));
        if (driver is ApiDriver early) (await early.App.AnswerAsync("terms", ("accept", "yes"), ("terms", "tos"), ("version", "1"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await driver.AnswerAsync("totp", "code", world.Code())).At.ShouldBe(drive == Drive.Pages ? "/signin/terms" : "terms");
        if (driver is ApiDriver api)
        {
            (await api.App.AnswerAsync("terms", ("accept", "yes"), ("terms", "tos"), ("version", "0"))).Body.GetProperty("code").GetString().ShouldBe("terms_not_accepted");
            (await api.App.AnswerAsync("terms", ("accept", "yes"), ("terms", "tos"), ("version", "1"))).Body.GetProperty("state").GetString().ShouldBe("completed");
        }
        else
        {
            (await driver.AnswerAsync("terms", "accept", "no")).Problem.ShouldNotBeNull();
            (await driver.AnswerAsync("terms", "accept", "yes")).ShouldBe(new Stand("done"));
        }
        (await world.MethodsAsync()).ShouldBe(["pwd", "otp", "mfa"]);
        (await world.AuditAsync("terms.accepted")).Count.ShouldBe(1);

        using var again = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await again.PasswordAsync(SignInWorld.Email);
        (await again.AnswerAsync("recovery_code", "code", world.Codes[0])).ShouldBe(new Stand("done"));
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, FlowWorld.Second, Terms.Replace("\"version\":\"1\"", "\"version\":\"2\"", StringComparison.Ordinal));
        using var third = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await third.PasswordAsync(SignInWorld.Email);
        (await third.AnswerAsync("recovery_code", "code", world.Codes[1])).At.ShouldContain("terms");
    }

    [Theory, BothDatabases]
    public async Task Recovery_codes_are_shown_where_terms_are_agreed_to_in_the_same_sign_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"s","type":"second_factor","enrol":true}""", Terms);
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).At.ShouldBe("terms");
        var agreed = await ((ApiDriver)driver).App.AnswerAsync("terms", ("accept", "yes"), ("terms", "tos"), ("version", "1"));
        HeadlessApp.Open(agreed.Body).ShouldBe(["enrol_totp"]);
        var key = Protocols.Otp.KeyText.Decode(agreed.Body.GetProperty("steps")[0].GetProperty("data").GetProperty("key").GetString()!)!;
        (await driver.AnswerAsync("enrol_totp", "code", TwoStepWorld.CodeOf(key, world.Server))).ShouldBe(new Stand("done"));
        driver.RecoveryCodes.Count.ShouldBe(10);
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task The_address_leads_to_what_the_flow_begins_with(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { methods = new[] { "password", "passkey", "email_code" } } });
        const string ByMail = """{"id":"m","type":"first_factor","any_of":["email_code","passkey"]}""";
        await FlowWorld.PutAsync(world.Server, world.Tenant, ByMail);
        using (var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant))
        {
            await driver.BeginAsync();
            (await driver.AnswerAsync("identifier", "email", SignInWorld.Email)).ShouldBe(new Stand("email_code"));
            if (driver is PageDriver pages)
                (await pages.Browser.GetAsync(pages.Page.Address.AbsoluteUri.Replace("/signin/email", "/signin/password", StringComparison.Ordinal))).Address.AbsolutePath.ShouldEndWith("/signin/email");
            else
                (await driver.AnswerAsync("password", "password", PageBrowser.Password)).Problem.ShouldBe("step_not_open");
        }

        // Nobody knows yet whether she is an administrator: what comes first for them is offered, and held against her after the proof.
        await FlowWorld.PutAsync(world.Server, world.Tenant, ByMail.Replace("}", ""","when":{"role":["administrator"]}}""", StringComparison.Ordinal), FlowWorld.First);
        using var perhaps = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await perhaps.BeginAsync();
        (await perhaps.AnswerAsync("identifier", "email", SignInWorld.Email)).ShouldBe(new Stand("email_code"));
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task An_address_is_of_no_use_where_the_flow_begins_with_passkeys_alone(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, """{"id":"k","type":"first_factor","any_of":["passkey"]}""");
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await driver.BeginAsync();
        var stand = await driver.AnswerAsync("identifier", "email", SignInWorld.Email);
        stand.At.ShouldBe("identifier");
        stand.Problem.ShouldNotBeNull();
        (await driver.AnswerAsync("identifier", "email", "nobody@example.com")).ShouldBe(stand with { Problem = stand.Problem!.Replace(SignInWorld.Email, "nobody@example.com", StringComparison.Ordinal) });
    }

    [Theory, BothDatabases]
    public async Task Who_does_not_get_in_has_set_up_nothing_either(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"s","type":"second_factor","enrol":true}""", """{"id":"d","type":"deny","when":{"method":["otp"]}}""");
        using var driver = await Driver.OpenAsync(Drive.Pages, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("enrol_totp"));
        (await driver.AnswerAsync("enrol_totp", "code", TwoStepWorld.CodeOf(((PageDriver)driver).EnrolKey, world.Server))).Problem.ShouldNotBeNull();
        (await world.AuditAsync("second_step.added")).ShouldBeEmpty();
        (await world.AuditAsync("session.refused"))[0].Reason.ShouldBe("sign_in_denied");
        (await world.MailsAsync()).ShouldNotContain("second_step_added");
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task A_password_sets_up_nothing_beside_a_passkey(Drive drive, TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        await FlowWorld.PutAsync(world.People.Server, world.People.Tenant, FlowWorld.First, """{"id":"s","type":"second_factor","enrol":true}""");
        using var driver = await Driver.OpenAsync(drive, world.People.Server, world.People.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).Problem.ShouldNotBeNull();
        (await world.People.AuditAsync("session.refused"))[0].Reason.ShouldBe("method_not_allowed");
        (await world.SignInAsync()).Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Theory, BothDatabases]
    public async Task No_flow_talks_an_application_out_of_the_level_it_demands(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First);
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"), "a flow without a second step asks for none");
        var app = ((ApiDriver)driver).App;
        await app.StartAsync("urn:gatehouse:acr:2fa");
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        HeadlessApp.Open((await app.AnswerAsync("password", ("password", PageBrowser.Password))).Body)[0].ShouldBe("totp");
    }

    [Theory, BothDatabases]
    public async Task New_people_go_through_the_flow_as_well(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Terms);
        var page = await world.Browser.SignUpAsync("bea@example.com", "Bea");
        page.ShouldBe(HttpStatusCode.OK, "Be kind.").Address.AbsolutePath.ShouldEndWith("/signin/terms");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(page, [("accept", "yes")])).Address.AbsolutePath.ShouldEndWith("/account");
    }
}
