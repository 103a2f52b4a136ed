using System.Net;
using System.Net.Http.Json;
using Gatehouse.Protocols.Otp;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>One set of scenarios for the pages and for the JSON API, on both databases.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<Drive, TestDatabase> Everywhere => new() { { Drive.Pages, TestDatabase.Sqlite }, { Drive.Pages, TestDatabase.Postgres }, { Drive.Api, TestDatabase.Sqlite }, { Drive.Api, TestDatabase.Postgres } };

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_password_signs_in_after_a_wrong_one(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email, "not the password at all")).ShouldBe(new Stand("password", "credentials_wrong"));
        (await driver.AnswerAsync("password", "password", PageBrowser.Password)).ShouldBe(new Stand("done"));
        (await world.AuditAsync("session.refused"))[0].Reason.ShouldBe("wrong_password");
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Nobody_and_a_wrong_password_get_one_answer(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        var known = await driver.PasswordAsync(SignInWorld.Email, "not the password at all");
        (await driver.PasswordAsync("who@example.com", "not the password at all")).ShouldBe(known);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_disabled_user_is_refused_as_with_a_wrong_password(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var disabled = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/disable", new { }))
            disabled.IsSuccessStatusCode.ShouldBeTrue();
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("password", "credentials_wrong"));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Guessing_ends_and_the_right_password_with_it(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { limits = new { failures_per_user = 3 } });
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await driver.PasswordAsync(SignInWorld.Email, "wrong number one of these");
        for (var i = 0; i < 2; i++) await driver.AnswerAsync("password", "password", $"wrong number {i} of these");
        (await driver.AnswerAsync("password", "password", PageBrowser.Password)).ShouldBe(new Stand("password", "credentials_wrong"));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_code_follows_the_password_where_she_has_a_second_step(Drive drive, TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("totp"));
        (await driver.AnswerAsync("totp", "code", "")).ShouldBe(new Stand("totp", "code_missing"));
        (await driver.AnswerAsync("totp", "code", world.WrongCode())).ShouldBe(new Stand("totp", "code_wrong"));
        var code = world.Code();
        (await driver.AnswerAsync("totp", "code", code)).ShouldBe(new Stand("done"));
        (await world.MethodsAsync()).ShouldBe(["pwd", "otp", "mfa"]);

        using var other = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await other.PasswordAsync(SignInWorld.Email);
        (await other.AnswerAsync("totp", "code", code)).ShouldBe(new Stand("totp", "code_wrong"), "a code is good once");
        (await other.AnswerAsync("recovery_code", "code", world.Codes[0])).ShouldBe(new Stand("done"));
        (await world.AuditAsync("recovery_code.used")).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_second_step_is_set_up_where_the_tenant_requires_one(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { second_factor = "required" } });
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("enrol_totp"));
        var key = KeyText.Decode(driver.Key)!;
        (await driver.AnswerAsync("enrol_totp", "code", "000000")).Problem.ShouldBe("code_wrong");
        (await driver.AnswerAsync("enrol_totp", "code", TwoStepWorld.CodeOf(key, world.Server))).ShouldBe(new Stand("done"));
        driver.RecoveryCodes.Count.ShouldBe(10);
        using var next = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await next.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("totp"));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_password_that_must_change_is_replaced_after_the_second_step_and_before_there_is_a_session(Drive drive, TestDatabase database)
    {
        const string given = "given to her by somebody", own = "quite another sequence of words";
        await using var world = await TwoStepWorld.OpenAsync(database);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var set = await admin.PutAsJsonAsync($"api/v1/users/{world.UserId}/password", new { password = given, must_change = true }))
            set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var before = (await world.AuditAsync("session.started")).Count;
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email, given)).ShouldBe(new Stand("totp"));
        if (driver is ApiDriver api)
        {
            var (status, body) = await api.App.AnswerAsync("new_password", ("new_password", own));
            (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Conflict, "step_not_open"));
        }
        (await driver.AnswerAsync("totp", "code", world.Code())).ShouldBe(new Stand("new_password"));
        (await driver.AnswerAsync("new_password", "new_password", "short")).ShouldBe(new Stand("new_password", "password_too_short"));
        (await driver.AnswerAsync("new_password", "new_password", given)).ShouldBe(new Stand("new_password", "password_used_before"));
        (await world.AuditAsync("session.started")).Count.ShouldBe(before);
        (await driver.AnswerAsync("new_password", "new_password", own)).ShouldBe(new Stand("done"));
        (await world.AuditAsync("password.changed")).ShouldBe(["administrator"]);
        (await world.MethodsAsync()).OrderBy(m => m, StringComparer.Ordinal).ShouldBe(["mfa", "otp", "pwd"]);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_new_address_forgets_what_was_proved(Drive drive, TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("totp"));
        if (driver is ApiDriver api)
        {
            // The identifier is not open between the steps: a program begins anew instead.
            (await api.App.AnswerAsync("identifier", ("email", "eve@example.com"))).Status.ShouldBe(HttpStatusCode.Conflict);
            return;
        }
        var browser = ((PageDriver)driver).Browser;
        var code = await browser.GetAsync("signin");
        await browser.SubmitAsync(code, [("email", "eve@example.com")], "/signin?");
        (await browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_code_by_mail_signs_in_where_that_is_offered(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { methods = new[] { "email_code" } } });
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await driver.BeginAsync();
        (await driver.AnswerAsync("identifier", "email", SignInWorld.Email)).ShouldBe(new Stand("email_code"));
        var (code, _) = await EmailCodeStepTests.MailAsync(world);
        (await driver.AnswerAsync("email_code", "code", "")).ShouldBe(new Stand("email_code", "code_missing"));
        (await driver.AnswerAsync("email_code", "code", code == "000000" ? "000001" : "000000")).ShouldBe(new Stand("email_code", "code_wrong"));
        (await driver.AnswerAsync("email_code", "code", code)).ShouldBe(new Stand("done"));
        using var other = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        await other.BeginAsync();
        await other.AnswerAsync("identifier", "email", SignInWorld.Email);
        (await other.AnswerAsync("email_code", "code", code == "000000" ? "000001" : code)).ShouldBe(new Stand("email_code", "code_wrong"), "a code is good once, and in its own run");
    }
}
