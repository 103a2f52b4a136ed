using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.ApiKeys;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Account;

/// <summary>API keys of a person's own, as the account's pages and API let her manage them.</summary>
public sealed class OwnKeysTests
{
    private static readonly object opened = new { api_keys = new { in_account = true } };
    private static readonly string[] reading = ["users:read"];

    [Theory, BothDatabases]
    public async Task Makes_one_that_works_is_shown_once_and_ends_when_she_says(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, opened);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await PermitAsync(admin, world.UserId);
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await ItemsAsync(world)).ShouldBeEmpty();
        var ends = world.Server.Clock.GetUtcNow().AddDays(30);
        using var answer = await world.CallAsync(HttpMethod.Post, "/api-keys", new { name = " Report ", scopes = reading, allowed_addresses = new[] { "127.0.0.0/8" }, expires_at = ends });
        var made = KeyWorld.Read(await answer.ReadJsonAsync(HttpStatusCode.Created));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Location!.ToString().ShouldBe($"{world.Tenant.Url}/account/v1/api-keys");
        (made.Key.Text("name"), made.Key.Text("prefix")).ShouldBe(("Report", made.Secret[..12]));
        (made.Key.GetProperty("expires_at").GetDateTimeOffset() - ends).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(1));

        // It is a key like any other: bound by its scopes and its networks, told by mail, in the audit as hers.
        var verified = await admin.VerifyAsync(made.Secret, new { ip_address = "127.0.0.1" });
        (verified.Active(), verified.GetProperty("owner").Text("id")).ShouldBe((true, world.UserId));
        verified.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()).ShouldBe(reading);
        (await admin.VerifyAsync(made.Secret, new { ip_address = "192.0.2.1" })).Active().ShouldBeFalse();
        (await StatusAsync(world, made.Secret, "users?limit=1")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(world, made.Secret, "api-keys")).ShouldBe(HttpStatusCode.Forbidden);
        (await world.MailsAsync()).ShouldBe(["api_key_created"]);
        (await world.AuditAsync("api_key.created")).ShouldHaveSingleItem();

        // Shown without its secret, to her; and an administrator sees it as any other of hers.
        using var listed = await world.CallAsync(HttpMethod.Get, "/api-keys");
        (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Single().Id().ShouldBe(made.Id);
        (await listed.Content.ReadAsStringAsync()).ShouldNotContain(made.Secret[12..]);
        (await (await admin.GetAsync($"api/v1/api-keys/{made.Id}")).ReadJsonAsync(HttpStatusCode.OK)).Text("created_by").ShouldBe(world.UserId);

        await world.JsonlessAsync(HttpMethod.Delete, $"/api-keys/{made.Id}", null, HttpStatusCode.NoContent);
        (await StatusAsync(world, made.Secret, "users?limit=1")).ShouldBe(HttpStatusCode.Unauthorized);
        (await admin.VerifyAsync(made.Secret, new { ip_address = "127.0.0.1" })).Active().ShouldBeFalse();
        await (await world.CallAsync(HttpMethod.Delete, $"/api-keys/{made.Id}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_key_ended");
        (await ItemsAsync(world)).ShouldBeEmpty();
        (await world.AuditAsync("api_key.revoked")).ShouldHaveSingleItem();
    }

    [Theory, BothDatabases]
    public async Task Touches_nobody_elses(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, opened);
        using var elsewhere = await SignInWorld.OpenAsync(database, opened);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var other = await elsewhere.Server.AdminAsync(elsewhere.Tenant);
        await PermitAsync(admin, world.UserId);
        var eve = await admin.MakeKeyAsync(await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com"), reading);
        var theirs = await other.MakeKeyAsync(elsewhere.UserId, reading);
        await (await world.CallAsync(HttpMethod.Get, "/api-keys")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "sign_in_required");
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await ItemsAsync(world)).ShouldBeEmpty();
        foreach (var absent in (string[])[eve.Id, theirs.Id, "apk_01h455vb4pex5vsknk084sn02q", "x"])
            await (await world.CallAsync(HttpMethod.Delete, $"/api-keys/{absent}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");
        (await admin.VerifyAsync(eve.Secret)).Active().ShouldBeTrue();
        (await other.VerifyAsync(theirs.Secret)).Active().ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_does_not_fit_and_what_she_does_not_hold(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { api_keys = new { in_account = true, max_per_owner = 2, max_days = 30 } });
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await world.Browser.SignInAsync(SignInWorld.Email);
        // Without the permission she makes none; what somebody made for her she sees, and takes away.
        await (await world.CallAsync(HttpMethod.Post, "/api-keys", new { name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "own_api_keys_closed");
        var given = await admin.MakeKeyAsync(world.UserId, reading);
        (await ItemsAsync(world)).ShouldBe([given.Id]);
        await world.JsonlessAsync(HttpMethod.Delete, $"/api-keys/{given.Id}", null, HttpStatusCode.NoContent);

        await PermitAsync(admin, world.UserId);
        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { scopes = reading }, HttpStatusCode.UnprocessableEntity, "name_invalid"), (new { name = new string('x', 101), scopes = reading }, HttpStatusCode.UnprocessableEntity, "name_invalid"),
            (new { name = "x" }, HttpStatusCode.UnprocessableEntity, "scopes_invalid"), (new { name = "x", scopes = new[] { "users:read", "users:read" } }, HttpStatusCode.UnprocessableEntity, "scopes_invalid"),
            (new { name = "x", scopes = new[] { "orders:unheard" } }, HttpStatusCode.UnprocessableEntity, "scope_unknown"),
            (new { name = "x", scopes = reading, allowed_addresses = new[] { "here" } }, HttpStatusCode.UnprocessableEntity, "addresses_invalid"),
            (new { name = "x", scopes = reading, expires_at = world.Server.Clock.GetUtcNow().AddDays(31) }, HttpStatusCode.UnprocessableEntity, "expires_at_invalid"),
            (new { name = "x", scopes = reading, owner = "usr_01h455vb4pex5vsknk084sn02q" }, HttpStatusCode.BadRequest, "body_invalid"),
            (new { name = "x", scopes = new[] { "users:read", "audit:read" } }, HttpStatusCode.Forbidden, "permission_escalation"),
        }) await (await world.CallAsync(HttpMethod.Post, "/api-keys", body)).ShouldBeProblemAsync(status, code);
        (await ItemsAsync(world)).ShouldBeEmpty();

        for (var i = 0; i < 2; i++) await world.JsonAsync(HttpMethod.Post, "/api-keys", new { name = "x", scopes = reading }, HttpStatusCode.Created);
        await (await world.CallAsync(HttpMethod.Post, "/api-keys", new { name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_keys_too_many");
        await world.JsonlessAsync(HttpMethod.Delete, $"/api-keys/{(await ItemsAsync(world))[0]}", null, HttpStatusCode.NoContent);

        // A token hands on no more than it carries, and it carries nothing of the management API; another's application does nothing of this.
        using var http = world.Server.Client(world.Tenant);
        var token = await world.TokenAsync($"{AccountScopes.Read} {AccountScopes.Write}");
        await (await http.CallAsync(HttpMethod.Post, "/api-keys", token, new { name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        (await (await http.CallAsync(HttpMethod.Get, "/api-keys", token)).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);
        var foreign = await world.TokenAsync($"{AccountScopes.Read} {AccountScopes.Write}", firstParty: false);
        await (await http.CallAsync(HttpMethod.Post, "/api-keys", foreign, new { name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "first_party_required");
    }

    [Theory, BothDatabases]
    public async Task Wants_a_fresh_proof_for_making_and_revoking(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server, opened);
        using var admin = await server.AdminAsync(world.Tenant);
        await PermitAsync(admin, world.UserId);
        var key = await admin.MakeKeyAsync(world.UserId, reading);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var fresh = (await world.Browser.GetAsync("account/keys")).ShouldBe(HttpStatusCode.OK, "Make a key");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        await (await world.CallAsync(HttpMethod.Post, "/api-keys", new { name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        await (await world.CallAsync(HttpMethod.Delete, $"/api-keys/{key.Id}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        (await world.Browser.GetAsync("account/keys")).ShouldBe(HttpStatusCode.OK, "Confirm that it is you").Html.ShouldNotContain("/keys/make");
        (await world.Browser.SubmitAsync(fresh, [("name", "x"), ("scopes", "users:read")], "/keys/make")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await world.Browser.SubmitAsync(fresh, [("key", key.Id)], "/keys/revoke")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await ItemsAsync(world)).ShouldBe([key.Id]);
    }

    [Theory, BothDatabases]
    public async Task The_page_makes_shows_once_and_revokes(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        (await world.Browser.SignInAsync(SignInWorld.Email, path: "account")).Html.ShouldNotContain("/account/keys");
        var closed = (await world.Browser.GetAsync("account/keys")).ShouldBe(HttpStatusCode.OK, "You have no API keys");
        closed.Text.ShouldContain("You cannot make API keys here");
        closed.Html.ShouldNotContain("/keys/make");

        var assignment = await PermitAsync(admin, world.UserId);
        // She may, but the tenant has not opened this door to it.
        (await world.Browser.GetAsync("account")).Html.ShouldNotContain("/account/keys");
        await (await world.CallAsync(HttpMethod.Post, "/api-keys", new { name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "own_api_keys_closed");
        using (var changed = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", opened)) await changed.ReadJsonAsync(HttpStatusCode.OK);
        (await world.Browser.GetAsync("account")).Html.ShouldContain("/account/keys");
        var page = await world.Browser.GetAsync("account/keys");
        page.Html.ShouldContain("value=\"users:read\"");
        page.Html.ShouldNotContain("value=\"audit:read\"", customMessage: "only what she holds is offered");
        (await world.Browser.SubmitAsync(page, [("name", "Report")], "/keys/make")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Choose what the key may do").Html.ShouldContain("value=\"Report\"");
        foreach (var days in (string[])["0", "366", "soon"])
            (await world.Browser.SubmitAsync(page, [("name", "Report"), ("scopes", "users:read"), ("days", days)], "/keys/make")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Choose one of the times");
        var made = (await world.Browser.SubmitAsync(page, [("name", "Report"), ("scopes", "users:read"), ("days", "30")], "/keys/make")).ShouldBe(HttpStatusCode.OK, "It is not shown again");
        var secret = Regex.Match(made.Html, "ghk_[A-Za-z0-9_-]{49}").Value;
        made.Headers["Cache-Control"].ShouldBe("no-store");
        made.Address.ToString().ShouldNotContain("ghk_");
        (await StatusAsync(world, secret, "users?limit=1")).ShouldBe(HttpStatusCode.OK);

        page = (await world.Browser.GetAsync("account/keys")).ShouldBe(HttpStatusCode.OK, "Report");
        page.Text.ShouldContain(secret[..12]);
        page.Html.ShouldNotContain(secret[12..]);
        (await world.Browser.GetAsync("account/activity")).Text.ShouldContain("API key made");
        await world.Browser.SubmitAsync(page, [("key", "x")], "/keys/revoke");
        (await StatusAsync(world, secret, "users?limit=1")).ShouldBe(HttpStatusCode.OK);
        var left = await world.Browser.SubmitAsync(page, [("key", (await ItemsAsync(world))[0])], "/keys/revoke");
        left.ShouldBe(HttpStatusCode.OK, "You have no API keys");
        (await StatusAsync(world, secret, "users?limit=1")).ShouldBe(HttpStatusCode.Unauthorized);

        // Taken from her while the form stood open.
        (await admin.DeleteAsync($"api/v1/role-assignments/{assignment}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.Browser.SubmitAsync(left, [("name", "Report"), ("scopes", "users:read")], "/keys/make")).ShouldBe(HttpStatusCode.Forbidden, "You cannot make API keys here any more");
    }

    /// <summary>Lets her make keys, and read users.</summary>
    private static async Task<string> PermitAsync(HttpClient admin, string user)
    {
        using var role = await admin.PostAsJsonAsync("api/v1/roles", new { key = "integrator", permissions = new[] { "api_keys:write", "users:read" } });
        await role.ReadJsonAsync(HttpStatusCode.Created);
        using var given = await admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = user, role = "integrator" });
        return (await given.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    private static async Task<string[]> ItemsAsync(SignInWorld world) =>
        [.. (await world.JsonAsync(HttpMethod.Get, "/api-keys")).GetProperty("items").EnumerateArray().Select(k => k.Id())];

    private static async Task<HttpStatusCode> StatusAsync(SignInWorld world, string secret, string path)
    {
        using var http = world.Server.Client(world.Tenant);
        http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        using var answer = await http.GetAsync("api/v1/" + path);
        return answer.StatusCode;
    }
}
