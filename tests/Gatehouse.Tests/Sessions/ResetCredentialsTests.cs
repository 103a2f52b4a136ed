using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Sessions;

/// <summary><c>/api/v1/users/{id}/credentials</c> and <c>…/reset</c>.</summary>
public sealed class ResetCredentialsTests
{
    private static async Task<JsonElement> ListAsync(HttpClient admin, string user)
    {
        using var answer = await admin.GetAsync($"api/v1/users/{user}/credentials");
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task<JsonElement> ResetAsync(HttpClient admin, string user, bool endSessions, params string[] kinds)
    {
        using var answer = await admin.PostAsJsonAsync($"api/v1/users/{user}/credentials/reset", new { kinds, end_sessions = endSessions });
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static int Of(JsonElement taken, string kind) => taken.GetProperty(kind).GetInt32();

    [Theory, BothDatabases]
    public async Task Takes_one_kind_and_leaves_the_others(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var before = await ListAsync(admin, world.UserId);
        before.GetProperty("password").GetProperty("change_due").ValueKind.ShouldBe(JsonValueKind.Null);
        before.GetProperty("totp").ValueKind.ShouldBe(JsonValueKind.Object);
        before.GetProperty("recovery_codes").GetProperty("left").GetInt32().ShouldBe(10);
        (before.GetProperty("sms").ValueKind, before.GetProperty("passkeys").GetArrayLength()).ShouldBe((JsonValueKind.Null, 0));
        before.GetProperty("emails")[0].GetString().ShouldBe(SignInWorld.Email);
        before.ToString().ShouldNotContain("argon2");

        var taken = await ResetAsync(admin, world.UserId, true, "totp");
        (Of(taken, "totp"), Of(taken, "recovery_codes"), Of(taken, "password")).ShouldBe((1, 1, 0), "codes that stand in for nothing go too");
        var after = await ListAsync(admin, world.UserId);
        (after.GetProperty("totp").ValueKind, after.GetProperty("recovery_codes").ValueKind, after.GetProperty("password").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Object));
        (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, "Your account");

        // Nothing of that is left: nothing is taken, and who is signed in stays so.
        var none = await ResetAsync(admin, world.UserId, false, "totp", "sms", "recovery_codes", "trusted_devices", "passkeys");
        none.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).Sum(p => p.Value.GetInt32()).ShouldBe(0);
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.AuditAsync("credentials.reset")).Count.ShouldBe(1);
        (await world.MailsAsync()).Count(m => m == "credentials_reset").ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Takes_everything_and_ends_her_sessions(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        using (var link = await admin.PostAsJsonAsync($"api/v1/users/{world.People.UserId}/password-reset", new { delivery = "mail" })) link.EnsureSuccessStatusCode();
        var stolen = await world.People.LinkAsync("administrator_reset");
        (await ListAsync(admin, world.People.UserId)).GetProperty("passkeys").GetArrayLength().ShouldBe(1);
        var taken = await ResetAsync(admin, world.People.UserId, false, "all");
        (Of(taken, "password"), Of(taken, "passkeys"), taken.GetProperty("sessions_ended").GetBoolean()).ShouldBe((1, 1, true), "a password that goes ends them in any case");
        (await world.People.Browser.IsSignedInAsync()).ShouldBeFalse();
        await world.RefuseAsync("credential_unknown");
        var after = await ListAsync(admin, world.People.UserId);
        (after.GetProperty("password").ValueKind, after.GetProperty("passkeys").GetArrayLength()).ShouldBe((JsonValueKind.Null, 0));
        using var browser = world.People.AnotherBrowser();
        (await browser.GetAsync(stolen)).Html.ShouldNotContain("name=\"password\"");
    }

    [Theory, BothDatabases]
    public async Task Nobody_resets_who_may_do_more_than_she(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob, boss) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("boss"));
        await world.GiveAsync(ann, "user_manager");
        await world.GiveAsync(boss, "administrator");
        using var asAnn = await world.AsAsync(ann);
        await ResetAsync(asAnn, bob, true, "all");
        var body = new { kinds = new[] { "password" } };
        await (await asAnn.PostAsJsonAsync($"api/v1/users/{boss}/credentials/reset", body)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        using var narrow = await world.AsAsync(boss, "users:write");
        await (await narrow.PostAsJsonAsync($"api/v1/users/{ann}/credentials/reset", body)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        foreach (var kinds in (object?[])[null, Array.Empty<string>(), new[] { "everything" }, new[] { "password", null }])
            await (await asAnn.PostAsJsonAsync($"api/v1/users/{bob}/credentials/reset", new { kinds })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "kinds_invalid");
        using var elsewhere = await world.Server.AdminAsync(await world.Server.NewTenantAsync());
        foreach (var id in new[] { bob, "usr_01h455vb4pex5vsknk084sn02q", "nobody" })
        {
            await (await elsewhere.PostAsJsonAsync($"api/v1/users/{id}/credentials/reset", body)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
            await (await elsewhere.GetAsync($"api/v1/users/{id}/credentials")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        }
        await world.Server.ShouldNeedAsync(world.Tenant, "POST", $"api/v1/users/{bob}/credentials/reset", "users:read", body);
        await world.Server.ShouldNeedAsync(world.Tenant, "GET", $"api/v1/users/{bob}/credentials", "users:write");
    }

    // NIST SP 800-63B-4 §4.4: what is invalidated proves nothing from then on, also where it was shown a moment before.
    [Theory, BothDatabases]
    public async Task A_sign_in_under_way_does_not_outlive_the_passkey_that_began_it(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        await FlowWorld.PutAsync(world.People.Server, world.People.Tenant, FlowWorld.First, """{"id":"tos","type":"terms","terms":"tos","version":"1","title":{"en":"Terms of use"},"text":{"en":"Be kind."}}""");
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        var page = (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Be kind.");
        Of(await ResetAsync(admin, world.People.UserId, true, "passkeys"), "passkeys").ShouldBe(1);
        (await world.Browser.SubmitAsync(page, [("accept", "yes")])).Html.ShouldNotContain("Your account");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }
}
