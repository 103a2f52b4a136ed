using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.ApiKeys;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.ApiKeys;

/// <summary>The life of a key: made, shown once, used, changed, rotated, revoked.</summary>
public sealed class ApiKeyTests
{
    [Theory, BothDatabases]
    public async Task An_organizations_key_acts_there_with_roles_of_its_own(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, here, there) = (await world.UserAsync("ann"), await world.OrganizationAsync("here"), await world.OrganizationAsync("there"));
        await world.JoinAsync(here, ann);
        await world.GiveAsync(ann, "organization_admin", new { organization = here });
        using var admin = await world.AsAsync(ann);
        using var answer = await admin.TryMakeAsync(new { name = " Sync ", scopes = new[] { "members:read", "groups:write" }, roles = new[] { "organization_admin" } }, here);
        var made = KeyWorld.Read(await answer.ReadJsonAsync(HttpStatusCode.Created));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Location!.ToString().ShouldBe($"{world.Tenant.Url}/api/v1/organizations/{here}/api-keys/{made.Id}");
        made.Secret.ShouldStartWith("ghk_");
        (made.Key.Text("name"), made.Key.Text("prefix"), made.Key.Text("status"), made.Key.Text("created_by")).ShouldBe(("Sync", made.Secret[..12], "active", ann));
        (made.Key.GetProperty("owner").Text("kind"), made.Key.GetProperty("owner").Text("id")).ShouldBe(("organization", here));

        // What its scopes and its role allow, there and nowhere else.
        (await world.StatusAsync(made.Secret, $"organizations/{here}/members")).ShouldBe(HttpStatusCode.OK);
        using var key = world.With(made.Secret);
        await (await key.GetAsync($"api/v1/organizations/{there}/members")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await key.GetAsync($"api/v1/organizations/{here}/groups")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        await (await key.GetAsync("api/v1/users")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        var group = await (await key.PostAsJsonAsync($"api/v1/organizations/{here}/groups", new { name = "Made by a key" })).ReadJsonAsync(HttpStatusCode.Created);
        var entry = (await (await world.Admin.GetAsync($"api/v1/audit?target={group.Id()}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0];
        (entry.GetProperty("actor").Text("kind"), entry.GetProperty("actor").Text("id")).ShouldBe(("api_key", made.Id));
        (await (await world.Admin.GetAsync($"api/v1/audit?actor={made.Id}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);

        // Shown without its secret, to its own organization only.
        using var listed = await admin.GetAsync($"api/v1/organizations/{here}/api-keys");
        (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Single().Id().ShouldBe(made.Id);
        (await listed.Content.ReadAsStringAsync()).ShouldNotContain(made.Secret[12..]);
        (await (await admin.GetAsync($"api/v1/organizations/{here}/api-keys/{made.Id}")).ReadJsonAsync(HttpStatusCode.OK)).Id().ShouldBe(made.Id);
        await (await world.Admin.GetAsync($"api/v1/organizations/{there}/api-keys/{made.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");
        await (await world.Admin.DeleteAsync($"api/v1/organizations/{there}/api-keys/{made.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");
        await (await admin.GetAsync($"api/v1/organizations/{there}/api-keys")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        (await world.Admin.GetAsync($"api/v1/api-keys/{made.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // The role taken, the organization disabled, enabled, gone: at once.
        await (await world.Admin.PostAsync($"api/v1/organizations/{here}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.StatusAsync(made.Secret, $"organizations/{here}/members")).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.VerifyAsync(made.Secret)).Active().ShouldBeFalse();
        await (await world.Admin.PostAsync($"api/v1/organizations/{here}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.Admin.VerifyAsync(made.Secret)).GetProperty("permissions").EnumerateArray().Select(p => p.GetString()).ShouldBe(["members:read", "groups:write"]);
        var assignments = await (await world.Admin.GetAsync($"api/v1/role-assignments?holder={made.Id}")).ReadJsonAsync(HttpStatusCode.OK);
        (await world.Admin.DeleteAsync($"api/v1/role-assignments/{assignments.GetProperty("items")[0].Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.StatusAsync(made.Secret, $"organizations/{here}/members")).ShouldBe(HttpStatusCode.Forbidden);
        (await world.Admin.VerifyAsync(made.Secret)).GetProperty("permissions").GetArrayLength().ShouldBe(0);
        await world.GiveAsync(made.Id, "organization_member", new { organization = here });
        (await world.StatusAsync(made.Secret, $"organizations/{here}/members")).ShouldBe(HttpStatusCode.OK);
        foreach (var elsewhere in (object[])[new { holder = made.Id, role = "auditor" }, new { holder = made.Id, role = "organization_member", organization = there }])
            await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", elsewhere)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");
        (await world.Admin.DeleteAsync($"api/v1/organizations/{here}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.StatusAsync(made.Secret, $"organizations/{here}/members")).ShouldBe(HttpStatusCode.Unauthorized);
        await (await world.Admin.GetAsync($"api/v1/api-keys/{made.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");
    }

    [Theory, BothDatabases]
    public async Task A_users_or_clients_key_may_what_its_owner_may_now(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read", "orders:write");
        await world.RoleAsync("orderer", ["orders:read", "orders:write"]);
        var ann = await world.UserAsync("ann");
        var role = await world.GiveAsync(ann, "user_manager");
        await world.GiveAsync(ann, "orderer");
        var key = await world.Admin.MakeKeyAsync(ann, ["users:read", "clients:read", "orders:read"]);
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        (await world.StatusAsync(key.Secret, "clients")).ShouldBe(HttpStatusCode.Forbidden, "its owner may not");
        var verified = await world.Admin.VerifyAsync(key.Secret);
        (verified.Text("id"), verified.GetProperty("owner").Text("id")).ShouldBe((key.Id, ann));
        verified.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()).ShouldBe(["users:read", "orders:read"]);
        verified.GetProperty("scopes").GetArrayLength().ShouldBe(3);

        (await world.Admin.DeleteAsync($"api/v1/role-assignments/{role.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.Forbidden);
        (await world.Admin.VerifyAsync(key.Secret)).GetProperty("permissions").EnumerateArray().Select(p => p.GetString()).ShouldBe(["orders:read"]);
        await world.GiveAsync(ann, "user_manager");
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.VerifyAsync(key.Secret)).Active().ShouldBeFalse();
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.VerifyAsync(key.Secret)).Active().ShouldBeFalse();

        var robot = (await world.Admin.CreateClientAsync(new { name = "Robot", grant_types = new[] { "client_credentials" }, scopes = new[] { "users:read" } })).ClientId();
        await world.GiveAsync(robot, "auditor");
        var its = await world.Admin.MakeKeyAsync(robot, ["users:read", "clients:read"]);
        (await world.StatusAsync(its.Secret)).ShouldBe(HttpStatusCode.OK);
        (await world.StatusAsync(its.Secret, "clients")).ShouldBe(HttpStatusCode.Forbidden, "its role permits it, and the client may not ask for it");
        (await world.Admin.VerifyAsync(its.Secret)).GetProperty("permissions").EnumerateArray().Select(p => p.GetString()).ShouldBe(["users:read"]);
        await (await world.Admin.PatchAsJsonAsync($"api/v1/clients/{robot}", new { enabled = false })).ReadJsonAsync(HttpStatusCode.OK);
        (await world.StatusAsync(its.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.VerifyAsync(its.Secret)).Active().ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Rotation_overlaps_and_revocation_does_not(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await RoleWorld.OpenAsync(server);
        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "auditor");
        var key = await world.Admin.MakeKeyAsync(ann, ["users:read"], new { expires_at = server.Clock.GetUtcNow().AddDays(30) });
        async Task<KeyWorld.Made> RotateAsync(object body)
        {
            using var admin = await server.AdminAsync(world.Tenant);
            using var rotated = await admin.PostAsJsonAsync($"api/v1/api-keys/{key.Id}/rotate", body);
            return KeyWorld.Read(await rotated.ReadJsonAsync(HttpStatusCode.OK));
        }
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        var second = await RotateAsync(new { overlap_seconds = 600 });
        second.Key.Text("prefix").ShouldBe(second.Secret[..12]);
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        (await world.StatusAsync(second.Secret)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(480));
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(120));
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.StatusAsync(second.Secret)).ShouldBe(HttpStatusCode.OK);
        // Never more than two: the one before the last ends when the next comes.
        var third = await RotateAsync(new { });
        var fourth = await RotateAsync(new { });
        (await world.StatusAsync(second.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.StatusAsync(third.Secret)).ShouldBe(HttpStatusCode.OK);
        var fifth = await RotateAsync(new { overlap_seconds = 0 });
        (await world.StatusAsync(fourth.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.StatusAsync(fifth.Secret)).ShouldBe(HttpStatusCode.OK);

        using var admin = await server.AdminAsync(world.Tenant);
        foreach (var overlap in (int[])[-1, 168 * 3600 + 1])
            await (await admin.PostAsJsonAsync($"api/v1/api-keys/{key.Id}/rotate", new { overlap_seconds = overlap })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "overlap_seconds_invalid");
        // Of many at once who have seen the same version, one gets a secret.
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
        {
            var request = People.Request("POST", $"api/v1/api-keys/{key.Id}/rotate", new { });
            request.Headers.TryAddWithoutValidation("If-Match", "\"v5\"");
            return admin.SendAsync(request);
        }));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(15);
        var last = KeyWorld.Read(await answers.Single(a => a.StatusCode == HttpStatusCode.OK).ReadJsonAsync(HttpStatusCode.OK));
        foreach (var a in answers) a.Dispose();

        // Last use is written a little later, without any request waiting for it.
        var before = server.Clock.GetUtcNow().AddMilliseconds(-1);
        (await world.StatusAsync(last.Secret)).ShouldBe(HttpStatusCode.OK);
        var after = server.Clock.GetUtcNow();
        JsonElement used = default;
        // The server writes them, too, and may have taken this one without being done.
        await Eventually.TrueAsync(async () =>
        {
            await server.Services.GetRequiredService<WriteLastUses>().WriteAsync(CancellationToken.None);
            used = await (await admin.GetAsync($"api/v1/api-keys/{key.Id}")).ReadJsonAsync(HttpStatusCode.OK);
            return used.GetProperty("last_used_at").GetDateTimeOffset() >= before;
        }, TimeSpan.FromSeconds(10), "the last use is written");
        used.GetProperty("last_used_at").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(after);
        used.Text("last_used_from").ShouldBe("127.0.0.1");

        // Its end, moved and reached.
        (await admin.PatchAsJsonAsync($"api/v1/api-keys/{key.Id}", new { expires_at = server.Clock.GetUtcNow().AddMinutes(1) })).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await world.StatusAsync(last.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await (await admin.GetAsync($"api/v1/api-keys/{key.Id}")).ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("expired");
        await (await admin.PostAsJsonAsync($"api/v1/api-keys/{key.Id}/rotate", new { expires_at = server.Clock.GetUtcNow().AddDays(1) })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_key_ended");

        var other = await admin.MakeKeyAsync(ann, ["users:read"]);
        (await world.StatusAsync(other.Secret)).ShouldBe(HttpStatusCode.OK);
        (await admin.DeleteAsync($"api/v1/api-keys/{other.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.StatusAsync(other.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        await (await admin.DeleteAsync($"api/v1/api-keys/{other.Id}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_key_ended");
        await (await admin.PatchAsJsonAsync($"api/v1/api-keys/{other.Id}", new { name = "Again" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_key_ended");
        using var audit = await admin.GetAsync($"api/v1/audit?target={other.Id}");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).ShouldBe(["api_key.revoked", "api_key.created"]);
    }

    [Theory, BothDatabases]
    public async Task Says_what_is_wrong_with_a_key_and_lists_them(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        using (var main = await world.Server.AdminAsync())
            await (await main.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { api_keys = new { max_days = 10, max_per_owner = 3 } })).ReadJsonAsync(HttpStatusCode.OK);
        var (ann, here, now) = (await world.UserAsync("ann"), await world.OrganizationAsync("here"), world.Server.Clock.GetUtcNow());
        string[] scopes = ["users:read"];
        foreach (var (body, code) in new (object, string)[]
        {
            (new { name = "x", scopes }, "owner_unknown"), (new { owner = "x", name = "x", scopes }, "owner_unknown"), (new { owner = "usr_01h455vb4pex5vsknk084sn02q", name = "x", scopes }, "owner_unknown"),
            (new { owner = "org_01h455vb4pex5vsknk084sn02q", name = "x", scopes }, "owner_unknown"), (new { owner = world.Tenant.Id, name = "x", scopes }, "owner_unknown"),
            (new { owner = ann, scopes }, "name_invalid"), (new { owner = ann, name = "a\nb", scopes }, "name_invalid"), (new { owner = ann, name = new string('x', 101), scopes }, "name_invalid"),
            (new { owner = ann, name = "x" }, "scopes_invalid"), (new { owner = ann, name = "x", scopes = new[] { "users:read", "users:read" } }, "scopes_invalid"),
            (new { owner = ann, name = "x", scopes = new[] { "users:everything" } }, "scope_unknown"), (new { owner = ann, name = "x", scopes = new[] { "openid" } }, "scope_unknown"),
            (new { owner = ann, name = "x", scopes, roles = new[] { "auditor" } }, "roles_invalid"), (new { owner = here, name = "x", scopes, roles = new[] { "emperor" } }, "role_unknown"),
            (new { owner = here, name = "x", scopes, roles = new[] { "auditor" } }, "role_not_assignable"),
            (new { owner = ann, name = "x", scopes, expires_at = now.AddDays(11) }, "expires_at_invalid"), (new { owner = ann, name = "x", scopes, expires_at = now.AddDays(-1) }, "expires_at_invalid"),
            (new { owner = ann, name = "x", scopes, allowed_addresses = new[] { "192.0.2.1/24" } }, "addresses_invalid"), (new { owner = ann, name = "x", scopes, allowed_addresses = new[] { "here" } }, "addresses_invalid"),
        }) await (await world.Admin.TryMakeAsync(body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        await (await world.Admin.TryMakeAsync(new { name = "x", scopes }, "org_01h455vb4pex5vsknk084sn02q")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
        await (await world.Admin.GetAsync("api/v1/api-keys/x")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");

        var (one, two) = (await world.Admin.MakeKeyAsync(ann, scopes), await world.Admin.MakeKeyAsync(ann, ["groups:read"]));
        one.Key.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(now.AddDays(10), TimeSpan.FromMinutes(5));
        var three = await world.Admin.MakeKeyAsync(ann, scopes);
        await (await world.Admin.TryMakeAsync(new { owner = ann, name = "x", scopes })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_keys_too_many");
        (await world.Admin.DeleteAsync($"api/v1/api-keys/{three.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var its = await world.Admin.MakeKeyAsync(here, ["members:read"]);
        async Task<string[]> ListAsync(string query) => [.. (await (await world.Admin.GetAsync("api/v1/api-keys?" + query)).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(k => k.Id())];
        (await ListAsync("")).ShouldBe([its.Id, three.Id, two.Id, one.Id]);
        (await ListAsync("sort=created_at&limit=2")).ShouldBe([one.Id, two.Id]);
        (await ListAsync($"filter=owner eq \"{ann}\" and revoked eq false")).ShouldBe([two.Id, one.Id]);
        (await ListAsync("filter=scopes eq \"groups:read\"")).ShouldBe([two.Id]);
        await (await world.Admin.GetAsync("api/v1/api-keys?filter=secret eq \"x\"")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "filter_invalid");

        using var patch = People.Request("PATCH", $"api/v1/api-keys/{one.Id}", new { name = "Renamed", scopes = new[] { "users:read", "groups:read" }, allowed_addresses = new[] { "127.0.0.0/8", "::ffff:192.0.2.0/120" } });
        patch.Headers.TryAddWithoutValidation("If-Match", "\"v1\"");
        var changed = await (await world.Admin.SendAsync(patch)).ReadJsonAsync(HttpStatusCode.OK);
        changed.Text("name").ShouldBe("Renamed");
        changed.Texts("allowed_addresses").ShouldBe(["127.0.0.0/8", "192.0.2.0/24"]);
        foreach (var (body, code) in new (object, string)[] { (new { owner = ann }, "member_unknown"), (new { scopes = "x" }, "member_invalid"), (new { expires_at = 7 }, "member_invalid"), (new { scopes = new[] { "nothing:here" } }, "scope_unknown"), (new { name = "" }, "name_invalid") })
            await (await world.Admin.PatchAsJsonAsync($"api/v1/api-keys/{one.Id}", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }
}
