using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>One complete, right sign-in, spoiled in one thing per test.</summary>
public sealed class PasskeyStepTests
{
    [Theory, BothDatabases]
    public async Task Signs_in_with_a_passkey_and_nothing_else(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.Browser.GetAsync("account/passkeys")).ShouldBe(HttpStatusCode.OK, "last used just now");
        (await world.People.AuditAsync("session.started")).Count.ShouldBe(2);
        await world.Browser.SignOutAsync();
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, InlineData(0x1D, "swk user mfa"), InlineData(0x05, "hwk user mfa")]
    public async Task Says_what_was_done(int flags, string methods)
    {
        using var world = await PasskeyWorld.OpenAsync();
        world.Key.Flags = (byte)flags;
        await world.AddAsync(world.Browser, world.Key);
        await world.Browser.SignOutAsync();
        await world.SignInAsync();
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        var body = await (await admin.GetAsync("api/v1/audit?action=session.started&limit=1")).ReadJsonAsync(HttpStatusCode.OK);
        body.GetProperty("items")[0].GetProperty("details").GetProperty("method").GetString().ShouldBe(methods);
    }

    [Fact]
    public async Task Takes_presence_alone_where_the_tenant_does_as_one_factor()
    {
        using var world = await PasskeyWorld.OpenAsync(settings: new { passkeys = new { require_user_verification = false } });
        world.Key.Flags = 0x01;
        await world.AddAsync(world.Browser, world.Key);
        await world.Browser.SignOutAsync();
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Refuses_an_assertion_presented_twice(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        var page = await world.Browser.GetAsync("signin");
        var fields = world.Signed(page);
        (await world.Browser.SubmitAsync(page, fields, "/signin/passkey")).ShouldBe(HttpStatusCode.OK, "Your account");
        await world.Browser.SignOutAsync();
        (await world.Browser.SubmitAsync(page, fields, "/signin/passkey")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This passkey did not work here");
        await world.RefuseAsync("webauthn_challenge_unexpected", _ => fields);
    }

    [Theory, BothDatabases]
    public async Task Lets_one_of_many_that_present_an_assertion_at_once_in(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        var page = await world.Browser.GetAsync("signin");
        var fields = world.Signed(page);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.Browser.SendAsync(page, fields, "/signin/passkey")));
        // Who comes so late that the run is over is sent on; nobody but the first has a session.
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(1);
        (await world.People.AuditAsync("session.started")).Count.ShouldBe(2, string.Join(", ", answers.Select(a => a.StatusCode)));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Refuses_another_origin_and_frames_of_others()
    {
        using var world = await PasskeyWorld.EnrolledAsync();
        await world.RefuseAsync("webauthn_origin_unexpected", page => world.Key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), "https://evil.example"));
        await world.RefuseAsync("webauthn_rp_id_unexpected", page => world.Key.Get("evil.example", PasskeyWorld.Data(page, "challenge"), world.Origin));
        world.Key.CrossOrigin = true;
        await world.RefuseAsync("webauthn_cross_origin");
    }

    [Fact]
    public async Task Refuses_what_is_not_a_sign_in_of_this_passkey()
    {
        using var world = await PasskeyWorld.EnrolledAsync();
        world.Key.AssertionType = "webauthn.create";
        await world.RefuseAsync("webauthn_type_unexpected");
        world.Key.AssertionType = null;
        world.Key.Flags = 0x19;
        await world.RefuseAsync("webauthn_user_not_verified");
        world.Key.Flags = 0x1C;
        await world.RefuseAsync("webauthn_user_not_present");
        world.Key.Flags = 0x05;
        await world.RefuseAsync("webauthn_backup_inconsistent");
        world.Key.Flags = 0x1D;
        var handle = world.Key.UserHandle;
        world.Key.UserHandle = [];
        await world.RefuseAsync("webauthn_user_handle_unexpected");
        world.Key.UserHandle = [1, 2, 3];
        await world.RefuseAsync("webauthn_user_handle_unexpected");
        world.Key.UserHandle = handle;
        using var other = new SoftAuthenticator { CredentialId = world.Key.CredentialId, UserHandle = handle };
        await world.RefuseAsync("webauthn_signature_invalid", page => other.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), world.Origin));
        using var unknown = new SoftAuthenticator { UserHandle = handle };
        await world.RefuseAsync("credential_unknown", page => unknown.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), world.Origin));
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Refuses_a_counter_that_does_not_grow()
    {
        using var world = await PasskeyWorld.EnrolledAsync();
        world.Key.SignCount = 5;
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
        await world.Browser.SignOutAsync();
        await world.RefuseAsync("sign_count_regressed");
        world.Key.SignCount = 0;
        await world.RefuseAsync("sign_count_regressed");
        world.Key.SignCount = 6;
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Refuses_another_tenant_s_passkey(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        using var second = await PasskeyWorld.OpenAsync(database);
        var page = await second.Browser.GetAsync("signin");
        var answer = await second.Browser.SubmitAsync(page, world.Key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), second.Origin), "/signin/passkey");
        answer.ShouldBe(HttpStatusCode.UnprocessableEntity, "This passkey did not work here");
        (await second.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    /// <summary>Tenants below one host are one relying party to the device; the very same key may even be in both.</summary>
    [Theory, BothDatabases]
    public async Task Keeps_one_key_in_two_tenants_apart(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        var hers = world.Key.UserHandle;
        using var second = await PasskeyWorld.OpenAsync(database);
        await second.AddAsync(second.Browser, world.Key);
        await second.Browser.SignOutAsync();
        var theirs = world.Key.UserHandle;
        theirs.ShouldNotBe(hers);

        // What the first tenant's user signs is nothing in the second: not under her handle, not over the first one's challenge.
        world.Key.UserHandle = hers;
        await second.RefuseAsync("webauthn_user_handle_unexpected", page => world.Key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), second.Origin));
        world.Key.UserHandle = theirs;
        var asked = await world.Browser.GetAsync("signin");
        await second.RefuseAsync("webauthn_challenge_unexpected", _ => world.Key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(asked, "challenge"), second.Origin));
        world.Key.UserHandle = hers;
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_passkey_removed_between_challenge_and_answer(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        var page = await world.Browser.GetAsync("signin");
        var signed = world.Signed(page);
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        var list = await (await admin.GetAsync($"api/v1/users/{world.People.UserId}/passkeys")).ReadJsonAsync(HttpStatusCode.OK);
        using var removed = await admin.DeleteAsync($"api/v1/users/{world.People.UserId}/passkeys/{list.GetProperty("items")[0].GetProperty("id").GetString()}");
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.Browser.SubmitAsync(page, signed, "/signin/passkey")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This passkey did not work here");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.People.AuditAsync("session.refused"))[0].Reason.ShouldBe("credential_unknown");
    }

    /// <summary>Touch alone is one factor; and so is a verification by a key that did not verify when it was added, which whoever found it may have set up since.</summary>
    [Theory, InlineData(0x01, 0x01), InlineData(0x01, 0x05)]
    public async Task Asks_for_the_second_step_after_a_passkey_that_is_one_factor(int made, int used)
    {
        using var world = await PasskeyWorld.OpenAsync(settings: new { passkeys = new { require_user_verification = false } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        var setUp = await world.Browser.GetAsync("account/two-step/app");
        var totp = TwoStepWorld.KeyOf(setUp);
        await world.Browser.SubmitAsync(setUp, [("code", TwoStepWorld.CodeOf(totp, world.People.Server))], "two-step/app");
        world.Key.Flags = (byte)made;
        var page = await world.Browser.GetAsync("account/passkeys");
        (await world.Browser.SubmitAsync(page, world.Created(page, world.Key), "/passkeys/add")).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
        await world.Browser.SignOutAsync();

        world.Key.Flags = (byte)used;
        var step = (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Enter the code");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(step, [("code", TwoStepWorld.CodeOf(totp, world.People.Server, 1))])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Asks_for_no_second_step_after_a_passkey_that_verified_her()
    {
        using var world = await PasskeyWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var setUp = await world.Browser.GetAsync("account/two-step/app");
        await world.Browser.SubmitAsync(setUp, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(setUp), world.People.Server))], "two-step/app");
        var page = await world.Browser.GetAsync("account/passkeys");
        await world.Browser.SubmitAsync(page, world.Created(page, world.Key), "/passkeys/add");
        await world.Browser.SignOutAsync();
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Answers_a_disabled_person_as_it_does_an_unknown_passkey()
    {
        using var world = await PasskeyWorld.EnrolledAsync();
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        using var disabled = await admin.PostAsync($"api/v1/users/{world.People.UserId}/disable", null);
        disabled.IsSuccessStatusCode.ShouldBeTrue();
        await world.RefuseAsync("user_disabled");
    }

    [Fact]
    public async Task Refuses_a_challenge_after_ten_minutes()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var people = await SignInWorld.OpenAsync(server);
        var page = await people.Browser.GetAsync("signin");
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        using var key = new SoftAuthenticator();
        await people.Browser.SubmitAsync(page, key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), "http://localhost"), "/signin/passkey");
        (await people.AuditAsync("session.refused"))[0].Reason.ShouldBe("challenge_absent");
    }

    [Fact]
    public async Task Slows_an_address_that_fails_too_often()
    {
        using var world = await PasskeyWorld.EnrolledAsync(settings: new { limits = new { failures_per_ip = 5 } });
        for (var i = 0; i < 5; i++) await world.RefuseAsync("malformed", _ => [("id", "!")]);
        await world.RefuseAsync("throttled");
        (await world.People.AuditAsync("session.refused")).Count.ShouldBe(6);
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("id", "!")], "/signin/passkey");
        (await world.People.AuditAsync("session.refused")).Count.ShouldBe(6, "one entry a window");
    }

    [Theory]
    [InlineData("id", "")]
    [InlineData("id", "A")]
    [InlineData("id", "AA==")]
    [InlineData("client_data", "e30")]
    [InlineData("client_data", "AAAA")]
    [InlineData("data", "")]
    [InlineData("data", "AAAA")]
    [InlineData("signature", "")]
    [InlineData("user_handle", "****")]
    public async Task Answers_bad_input_with_a_page(string field, string value)
    {
        using var world = await PasskeyWorld.EnrolledAsync();
        var page = await world.Browser.GetAsync("signin");
        var fields = world.Signed(page).Select(f => f.Name == field ? (f.Name, value) : f).ToArray();
        (await world.Browser.SubmitAsync(page, fields, "/signin/passkey")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This passkey did not work here");
    }

    [Fact]
    public async Task Is_not_offered_where_the_tenant_does_not()
    {
        using var world = await PasskeyWorld.EnrolledAsync();
        using var admin = await world.People.Server.AdminAsync();
        using var off = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.People.Tenant.Id}/settings", new { passkeys = new { enabled = false } });
        off.IsSuccessStatusCode.ShouldBeTrue();
        (await world.Browser.GetAsync("signin")).Html.ShouldNotContain("data-passkey");
        (await world.Browser.SignInAsync(SignInWorld.Email, path: "account/passkeys")).ShouldBe(HttpStatusCode.OK, "This service does not offer passkeys.");
    }
}
