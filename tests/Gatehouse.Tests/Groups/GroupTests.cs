using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Groups;

public sealed class GroupTests
{
    private static async Task<string> GroupAsync(HttpClient caller, string name, string? organization = null)
    {
        using var made = await caller.PostAsJsonAsync(organization is null ? "api/v1/groups" : $"api/v1/organizations/{organization}/groups", new { name });
        return (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    private static async Task PutAsync(HttpClient caller, string path) => (await caller.PutAsync("api/v1/" + path, null)).StatusCode.ShouldBe(HttpStatusCode.NoContent, path);

    private static async Task<string[]> ListAsync(HttpClient caller, string path, string member = "id") =>
        [.. (await (await caller.GetAsync("api/v1/" + path)).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(i => i.Text(member)!)];

    [Theory, BothDatabases]
    public async Task Makes_shows_changes_and_deletes_a_group(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var staff = await GroupAsync(world.Admin, "Staff");
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        await PutAsync(world.Admin, $"groups/{staff}/members/{ann}");
        await PutAsync(world.Admin, $"groups/{staff}/members/{bob}");
        await PutAsync(world.Admin, $"groups/{staff}/members/{bob}");
        (await ListAsync(world.Admin, $"groups/{staff}/members", "user")).ShouldBe([bob, ann]);
        var page = await (await world.Admin.GetAsync($"api/v1/groups/{staff}/members?limit=1")).ReadJsonAsync(HttpStatusCode.OK);
        (await ListAsync(world.Admin, $"groups/{staff}/members?cursor={page.Text("next")}", "user")).ShouldBe([ann]);
        using var patch = People.Request("PATCH", $"api/v1/groups/{staff}", new { description = "All of us" });
        patch.Headers.Add("If-Match", "\"v1\"");
        (await (await world.Admin.SendAsync(patch)).ReadJsonAsync(HttpStatusCode.OK)).Text("description").ShouldBe("All of us");

        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { name = "STAFF" }, HttpStatusCode.Conflict, "group_name_taken"), (new { name = " " }, HttpStatusCode.UnprocessableEntity, "name_invalid"), (new { }, HttpStatusCode.UnprocessableEntity, "name_invalid"),
            (new { name = new string('x', 101) }, HttpStatusCode.UnprocessableEntity, "name_invalid"), (new { name = "x", description = new string('x', 501) }, HttpStatusCode.UnprocessableEntity, "description_invalid"),
        }) await (await world.Admin.PostAsJsonAsync("api/v1/groups", body)).ShouldBeProblemAsync(status, code);
        var other = await GroupAsync(world.Admin, "Other");
        await (await world.Admin.PatchAsJsonAsync($"api/v1/groups/{other}", new { name = "staff" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "group_name_taken");
        await (await world.Admin.PatchAsJsonAsync($"api/v1/groups/{other}", new { owner = "x" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "member_unknown");
        foreach (var nobody in (string[])["usr_01h455vb4pex5vsknk084sn02q", "x"])
            await (await world.Admin.PutAsync($"api/v1/groups/{staff}/members/{nobody}", null)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "group_member_invalid");

        (await world.Admin.DeleteAsync($"api/v1/groups/{staff}/members/{bob}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.DeleteAsync($"api/v1/groups/{staff}/members/{bob}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_member_not_found");
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(world.Admin, $"groups/{staff}/members", "user")).ShouldBeEmpty();
        (await world.Admin.DeleteAsync($"api/v1/groups/{staff}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/groups/{staff}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_not_found");
        (await ListAsync(world.Admin, "groups")).ShouldBe([other]);
    }

    [Theory, BothDatabases]
    public async Task Roles_reach_whoever_is_in_a_group_or_in_one_inside_it(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read");
        await world.RoleAsync("reader", ["orders:read"]);
        var (all, some, few) = (await GroupAsync(world.Admin, "all"), await GroupAsync(world.Admin, "some"), await GroupAsync(world.Admin, "few"));
        var ann = await world.UserAsync("ann");
        var given = await world.GiveAsync(all, "reader");
        await PutAsync(world.Admin, $"groups/{few}/members/{ann}");
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        await PutAsync(world.Admin, $"groups/{all}/groups/{some}");
        await PutAsync(world.Admin, $"groups/{some}/groups/{few}");
        (await world.MayAsync(ann, "orders:read")).ShouldBeTrue();
        (await ListAsync(world.Admin, $"users/{ann}/groups")).ShouldBe([few, some, all]);
        var explained = await (await world.Admin.GetAsync($"api/v1/users/{ann}/effective-permissions?explain=true")).ReadJsonAsync(HttpStatusCode.OK);
        var reason = explained.GetProperty("permissions")[0].GetProperty("reasons")[0];
        (reason.Text("group"), reason.Text("assignment")).ShouldBe((all, given.Id()));

        (await world.Admin.DeleteAsync($"api/v1/groups/{some}/groups/{few}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        await PutAsync(world.Admin, $"groups/{some}/groups/{few}");
        (await world.MayAsync(ann, "orders:read")).ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/groups/{few}/members/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        await PutAsync(world.Admin, $"groups/{all}/members/{ann}");
        (await world.MayAsync(ann, "orders:read")).ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/groups/{all}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        await (await world.Admin.GetAsync($"api/v1/role-assignments/{given.Id()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "assignment_not_found");
    }

    [Theory, BothDatabases]
    public async Task Refuses_rings_of_groups_also_of_many_at_once_and_what_is_too_deep(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        List<string> groups = [];
        for (var i = 0; i < 11; i++) groups.Add(await GroupAsync(world.Admin, $"g{i}"));
        await (await world.Admin.PutAsync($"api/v1/groups/{groups[0]}/groups/{groups[0]}", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "group_cycle");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => world.Admin.PutAsync($"api/v1/groups/{groups[i]}/groups/{groups[(i + 1) % 5]}", null)));
        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).ShouldBe(4);
        await answers.Single(a => a.StatusCode != HttpStatusCode.NoContent).ShouldBeProblemAsync(HttpStatusCode.Conflict, "group_cycle");

        using var other = await RoleWorld.OpenAsync(database);
        groups.Clear();
        for (var i = 0; i < 11; i++) groups.Add(await GroupAsync(other.Admin, $"g{i}"));
        for (var i = 0; i < 9; i++) await PutAsync(other.Admin, $"groups/{groups[i]}/groups/{groups[i + 1]}");
        await (await other.Admin.PutAsync($"api/v1/groups/{groups[9]}/groups/{groups[10]}", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "groups_too_deep");
    }

    [Fact]
    public async Task So_many_groups_around_one_that_a_walk_would_lose_some_are_refused()
    {
        using var world = await RoleWorld.OpenAsync(TestDatabase.Sqlite);
        var inner = await GroupAsync(world.Admin, "inner");
        var outers = new string[51];
        for (var i = 0; i < outers.Length; i++) outers[i] = await GroupAsync(world.Admin, $"o{i}");
        for (var i = 0; i < 50; i++) await PutAsync(world.Admin, $"groups/{outers[i]}/groups/{inner}");
        await (await world.Admin.PutAsync($"api/v1/groups/{outers[50]}/groups/{inner}", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "groups_too_deep");
        // Nor by way of what is inside it.
        var core = await GroupAsync(world.Admin, "core");
        await (await world.Admin.PutAsync($"api/v1/groups/{inner}/groups/{core}", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "groups_too_deep");
    }

    [Theory, BothDatabases]
    public async Task Nobody_gives_by_a_group_what_she_does_not_hold(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.RoleAsync("grouper", [Scopes.GroupsRead, Scopes.GroupsWrite]);
        var (eve, chiefs, club) = (await world.UserAsync("eve"), await GroupAsync(world.Admin, "chiefs"), await GroupAsync(world.Admin, "club"));
        await world.GiveAsync(eve, "grouper");
        await world.GiveAsync(chiefs, "administrator");
        using var she = await world.AsAsync(eve);
        await PutAsync(she, $"groups/{club}/members/{eve}");
        foreach (var (method, path) in new[]
        {
            ("PUT", $"groups/{chiefs}/members/{eve}"), ("PUT", $"groups/{chiefs}/groups/{club}"), ("DELETE", $"groups/{chiefs}/members/{eve}"), ("DELETE", $"groups/{chiefs}"),
        }) await (await she.SendAsync(People.Request(method, "api/v1/" + path))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.DeleteAsync($"api/v1/groups/{club}/members/{eve}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        // Nor through one that holds it.
        await PutAsync(world.Admin, $"groups/{chiefs}/groups/{club}");
        var bob = await world.UserAsync("bob");
        await (await she.PutAsync($"api/v1/groups/{club}/members/{bob}", null)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
    }

    [Theory, BothDatabases]
    public async Task An_organizations_groups_are_its_own(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bea, bob) = (await world.UserAsync("ann"), await world.UserAsync("bea"), await world.UserAsync("bob"));
        var (hers, other) = (await world.OrganizationAsync("hers", ann), await world.OrganizationAsync("other", bea));
        await world.JoinAsync(hers, bob);
        using var she = await world.AsAsync(ann);
        var group = await GroupAsync(she, "Sales", hers);
        var (theirs, tenants) = (await GroupAsync(world.Admin, "Sales", other), await GroupAsync(world.Admin, "Sales"));
        await PutAsync(she, $"organizations/{hers}/groups/{group}/members/{bob}");
        await (await she.PutAsync($"api/v1/organizations/{hers}/groups/{group}/members/{bea}", null)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "group_member_invalid");
        foreach (var (method, path) in new[]
        {
            ("GET", $"groups/{theirs}"), ("PATCH", $"groups/{theirs}"), ("DELETE", $"groups/{theirs}"), ("GET", $"groups/{theirs}/members"), ("PUT", $"groups/{theirs}/members/{bob}"), ("DELETE", $"groups/{theirs}/members/{bob}"),
            ("PUT", $"groups/{group}/groups/{theirs}"), ("PUT", $"groups/{group}/groups/{tenants}"), ("PUT", $"groups/{tenants}/groups/{group}"), ("GET", $"groups/{tenants}"), ("GET", $"groups/{theirs}/groups"), ("DELETE", $"groups/{theirs}/groups/{group}"),
        })
        {
            await (await she.SendAsync(People.Request(method, $"api/v1/organizations/{hers}/{path}", method == "PATCH" ? new { name = "x" } : null))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_not_found");
            (await she.SendAsync(People.Request(method, $"api/v1/organizations/{other}/{path}", method == "PATCH" ? new { name = "x" } : null))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await she.SendAsync(People.Request(method, $"api/v1/{path}", method == "PATCH" ? new { name = "x" } : null))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await ListAsync(she, $"organizations/{hers}/groups")).ShouldBe([group]);

        // What the group holds there, its members hold there; elsewhere it holds nothing.
        await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = group, role = "auditor" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");
        (await she.PostAsJsonAsync($"api/v1/organizations/{hers}/role-assignments", new { holder = group, role = "organization_admin" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var he = await world.AsAsync(bob);
        (await he.GetAsync($"api/v1/organizations/{hers}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.Admin.DeleteAsync($"api/v1/organizations/{hers}/members/{bob}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(she, $"organizations/{hers}/groups/{group}/members", "user")).ShouldBeEmpty();
        await (await he.GetAsync($"api/v1/organizations/{hers}/members")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        (await world.Admin.DeleteAsync($"api/v1/organizations/{hers}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/groups/{group}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_not_found");
    }

    [Theory, BothDatabases]
    public async Task Another_tenants_groups_are_not_there(TestDatabase database)
    {
        using var one = await RoleWorld.OpenAsync(database);
        using var two = await RoleWorld.OpenAsync(database);
        var (group, own) = (await GroupAsync(one.Admin, "Staff"), await GroupAsync(two.Admin, "Staff"));
        var ann = await one.UserAsync("ann");
        foreach (var (method, path) in new[]
        {
            ("GET", $"groups/{group}"), ("PATCH", $"groups/{group}"), ("DELETE", $"groups/{group}"), ("GET", $"groups/{group}/members"), ("PUT", $"groups/{group}/members/{ann}"),
            ("DELETE", $"groups/{group}/members/{ann}"), ("GET", $"groups/{group}/groups"), ("PUT", $"groups/{group}/groups/{own}"), ("PUT", $"groups/{own}/groups/{group}"), ("DELETE", $"groups/{own}/groups/{group}"),
        })
        {
            var body = method == "PATCH" ? new { name = "x" } : null;
            await (await two.Admin.SendAsync(People.Request(method, "api/v1/" + path, body))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_not_found");
            await one.Server.ShouldNeedAsync(one.Tenant, method, "api/v1/" + path, "users:write", body);
        }
        await (await two.Admin.PutAsync($"api/v1/groups/{own}/members/{ann}", null)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "group_member_invalid");
        await (await two.Admin.GetAsync($"api/v1/users/{ann}/groups")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await (await two.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = group, role = "auditor" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_unknown");
        foreach (var path in (string[])["groups", $"users/{ann}/groups"]) await one.Server.ShouldNeedAsync(one.Tenant, "GET", "api/v1/" + path, "users:write");
        await one.Server.ShouldNeedAsync(one.Tenant, "POST", "api/v1/groups", "groups:read", new { name = "x" });
    }
}
