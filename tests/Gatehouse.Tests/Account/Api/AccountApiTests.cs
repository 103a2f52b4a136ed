using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Account.Api;

public sealed class AccountApiTests
{
    private static readonly HttpMethod Get = HttpMethod.Get, Post = HttpMethod.Post, Put = HttpMethod.Put, Patch = HttpMethod.Patch, Delete = HttpMethod.Delete;

    internal static async Task<SignInWorld> SignedInAsync(TestDatabase database = TestDatabase.Sqlite, object? settings = null)
    {
        var world = await SignInWorld.OpenAsync(database, settings);
        await world.Browser.SignInAsync(SignInWorld.Email);
        return world;
    }

    internal static async Task RefuseAsync(SignInWorld world, HttpMethod method, string path, object? body, HttpStatusCode status, string code)
    {
        using var response = await world.CallAsync(method, path, body);
        await response.ShouldBeProblemAsync(status, code);
    }

    [Theory, BothDatabases]
    public async Task Changes_the_profile_and_only_what_she_may(TestDatabase database)
    {
        using var world = await SignedInAsync(database, new { account = new { visible_attributes = new[] { "team", "badge" }, editable_attributes = new[] { "team" } } });
        using (var admin = await world.Server.AdminAsync(world.Tenant))
            await (await admin.PatchAsync($"api/v1/users/{world.UserId}", JsonContent("""{"attributes":{"team":"blue","badge":7,"secret":"x"}}"""))).ReadJsonAsync(HttpStatusCode.OK);
        using var read = await world.CallAsync(Get, "/profile");
        var profile = await read.ReadJsonAsync(HttpStatusCode.OK);
        var etag = read.Headers.ETag!.ToString();
        profile.GetProperty("attributes").ToString().ShouldNotContain("secret");
        profile.GetProperty("attributes").GetProperty("badge").GetInt32().ShouldBe(7);
        profile.GetProperty("editable_attributes")[0].GetString().ShouldBe("team");

        var changed = await world.JsonAsync(Patch, "/profile", new { display_name = "آن ب", given_name = "Ann", locale = "fa", zoneinfo = "Asia/Tehran", attributes = new { team = "red" } });
        changed.GetProperty("display_name").GetString().ShouldBe("آن ب");
        changed.GetProperty("zoneinfo").GetString().ShouldBe("Asia/Tehran");
        changed.GetProperty("attributes").GetProperty("team").GetString().ShouldBe("red");
        using (var stale = await world.CallAsync(Patch, "/profile", new { given_name = "X" }, ("If-Match", etag))) await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        await RefuseAsync(world, Patch, "/profile", new { attributes = new { badge = 8 } }, HttpStatusCode.UnprocessableEntity, "attribute_fixed");
        await RefuseAsync(world, Patch, "/profile", new { attributes = new { secret = "y" } }, HttpStatusCode.UnprocessableEntity, "attribute_unknown");
        await RefuseAsync(world, Patch, "/profile", new { attributes = (object?)null }, HttpStatusCode.UnprocessableEntity, "member_invalid");
        await RefuseAsync(world, Patch, "/profile", new { status = "active" }, HttpStatusCode.UnprocessableEntity, "member_unknown");
        await RefuseAsync(world, Patch, "/profile", new { given_name = "a\u202eb" }, HttpStatusCode.UnprocessableEntity, "name_invalid");
        await RefuseAsync(world, Patch, "/profile", new { zoneinfo = "Mars/Olympus" }, HttpStatusCode.UnprocessableEntity, "zoneinfo_invalid");
        await RefuseAsync(world, Patch, "/profile", new { locale = "not a tag" }, HttpStatusCode.UnprocessableEntity, "locale_invalid");
        (await world.MailsAsync()).ShouldContain("profile_changed");
        (await world.AuditAsync("user.updated")).Count.ShouldBe(2, "the administrator's and hers");
    }

    [Theory, BothDatabases]
    public async Task Lists_and_ends_the_browsers_she_trusts_and_no_others(TestDatabase database)
    {
        using var world = await SignedInAsync(database, new { sign_in = new { trusted_device_days = 14 } });
        var setup = await world.Browser.GetAsync("account/two-step/app");
        var key = TwoStepWorld.KeyOf(setup);
        await TwoStepWorld.ConfirmAsync(world.Browser, world.Server, setup, key);
        (await world.JsonAsync(Get, "/devices")).GetProperty("items").GetArrayLength().ShouldBe(0);
        foreach (var drift in new[] { 0, 1 })
        {
            using var phone = drift == 0 ? null : world.AnotherBrowser();
            var browser = phone ?? world.Browser;
            if (phone is null) await browser.SignOutAsync();
            await browser.SubmitAsync(await browser.SignInAsync(SignInWorld.Email), [("code", TwoStepWorld.CodeOf(key, world.Server, drift)), ("trust", "yes")]);
        }
        var items = (await world.JsonAsync(Get, "/devices")).GetProperty("items").EnumerateArray().ToList();
        items.Select(d => d.GetProperty("current").GetBoolean()).ShouldBe([false, true]);
        items[0].GetProperty("expires_at").GetDateTimeOffset().ShouldBe(items[0].GetProperty("created_at").GetDateTimeOffset().AddDays(14));
        (await world.JsonAsync(Get, "/data")).GetProperty("trusted_devices").GetArrayLength().ShouldBe(2);

        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using (var eve = await SignedInAsync(database)) await RefuseAsync(eve, Delete, $"/devices/{items[0].Id()}", null, HttpStatusCode.NotFound, "device_not_found");
        await RefuseAsync(world, Delete, "/devices/nonsense", null, HttpStatusCode.NotFound, "device_not_found");
        using (var one = await world.CallAsync(Delete, $"/devices/{items[0].Id()}")) one.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await RefuseAsync(world, Delete, $"/devices/{items[0].Id()}", null, HttpStatusCode.NotFound, "device_not_found");
        (await world.JsonAsync(Get, "/devices")).GetProperty("items").GetArrayLength().ShouldBe(1);
        foreach (var _ in new[] { 1, 2 })
            using (var all = await world.CallAsync(Delete, "/devices")) all.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.JsonAsync(Get, "/devices")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await world.AuditAsync("device.trust_revoked")).Select(e => e.Reason).ShouldBe(["ended_by_user", "ended_by_user"]);

        using var nobody = world.Server.Client(world.Tenant);
        foreach (var (method, path) in new[] { (Get, "/devices"), (Delete, "/devices"), (Delete, $"/devices/{items[0].Id()}") })
        {
            using var response = await nobody.CallAsync(method, path, "invented");
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        var token = await world.TokenAsync("account:read");
        using var app = world.Server.Client(world.Tenant);
        using (var read = await app.CallAsync(Get, "/devices", token)) read.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var write = await app.CallAsync(Delete, "/devices", token)) write.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, BothDatabases]
    public async Task Names_and_ends_sessions_of_hers_alone(TestDatabase database)
    {
        using var world = await SignedInAsync(database);
        using var phone = world.AnotherBrowser();
        await phone.SignInAsync(SignInWorld.Email);
        using var tablet = world.AnotherBrowser();
        await tablet.SignInAsync(SignInWorld.Email);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using var eve = world.AnotherBrowser();
        await eve.SignInAsync("eve@example.com");
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var eves = (await (await admin.GetAsync($"api/v1/users/{await IdOfAsync(admin, "eve@example.com")}/sessions")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();

        var items = (await world.JsonAsync(Get, "/sessions?limit=50")).GetProperty("items").EnumerateArray().ToList();
        items.Count.ShouldBe(3);
        items.Count(s => s.GetProperty("current").GetBoolean()).ShouldBe(1);
        var (tabletId, phoneId) = (items[0].Id(), items[1].Id());
        using (var named = await world.CallAsync(Put, $"/sessions/{phoneId}/name", new { name = " گوشی\u200cمن " })) named.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.JsonAsync(Get, "/sessions")).GetProperty("items")[1].GetProperty("name").GetString().ShouldBe("گوشی\u200cمن");
        await RefuseAsync(world, Put, $"/sessions/{phoneId}/name", new { name = "a\nb" }, HttpStatusCode.UnprocessableEntity, "session_name_invalid");
        await RefuseAsync(world, Put, $"/sessions/{eves}/name", new { name = "mine" }, HttpStatusCode.NotFound, "session_not_found");
        await RefuseAsync(world, Delete, $"/sessions/{eves}", null, HttpStatusCode.NotFound, "session_not_found");
        await RefuseAsync(world, Delete, "/sessions/nonsense", null, HttpStatusCode.NotFound, "session_not_found");
        await RefuseAsync(world, Get, "/sessions?limit=0", null, HttpStatusCode.BadRequest, "limit_invalid");
        using (var ended = await world.CallAsync(Delete, $"/sessions/{tabletId}")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await tablet.IsSignedInAsync()).ShouldBeFalse();
        using (var others = await world.CallAsync(Delete, "/sessions")) others.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await phone.IsSignedInAsync()).ShouldBeFalse();
        (await eve.IsSignedInAsync()).ShouldBeTrue();
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Lists_renames_and_removes_passkeys_of_hers_alone()
    {
        using var world = await PasskeyWorld.OpenAsync();
        await world.AddAsync(world.Browser, world.Key);
        var people = world.People;
        var id = (await people.JsonAsync(Get, "/passkeys")).GetProperty("items")[0].Id();
        await SignInWorld.NewUserAsync(people.Server, people.Tenant, "eve@example.com");
        using (var renamed = await people.CallAsync(Put, $"/passkeys/{id}/name", new { name = "Key" })) renamed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await RefuseAsync(people, Put, $"/passkeys/{id}/name", new { name = "" }, HttpStatusCode.UnprocessableEntity, "passkey_name_invalid");
        await people.Browser.SignOutAsync();
        await people.Browser.SignInAsync("eve@example.com");
        await RefuseAsync(people, Put, $"/passkeys/{id}/name", new { name = "Eve's" }, HttpStatusCode.NotFound, "passkey_not_found");
        await RefuseAsync(people, Delete, $"/passkeys/{id}", null, HttpStatusCode.NotFound, "passkey_not_found");
        await people.Browser.SignOutAsync();
        await people.Browser.SignInAsync(SignInWorld.Email);
        using (var removed = await people.CallAsync(Delete, $"/passkeys/{id}")) removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await people.JsonAsync(Get, "/passkeys")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await people.MailsAsync()).ShouldContain("passkey_removed");
    }

    [Fact]
    public async Task Shows_renews_and_removes_the_second_step()
    {
        using var world = await SignedInAsync();
        (await world.JsonAsync(Get, "/two-step")).GetProperty("on").GetBoolean().ShouldBeFalse();
        await RefuseAsync(world, Delete, "/two-step", null, HttpStatusCode.NotFound, "two_step_off");
        await RefuseAsync(world, Post, "/two-step/recovery-codes", null, HttpStatusCode.NotFound, "two_step_off");
        var page = await world.Browser.GetAsync("account/two-step/app");
        await world.Browser.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), world.Server))], "two-step/app");
        (await world.JsonAsync(Get, "/two-step")).GetProperty("methods")[0].GetProperty("name").GetString().ShouldBe("totp");
        (await world.JsonAsync(Post, "/two-step/recovery-codes")).GetProperty("recovery_codes").GetArrayLength().ShouldBe(10);
        using (var removed = await world.CallAsync(Delete, "/two-step")) removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MailsAsync()).ShouldBe(["second_step_removed", "second_step_added"]);
    }

    [Fact]
    public async Task Changes_the_password_and_ends_other_sessions()
    {
        using var world = await SignedInAsync();
        using var elsewhere = world.AnotherBrowser();
        await elsewhere.SignInAsync(SignInWorld.Email);
        await RefuseAsync(world, Post, "/password", new { current = "not it at all", @new = "quite another sequence of words" }, HttpStatusCode.UnprocessableEntity, "current_wrong");
        await RefuseAsync(world, Post, "/password", new { current = PageBrowser.Password, @new = "short" }, HttpStatusCode.UnprocessableEntity, "password_too_short");
        await RefuseAsync(world, Post, "/password", new { @new = "quite another sequence of words" }, HttpStatusCode.UnprocessableEntity, "password_missing");
        using (var changed = await world.CallAsync(Post, "/password", new { current = PageBrowser.Password, @new = "quite another sequence of words" })) changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await elsewhere.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.MailsAsync()).ShouldBe(["password_changed", "new_device"]);
    }

    [Fact]
    public async Task Lists_consents_and_takes_them_back()
    {
        using var world = await SignedInAsync();
        var token = await world.TokenAsync("account:write");
        using var http = world.Server.Client(world.Tenant);
        var consent = (await world.JsonAsync(Get, "/consents")).GetProperty("items")[0];
        consent.GetProperty("client_name").GetString().ShouldBe("App");
        var client = consent.GetProperty("client_id").GetString();
        await RefuseAsync(world, Delete, "/consents/cli_01h455vb4pex5vsknk084sn02q", null, HttpStatusCode.NotFound, "consent_not_found");
        using (var revoked = await world.CallAsync(Delete, $"/consents/{client}")) revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await http.CallAsync(Delete, "/sessions", token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        (await world.JsonAsync(Get, "/consents")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Shows_what_happened_without_saying_who_else_it_was(TestDatabase database)
    {
        using var world = await SignedInAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using (var admin = await world.Server.AdminAsync(world.Tenant)) await (await admin.PatchAsync($"api/v1/users/{world.UserId}", JsonContent("""{"given_name":"A"}"""))).ReadJsonAsync(HttpStatusCode.OK);
        await world.JsonAsync(Patch, "/profile", new { family_name = "B" });
        var items = (await world.JsonAsync(Get, "/activity")).GetProperty("items").EnumerateArray().ToList();
        items.Select(i => (i.GetProperty("action").GetString(), i.GetProperty("by").GetString())).ShouldBe(
            [("user.updated", "you"), ("user.updated", "application"), ("session.started", "you"), ("user.created", "application")]);
        items[1].GetProperty("ip_address").GetString().ShouldBeEmpty();
        items[2].GetProperty("ip_address").GetString().ShouldNotBeEmpty();
        var page = await world.JsonAsync(Get, "/activity?limit=3");
        var last = await world.JsonAsync(Get, $"/activity?limit=3&cursor={page.GetProperty("next").GetString()}");
        last.GetProperty("items")[0].GetProperty("action").GetString().ShouldBe("user.created");
        last.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        await RefuseAsync(world, Get, "/activity?cursor=x", null, HttpStatusCode.BadRequest, "cursor_invalid");
    }

    [Theory, BothDatabases]
    public async Task Turns_optional_messages_off_and_no_others(TestDatabase database)
    {
        using var world = await SignedInAsync(database);
        (await world.JsonAsync(Get, "/notices")).GetProperty("optional").GetProperty("profile_changed").GetBoolean().ShouldBeTrue();
        (await world.JsonAsync(Patch, "/notices", new { profile_changed = false })).GetProperty("optional").GetProperty("profile_changed").GetBoolean().ShouldBeFalse();
        await world.JsonAsync(Patch, "/profile", new { family_name = "B" });
        (await world.MailsAsync()).ShouldBeEmpty();
        await RefuseAsync(world, Patch, "/notices", new { password_changed = false }, HttpStatusCode.UnprocessableEntity, "member_unknown");
        await RefuseAsync(world, Patch, "/notices", new { profile_changed = "no" }, HttpStatusCode.UnprocessableEntity, "member_invalid");
        await world.JsonAsync(Patch, "/notices", new { profile_changed = true });
        await world.JsonAsync(Patch, "/profile", new { family_name = "C" });
        (await world.MailsAsync()).ShouldBe(["profile_changed"]);
    }

    [Fact]
    public async Task Gives_out_everything_known_of_her_and_no_secret()
    {
        using var world = await PasskeyWorld.OpenAsync();
        await world.AddAsync(world.Browser, world.Key);
        var data = await world.People.JsonAsync(Get, "/data");
        data.GetProperty("profile").Id().ShouldBe(world.People.UserId);
        data.GetProperty("emails")[0].GetProperty("address").GetString().ShouldBe(SignInWorld.Email);
        data.GetProperty("passkeys").GetArrayLength().ShouldBe(1);
        data.GetProperty("sessions").GetArrayLength().ShouldBe(1);
        data.GetProperty("activity").GetArrayLength().ShouldBeGreaterThan(1);
        data.ToString().ShouldNotContain("gh_ss_");
        data.ToString().ShouldNotContain("argon2");
        (await world.People.MailsAsync()).ShouldContain("data_downloaded");
        (await world.People.AuditAsync("user.data_downloaded")).Count.ShouldBe(1);
        for (var i = 1; i < 10; i++) await world.People.JsonAsync(Get, "/data");
        await RefuseAsync(world.People, Get, "/data", null, HttpStatusCode.TooManyRequests, "data_too_often");
    }

    [Theory, BothDatabases]
    public async Task Deletes_her_account_where_the_tenant_allows_it(TestDatabase database)
    {
        using var strict = await SignedInAsync(database);
        await RefuseAsync(strict, Delete, "/profile", null, HttpStatusCode.Forbidden, "account_deletion_off");
        using var world = await SignedInAsync(database, new { account = new { deletion = true } });
        using var phone = world.AnotherBrowser();
        await phone.SignInAsync(SignInWorld.Email);
        await world.JsonAsync(Post, "/emails", new { address = "later@example.com" }, HttpStatusCode.Accepted);
        using (var gone = await world.CallAsync(Delete, "/profile")) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await RefuseAsync(world, Get, "/profile", null, HttpStatusCode.Unauthorized, "sign_in_required");
        (await phone.IsSignedInAsync()).ShouldBeFalse();
        (await world.MailsAsync()).ShouldBe(["account_deleted", "new_device"]);
        (await world.AuditAsync("user.deleted")).Count.ShouldBe(1);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await (await admin.GetAsync($"api/v1/users/{world.UserId}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task Keeps_the_last_administrator()
    {
        using var world = await SignedInAsync(settings: new { account = new { deletion = true } });
        using var admin = await world.Server.AdminAsync(world.Tenant);
        (await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await RefuseAsync(world, Delete, "/profile", null, HttpStatusCode.Conflict, "last_administrator");
    }

    private static async Task<string> IdOfAsync(HttpClient admin, string email) =>
        (await (await admin.GetAsync($"api/v1/users?search={Uri.EscapeDataString(email)}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();

    internal static StringContent JsonContent(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
