using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization.Granting;

public sealed class RoleTests
{
    private static string[] Texts(JsonElement list, string member) => [.. list.GetProperty(member).EnumerateArray().Select(p => p.GetString()!)];

    [Theory, BothDatabases]
    public async Task Makes_shows_changes_and_ends_a_role(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read", "orders:write", "orders:cancel");
        var reader = await world.RoleAsync("reader", ["orders:read"]);
        var editor = await world.RoleAsync("editor", ["orders:write"], "reader");
        Texts(editor, "permissions").ShouldBe(["orders:write"]);
        Texts(editor, "includes").ShouldBe(["reader"]);
        Texts(editor, "effective_permissions").ShouldBe(["orders:read", "orders:write"]);
        Texts(editor, "assignable_at").ShouldBe(["tenant", "organization", "workspace", "application"]);

        // By key as by id.
        foreach (var name in (string[])["editor", editor.Id()]) (await (await world.Admin.GetAsync($"api/v1/roles/{name}")).ReadJsonAsync(HttpStatusCode.OK)).Text("key").ShouldBe("editor");
        using var patch = People.Request("PATCH", "api/v1/roles/reader", new { permissions = new[] { "orders:read", "orders:cancel" }, name = "Reader" });
        patch.Headers.Add("If-Match", "\"v1\"");
        var changed = await (await world.Admin.SendAsync(patch)).ReadJsonAsync(HttpStatusCode.OK);
        (changed.GetProperty("version").GetInt32(), changed.Text("name")).ShouldBe((2, "Reader"));
        Texts(await (await world.Admin.GetAsync("api/v1/roles/editor")).ReadJsonAsync(HttpStatusCode.OK), "effective_permissions").ShouldBe(["orders:cancel", "orders:read", "orders:write"]);

        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "editor");
        (await world.MayAsync(ann, "orders:cancel")).ShouldBeTrue();
        (await world.Admin.DeleteAsync("api/v1/roles/reader")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:cancel")).ShouldBeFalse();
        (await world.MayAsync(ann, "orders:write")).ShouldBeTrue();
        Texts(await (await world.Admin.GetAsync("api/v1/roles/editor")).ReadJsonAsync(HttpStatusCode.OK), "includes").ShouldBeEmpty();
        (await world.Admin.DeleteAsync("api/v1/roles/editor")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:write")).ShouldBeFalse();
        await (await world.Admin.GetAsync("api/v1/roles/editor")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "role_not_found");
        (await (await world.Admin.GetAsync($"api/v1/role-assignments?holder={ann}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Pages_through_its_own_and_the_products_roles(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        foreach (var key in (string[])["first", "second", "third"]) await world.RoleAsync(key, []);
        List<string> keys = [];
        var next = "";
        do
        {
            var page = await (await world.Admin.GetAsync($"api/v1/roles?limit=4&cursor={next}")).ReadJsonAsync(HttpStatusCode.OK);
            keys.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.Text("key")!));
            next = page.Text("next");
        }
        while (next is not null);
        keys.Take(3).ShouldBe(["third", "second", "first"]);
        keys.Skip(3).ShouldBe(["api_key_verifier", "workspace_member", "workspace_admin", "workspace_owner", "permission_checker", "organization_member", "organization_admin", "organization_owner", "application_manager", "user_manager", "auditor", "administrator"]);
        var administrator = await (await world.Admin.GetAsync("api/v1/roles/administrator")).ReadJsonAsync(HttpStatusCode.OK);
        Texts(administrator, "effective_permissions").ShouldBe(["*"]);
        foreach (var method in (string[])["PATCH", "DELETE"])
            await (await world.Admin.SendAsync(People.Request(method, "api/v1/roles/administrator", method == "PATCH" ? new { name = "King" } : null))).ShouldBeProblemAsync(HttpStatusCode.Conflict, "role_system");
    }

    public static TheoryData<object, HttpStatusCode, string> Bad => new()
    {
        { new { key = "A" }, HttpStatusCode.UnprocessableEntity, "role_key_invalid" },
        { new { key = "no spaces" }, HttpStatusCode.UnprocessableEntity, "role_key_invalid" },
        { new { }, HttpStatusCode.UnprocessableEntity, "role_key_invalid" },
        { new { key = "administrator" }, HttpStatusCode.Conflict, "role_key_taken" },
        { new { key = "taken" }, HttpStatusCode.Conflict, "role_key_taken" },
        { new { key = "x1", name = new string('n', 101) }, HttpStatusCode.UnprocessableEntity, "name_invalid" },
        { new { key = "x1", description = new string('n', 501) }, HttpStatusCode.UnprocessableEntity, "description_invalid" },
        { new { key = "x1", permissions = new[] { "nobody:registered" } }, HttpStatusCode.UnprocessableEntity, "permission_unknown" },
        { new { key = "x1", permissions = new string?[] { null } }, HttpStatusCode.UnprocessableEntity, "permission_unknown" },
        { new { key = "x1", permissions = Enumerable.Range(0, 501).Select(i => $"a:{i}").ToArray() }, HttpStatusCode.UnprocessableEntity, "permissions_too_many" },
        { new { key = "x1", includes = new[] { "nobody" } }, HttpStatusCode.UnprocessableEntity, "role_unknown" },
        { new { key = "x1", assignable_at = Array.Empty<string>() }, HttpStatusCode.UnprocessableEntity, "assignable_at_invalid" },
        { new { key = "x1", assignable_at = new[] { "planet" } }, HttpStatusCode.UnprocessableEntity, "assignable_at_invalid" },
        { new { key = 7 }, HttpStatusCode.BadRequest, "body_invalid" },
    };

    [Fact]
    public async Task Says_what_is_wrong_and_writes_nothing()
    {
        using var world = await RoleWorld.OpenAsync(TestDatabase.Sqlite);
        await world.RoleAsync("taken", []);
        foreach (var row in Bad)
        {
            var (body, status, code) = ((object)row[0], (HttpStatusCode)row[1], (string)row[2]);
            await (await world.Admin.PostAsJsonAsync("api/v1/roles", body)).ShouldBeProblemAsync(status, code);
        }
        (await world.Admin.GetAsync("api/v1/roles/x1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await (await world.Admin.PatchAsJsonAsync("api/v1/roles/taken", new { key = "other" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "member_unknown");
        await (await world.Admin.PatchAsJsonAsync("api/v1/roles/taken", new { permissions = "x" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "member_invalid");
        using var stale = People.Request("PATCH", "api/v1/roles/taken", new { name = "New" });
        stale.Headers.Add("If-Match", "\"v9\"");
        await (await world.Admin.SendAsync(stale)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
    }

    [Theory, BothDatabases]
    public async Task Refuses_rings_also_of_many_at_once(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        for (var i = 0; i < 6; i++) await world.RoleAsync($"r{i}", []);
        using var self = await world.Admin.PatchAsJsonAsync("api/v1/roles/r0", new { includes = new[] { "r0" } });
        await self.ShouldBeProblemAsync(HttpStatusCode.Conflict, "role_cycle");

        // Each by itself is right; all six together would be a ring.
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.Admin.PatchAsJsonAsync($"api/v1/roles/r{i}", new { includes = new[] { $"r{(i + 1) % 6}" } })));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        var refused = answers.Single(a => a.StatusCode != HttpStatusCode.OK);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "role_cycle");
    }

    [Theory, BothDatabases]
    public async Task An_api_registers_its_permissions_whenever_it_starts(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var orders = await world.ApiAsync("orders", "orders:read", "orders:write");
        var bills = await world.ApiAsync("bills");
        await world.RoleAsync("clerk", ["orders:read", "orders:write", "users:read"]);
        Task<HttpResponseMessage> PutAsync(string api, params string[] names) => world.Admin.PutAsJsonAsync($"api/v1/apis/{api}/permissions", new { permissions = names.Select(n => new { name = n }) });

        // The same again changes nothing and is not written down.
        using var again = await PutAsync(orders, "orders:read", "orders:write");
        await again.ReadJsonAsync(HttpStatusCode.OK);
        (await (await world.Admin.GetAsync($"api/v1/audit?target={orders}&action=api.permissions_registered")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);
        await (await PutAsync(bills, "orders:read")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "permission_taken");
        await (await PutAsync(bills, "users:read")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "permission_reserved");
        foreach (var bad in (string[])["orders", "Orders:Read", "a b:c", ":x", "x:", "orders:read\n", new string('a', 99) + ":b"])
            await (await PutAsync(bills, bad)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "permission_invalid");
        await (await PutAsync(bills, "bills:a", "bills:a")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "permission_repeated");
        await (await world.Admin.PutAsJsonAsync($"api/v1/apis/{bills}/permissions", new { })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "permissions_missing");
        var system = (await (await world.Admin.GetAsync("api/v1/apis")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().First(a => a.GetProperty("system").GetBoolean()).Id();
        await (await PutAsync(system, "mine:too")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_system");

        // One that goes leaves every role with it, and does not come back with another API that takes its name.
        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "clerk");
        (await world.MayAsync(ann, "orders:write")).ShouldBeTrue();
        using var less = await PutAsync(orders, "orders:read");
        await less.ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:write")).ShouldBeFalse();
        using var taken = await PutAsync(bills, "orders:write");
        await taken.ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:write")).ShouldBeFalse();
        (await world.Admin.DeleteAsync($"api/v1/apis/{orders}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        (await world.MayAsync(ann, "users:read")).ShouldBeTrue();
        Texts(await (await world.Admin.GetAsync("api/v1/roles/clerk")).ReadJsonAsync(HttpStatusCode.OK), "permissions").ShouldBe(["users:read"]);

        var page = await (await world.Admin.GetAsync("api/v1/permissions?limit=200")).ReadJsonAsync(HttpStatusCode.OK);
        page.GetProperty("items").EnumerateArray().Select(p => p.Text("name")).ShouldBe(["orders:write", .. Scopes.All.Order(StringComparer.Ordinal)]);
        await (await world.Admin.GetAsync("api/v1/permissions?cursor=!!")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor_invalid");
    }

    [Theory, BothDatabases]
    public async Task Another_tenants_roles_apis_and_assignments_are_not_there(TestDatabase database)
    {
        using var one = await RoleWorld.OpenAsync(database);
        using var two = await RoleWorld.OpenAsync(database);
        var api = await one.ApiAsync("orders", "orders:read");
        var role = (await one.RoleAsync("clerk", ["orders:read"])).Id();
        var ann = await one.UserAsync("ann");
        var assignment = (await one.GiveAsync(ann, "clerk")).Id();
        foreach (var (method, path, code, body) in new (string, string, string, object?)[]
        {
            ("GET", $"api/v1/roles/{role}", "role_not_found", null), ("PATCH", $"api/v1/roles/{role}", "role_not_found", new { name = "x" }), ("DELETE", $"api/v1/roles/{role}", "role_not_found", null),
            ("GET", $"api/v1/apis/{api}/permissions", "api_not_found", null), ("PUT", $"api/v1/apis/{api}/permissions", "api_not_found", new { permissions = Array.Empty<object>() }),
            ("GET", $"api/v1/role-assignments/{assignment}", "assignment_not_found", null), ("DELETE", $"api/v1/role-assignments/{assignment}", "assignment_not_found", null),
            ("PATCH", $"api/v1/role-assignments/{assignment}", "assignment_not_found", new { ends_at = (string?)null }),
            ("GET", $"api/v1/users/{ann}/effective-permissions", "user_not_found", null),
        })
        {
            await (await two.Admin.SendAsync(People.Request(method, path, body))).ShouldBeProblemAsync(HttpStatusCode.NotFound, code);
            await one.Server.ShouldNeedAsync(one.Tenant, method, path, "keys:read", body);
        }
        await (await two.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = ann, role = "auditor" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_unknown");
        var bob = await two.UserAsync("bob");
        await (await two.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "role_unknown");
        await (await two.Admin.PostAsJsonAsync("api/v1/roles", new { key = "mine", includes = new[] { role } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "role_unknown");
        await (await two.Admin.PostAsJsonAsync("api/v1/roles", new { key = "mine", permissions = new[] { "orders:read" } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "permission_unknown");
        (await two.MayAsync(ann, "orders:read")).ShouldBeFalse();
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("GET", "api/v1/roles", null), ("POST", "api/v1/roles", new { key = "x1" }), ("GET", "api/v1/permissions", null), ("GET", "api/v1/role-assignments", null),
            ("POST", "api/v1/role-assignments", new { holder = ann, role }), ("POST", "api/v1/permissions/check", new { subject = ann, permission = "a:b" }), ("POST", "api/v1/permissions/check-batch", new { }),
        }) await one.Server.ShouldNeedAsync(one.Tenant, method, path, "keys:read", body);
    }
}
