using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Workspaces;

/// <summary>Who may do what where: administrators of an organization, of a workspace, and nobody beyond.</summary>
public sealed class WorkspaceRolesTests
{
    [Theory, BothDatabases]
    public async Task An_organizations_administrator_manages_its_workspaces_and_none_of_anothers(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bea, bob) = (await world.UserAsync("ann"), await world.UserAsync("bea"), await world.UserAsync("bob"));
        var (hers, other) = (await world.OrganizationAsync("hers", ann), await world.OrganizationAsync("other", bea));
        await world.JoinAsync(hers, bob);
        await world.JoinAsync(other, bob);
        var (theirs, tenants) = (await world.Admin.WorkspaceAsync("theirs", other), await world.Admin.WorkspaceAsync("tenants"));
        using var she = await world.AsAsync(ann);
        var desk = await she.WorkspaceAsync("desk", hers);
        (await she.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBe([ann], "whoever makes it belongs to it");
        await she.EnterAsync(desk, bob, "workspace_member");
        (await she.TextsAsync($"organizations/{hers}/workspaces")).ShouldBe([desk]);
        (await she.TextsAsync($"workspaces/{desk}/roles", "key")).ShouldBe(["workspace_admin", "workspace_member", "workspace_owner"]);
        (await she.TextsAsync($"workspaces/{desk}/role-assignments", "holder")).ShouldBe([bob, ann]);

        foreach (var elsewhere in (string[])[theirs, tenants, WorkspaceWorld.Nowhere, "nonsense"])
            foreach (var (method, path, body) in WorkspaceWorld.Operations(elsewhere, bob))
                await (await she.SendAsync(People.Request(method, "api/v1/" + path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("GET", "workspaces", null), ("POST", "workspaces", new { slug = "x", name = "x" }), ("GET", $"organizations/{other}/workspaces", null), ("POST", $"organizations/{other}/workspaces", new { slug = "x", name = "x" }),
            ("GET", $"users/{bob}/workspaces", null), ("PUT", $"users/{bob}/personal-workspace", null), ("GET", "workspace-templates", null), ("POST", "workspace-templates", new { name = "x" }),
            ("GET", $"organizations/{other}/workspace-templates", null), ("POST", $"organizations/{other}/workspace-templates", new { name = "x" }), ("PUT", "workspace-schema", new { }),
        }) await (await she.SendAsync(People.Request(method, "api/v1/" + path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await she.PostAsJsonAsync($"api/v1/workspaces/{desk}/members", new { user = bea })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "user_not_member");
        await (await she.PostAsJsonAsync($"api/v1/workspaces/{desk}/role-assignments", new { holder = bea, role = "workspace_member" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");
        await (await she.PostAsJsonAsync($"api/v1/workspaces/{desk}/role-assignments", new { holder = world.App, role = "workspace_member" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");
        await (await she.PostAsJsonAsync($"api/v1/organizations/{hers}/workspaces", new { slug = "x", name = "x", owner = bea })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "user_not_member");

        // A role that permits more than she holds is not hers to give, neither with a membership nor by a template.
        await world.RoleAsync("powerful", [Scopes.UsersWrite]);
        await (await she.PostAsJsonAsync($"api/v1/workspaces/{desk}/role-assignments", new { holder = bob, role = "powerful" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.DeleteAsync($"api/v1/workspaces/{desk}/members/{bob}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await she.PostAsJsonAsync($"api/v1/workspaces/{desk}/members", new { user = bob, roles = new[] { "powerful" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBe([ann], "all or nothing");
        var template = (await (await she.PostAsJsonAsync($"api/v1/organizations/{hers}/workspace-templates", new { name = "t", members = new[] { bob }, member_roles = new[] { "powerful" } })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        await (await she.PostAsJsonAsync($"api/v1/organizations/{hers}/workspaces", new { slug = "x", name = "x", template })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.TextsAsync($"organizations/{hers}/workspaces")).ShouldBe([desk]);

        // A proof from long ago gives nothing.
        using var earlier = await world.AsAsync(ann, TimeSpan.FromMinutes(6));
        foreach (var (path, body) in new (string, object)[] { ($"organizations/{hers}/workspaces", new { slug = "y", name = "y" }), ($"workspaces/{desk}/members", new { user = bob }), ($"workspaces/{desk}/role-assignments", new { holder = ann, role = "workspace_member" }) })
            await (await earlier.PostAsJsonAsync("api/v1/" + path, body)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        await (await earlier.DeleteAsync($"api/v1/workspaces/{desk}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
    }

    [Theory, BothDatabases]
    public async Task A_workspaces_own_administrators_manage_it_and_nothing_else(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob, eve) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("eve"));
        var organization = await world.OrganizationAsync("acme");
        await world.JoinAsync(organization, ann, bob);
        var (desk, sister) = (await world.Admin.WorkspaceAsync("desk", organization, new { owner = ann }), await world.Admin.WorkspaceAsync("sister", organization));
        using var she = await world.AsAsync(ann);
        await she.EnterAsync(desk, bob, "workspace_admin");
        (await (await she.PatchAsJsonAsync($"api/v1/workspaces/{desk}", new { name = "Ours" })).ReadJsonAsync(HttpStatusCode.OK)).Text("name").ShouldBe("Ours");
        foreach (var (method, path, body) in WorkspaceWorld.Operations(sister, bob))
            await (await she.SendAsync(People.Request(method, "api/v1/" + path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        foreach (var path in (string[])[$"organizations/{organization}", $"organizations/{organization}/members", $"organizations/{organization}/workspaces", $"organizations/{organization}/groups", "workspaces", "users"])
            await (await she.GetAsync("api/v1/" + path)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await she.PostAsJsonAsync($"api/v1/organizations/{organization}/role-assignments", new { holder = ann, role = "organization_admin" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");

        // Its administrator is not its owner: she neither changes it nor removes who may do more.
        using var he = await world.AsAsync(bob);
        (await he.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBe([bob, ann]);
        await (await he.PatchAsJsonAsync($"api/v1/workspaces/{desk}", new { name = "x" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await he.DeleteAsync($"api/v1/workspaces/{desk}/members/{ann}")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await he.PostAsJsonAsync($"api/v1/workspaces/{desk}/role-assignments", new { holder = bob, role = "workspace_owner" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await he.PostAsJsonAsync($"api/v1/workspaces/{desk}/members", new { user = eve })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "user_not_member");

        // Of the tenant's own, who belongs to it is the tenant's to say.
        var open = await world.Admin.WorkspaceAsync("open", more: new { owner = ann });
        (await she.GetAsync($"api/v1/workspaces/{open}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await she.PostAsJsonAsync($"api/v1/workspaces/{open}/members", new { user = eve })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");

        // The last owner stays: removed, leaving the organization, disabled, deleted, or losing the role.
        await (await world.Admin.DeleteAsync($"api/v1/workspaces/{desk}/members/{ann}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        await (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}/members/{ann}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        await (await world.Admin.DeleteAsync($"api/v1/users/{ann}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/disable", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        var owned = (await world.Admin.JsonAsync($"role-assignments?workspace={desk}")).GetProperty("items").EnumerateArray().Single(a => a.Text("role") == "workspace_owner").Id();
        await (await world.Admin.DeleteAsync($"api/v1/workspaces/{desk}/role-assignments/{owned}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        await world.GiveAsync(bob, "workspace_owner", new { workspace = desk });
        (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}/members/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await she.GetAsync($"api/v1/workspaces/{desk}")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
    }

    [Theory, BothDatabases]
    public async Task Of_two_owners_who_leave_at_once_one_stays(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var owners = new[] { await world.UserAsync("a"), await world.UserAsync("b"), await world.UserAsync("c") };
        var desk = await world.Admin.WorkspaceAsync("desk");
        foreach (var owner in owners) await world.Admin.EnterAsync(desk, owner, "workspace_owner");
        var answers = await Task.WhenAll(owners.Select(o => world.Admin.DeleteAsync($"api/v1/workspaces/{desk}/members/{o}")));
        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).ShouldBe(2);
        await answers.Single(a => a.StatusCode != HttpStatusCode.NoContent).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
    }

    [Theory, BothDatabases]
    public async Task Roles_for_a_workspace_count_there_with_their_reason_while_it_is_there(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read");
        await world.RoleAsync("reader", ["orders:read"]);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var (organization, other) = (await world.OrganizationAsync("acme"), await world.OrganizationAsync("other"));
        await world.JoinAsync(organization, ann, bob);
        var desk = await world.Admin.WorkspaceAsync("desk", organization);
        await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = ann, role = "reader", workspace = WorkspaceWorld.Nowhere })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_unknown");
        await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = ann, role = "reader", workspace = desk })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");
        await world.Admin.EnterAsync(desk, ann);
        var given = (await world.GiveAsync(ann, "reader", new { workspace = desk })).Id();
        (await world.MayAsync(ann, "orders:read", new { workspace = desk })).ShouldBeTrue();
        var explained = await world.Admin.JsonAsync($"users/{ann}/effective-permissions?explain=true&workspace={desk}");
        var reason = explained.GetProperty("permissions")[0].GetProperty("reasons")[0];
        (reason.Text("assignment"), reason.Text("scope"), reason.Text("scope_id")).ShouldBe((given, "workspace", desk));
        await (await world.Admin.GetAsync($"api/v1/users/{ann}/effective-permissions?workspace={WorkspaceWorld.Nowhere}")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_unknown");
        await (await world.Admin.PostAsJsonAsync("api/v1/permissions/check", new { subject = ann, permission = "orders:read", workspace = desk, organization = other })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_invalid");

        // What is held in the organization is held in its workspaces, whether or not the question names it.
        await world.GiveAsync(bob, "reader", new { organization });
        (await world.MayAsync(bob, "orders:read", new { workspace = desk })).ShouldBeTrue();

        // A group's roles count for those of it who belong to the workspace.
        var group = (await (await world.Admin.PostAsJsonAsync($"api/v1/organizations/{organization}/groups", new { name = "g" })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        await world.RoleAsync("writer", [Scopes.JobsRead]);
        await world.GiveAsync(group, "writer", new { workspace = desk });
        foreach (var user in (string[])[ann, bob]) (await world.Admin.PutAsync($"api/v1/groups/{group}/members/{user}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, Scopes.JobsRead, new { workspace = desk })).ShouldBeTrue();
        (await world.MayAsync(bob, Scopes.JobsRead, new { workspace = desk })).ShouldBeFalse();
        await world.Admin.EnterAsync(desk, bob);
        (await world.MayAsync(bob, Scopes.JobsRead, new { workspace = desk })).ShouldBeTrue();
        var tenants = await world.Admin.WorkspaceAsync("tenants");
        await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = group, role = "writer", workspace = tenants })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");

        (await world.Admin.PostAsync($"api/v1/workspaces/{desk}/archive", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read", new { workspace = desk })).ShouldBeFalse();
        (await world.Admin.PostAsync($"api/v1/workspaces/{desk}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read", new { workspace = desk })).ShouldBeTrue();
        (await world.Admin.PostAsync($"api/v1/organizations/{organization}/disable", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read", new { workspace = desk })).ShouldBeFalse();
        (await world.Admin.PostAsync($"api/v1/organizations/{organization}/enable", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read", new { workspace = desk })).ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/workspaces/{desk}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/role-assignments/{given}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "assignment_not_found");
        await (await world.Admin.PostAsJsonAsync("api/v1/permissions/check", new { subject = ann, permission = "orders:read", workspace = desk })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_unknown");
    }
}
