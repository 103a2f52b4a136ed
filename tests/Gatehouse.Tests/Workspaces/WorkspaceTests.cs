using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Workspaces;

public sealed class WorkspaceTests
{
    [Theory, BothDatabases]
    public async Task Makes_shows_changes_lists_archives_and_deletes_workspaces(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var organization = await world.OrganizationAsync("acme");
        var lab = await world.Admin.WorkspaceAsync("lab", more: new { description = "Where we try", metadata = new { floor = 3 } });
        var shop = await world.Admin.WorkspaceAsync("lab", organization, new { name = "Áccounts" });
        var attic = await world.Admin.WorkspaceAsync("attic", organization);
        using (var got = await world.Admin.GetAsync($"api/v1/workspaces/{lab}"))
        {
            got.Headers.ETag!.Tag.ShouldBe("\"v1\"");
            var view = await got.ReadJsonAsync(HttpStatusCode.OK);
            (view.Text("slug"), view.Text("name"), view.Text("organization"), view.Text("status"), view.GetProperty("metadata").GetProperty("floor").GetInt32()).ShouldBe(("lab", "The lab", null, "active", 3));
        }
        (await world.Admin.TextsAsync("workspaces")).ShouldBe([attic, shop, lab]);
        (await world.Admin.TextsAsync("workspaces?sort=name")).ShouldBe([attic, lab, shop], "by the folded name, as its bytes sort");
        (await world.Admin.TextsAsync("workspaces?sort=-name&limit=2")).ShouldBe([shop, lab]);
        (await world.Admin.TextsAsync($"organizations/{organization}/workspaces?sort=created_at")).ShouldBe([shop, attic]);
        (await world.Admin.TextsAsync($"organizations/{organization}/workspaces?sort=name&filter=" + Uri.EscapeDataString("name co \"the\""))).ShouldBe([attic]);
        (await world.Admin.TextsAsync("workspaces?filter=" + Uri.EscapeDataString($"slug eq \"lab\" and organization eq \"{organization}\""))).ShouldBe([shop]);
        var page = await world.Admin.JsonAsync("workspaces?limit=2");
        (await world.Admin.TextsAsync($"workspaces?limit=2&cursor={page.Text("next")}")).ShouldBe([lab]);
        await (await world.Admin.GetAsync("api/v1/workspaces?filter=colour+eq+1")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "filter_invalid");
        await (await world.Admin.GetAsync("api/v1/organizations/org_01h455vb4pex5vsknk084sn02q/workspaces")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");

        using (var patch = People.Request("PATCH", $"api/v1/workspaces/{lab}", new { slug = "laboratory", metadata = new { wing = "b" }, settings = new { default_roles = new[] { "workspace_member" } } }))
        {
            patch.Headers.Add("If-Match", "\"v1\"");
            var changed = await (await world.Admin.SendAsync(patch)).ReadJsonAsync(HttpStatusCode.OK);
            (changed.Text("slug"), changed.GetProperty("metadata").GetProperty("wing").GetString(), changed.GetProperty("settings").GetProperty("default_roles")[0].GetString()).ShouldBe(("laboratory", "b", "workspace_member"));
        }
        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { slug = "Lab" }, HttpStatusCode.UnprocessableEntity, "slug_invalid"), (new { slug = "personal-x" }, HttpStatusCode.UnprocessableEntity, "slug_invalid"), (new { name = " " }, HttpStatusCode.UnprocessableEntity, "name_invalid"),
            (new { description = new string('x', 501) }, HttpStatusCode.UnprocessableEntity, "description_invalid"), (new { metadata = 1 }, HttpStatusCode.UnprocessableEntity, "metadata_invalid"),
            (new { settings = new { colour = "x" } }, HttpStatusCode.UnprocessableEntity, "member_unknown"), (new { settings = new { default_roles = "x" } }, HttpStatusCode.UnprocessableEntity, "setting_invalid"),
            (new { settings = new { default_roles = new[] { "organization_owner" } } }, HttpStatusCode.UnprocessableEntity, "roles_unknown"), (new { owner = "x" }, HttpStatusCode.UnprocessableEntity, "member_unknown"),
        }) await (await world.Admin.PatchAsJsonAsync($"api/v1/workspaces/{lab}", body)).ShouldBeProblemAsync(status, code);
        await (await world.Admin.PatchAsJsonAsync($"api/v1/workspaces/{attic}", new { slug = "lab" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "slug_taken");
        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { slug = "laboratory", name = "x" }, HttpStatusCode.Conflict, "slug_taken"), (new { slug = "x" }, HttpStatusCode.UnprocessableEntity, "name_invalid"), (new { name = "x" }, HttpStatusCode.UnprocessableEntity, "slug_invalid"),
            (new { slug = "x", name = "x", owner = "usr_01h455vb4pex5vsknk084sn02q" }, HttpStatusCode.NotFound, "user_not_found"), (new { slug = "x", name = "x", template = "wst_01h455vb4pex5vsknk084sn02q" }, HttpStatusCode.NotFound, "workspace_template_not_found"),
            (new { slug = "x", name = "x", settings = 1 }, HttpStatusCode.UnprocessableEntity, "setting_invalid"),
        }) await (await world.Admin.PostAsJsonAsync("api/v1/workspaces", body)).ShouldBeProblemAsync(status, code);

        // Archived, nothing changes in it.
        var ann = await world.UserAsync("ann");
        (await (await world.Admin.PostAsync($"api/v1/workspaces/{lab}/archive", null)).ReadJsonAsync(HttpStatusCode.OK)).Text("archived_at").ShouldNotBeNull();
        await (await world.Admin.PatchAsJsonAsync($"api/v1/workspaces/{lab}", new { name = "x" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_archived");
        await (await world.Admin.PostAsJsonAsync($"api/v1/workspaces/{lab}/members", new { user = ann })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_archived");
        (await world.Admin.TextsAsync("workspaces?filter=" + Uri.EscapeDataString("status eq \"archived\""))).ShouldBe([lab]);
        (await (await world.Admin.PostAsync($"api/v1/workspaces/{lab}/restore", null)).ReadJsonAsync(HttpStatusCode.OK)).Text("archived_at").ShouldBeNull();
        using (var outdated = People.Request("DELETE", $"api/v1/workspaces/{lab}"))
        {
            outdated.Headers.Add("If-Match", "\"v1\"");
            await (await world.Admin.SendAsync(outdated)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        }
        (await world.Admin.DeleteAsync($"api/v1/workspaces/{lab}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/workspaces/{lab}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_not_found");
        (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.Admin.TextsAsync("workspaces")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Metadata_fits_the_tenants_schema_when_it_is_written(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await (await world.Admin.GetAsync("api/v1/workspace-schema")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_schema_not_found");
        await (await world.Admin.PutAsJsonAsync("api/v1/workspace-schema", new { unheard_of = 1 })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "schema_invalid");
        (await world.Admin.PutAsJsonAsync("api/v1/workspace-schema", new { type = "object", required = new[] { "floor" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await world.Admin.PostAsJsonAsync("api/v1/workspaces", new { slug = "a", name = "a" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "metadata_mismatch");
        var made = await world.Admin.WorkspaceAsync("a", more: new { metadata = new { floor = 1 } });
        await (await world.Admin.PatchAsJsonAsync($"api/v1/workspaces/{made}", new { metadata = new { floor = (int?)null } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "metadata_mismatch");
        (await world.Admin.DeleteAsync("api/v1/workspace-schema")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await world.Admin.WorkspaceAsync("b");
    }

    [Theory, BothDatabases]
    public async Task Members_come_and_go_and_with_the_organization_they_leave_its_workspaces(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read");
        await world.RoleAsync("reader", ["orders:read"]);
        var (ann, bob, eve) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("eve"));
        var organization = await world.OrganizationAsync("acme");
        await world.JoinAsync(organization, ann, bob);
        var desk = await world.Admin.WorkspaceAsync("desk", organization);
        await world.Admin.EnterAsync(desk, ann, "reader");
        await world.Admin.EnterAsync(desk, bob);
        (await world.Admin.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBe([bob, ann]);
        (await world.Admin.TextsAsync($"workspaces/{desk}/members?sort=joined_at&limit=1", "email")).ShouldBe(["ann@example.com"]);
        (await world.Admin.JsonAsync($"workspaces/{desk}/members/{ann}")).Text("email").ShouldBe("ann@example.com");
        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { user = eve }, HttpStatusCode.UnprocessableEntity, "user_not_member"), (new { user = ann }, HttpStatusCode.Conflict, "member_exists"), (new { user = "usr_01h455vb4pex5vsknk084sn02q" }, HttpStatusCode.UnprocessableEntity, "user_not_member"),
            (new { user = bob, roles = new[] { "x", "x" } }, HttpStatusCode.UnprocessableEntity, "roles_invalid"),
        }) await (await world.Admin.PostAsJsonAsync($"api/v1/workspaces/{desk}/members", body)).ShouldBeProblemAsync(status, code);
        (await world.Admin.DeleteAsync($"api/v1/workspaces/{desk}/members/{bob}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.PostAsJsonAsync($"api/v1/workspaces/{desk}/members", new { user = bob, roles = new[] { "administrator" } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "roles_unknown");
        await (await world.Admin.GetAsync($"api/v1/workspaces/{desk}/members/{bob}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "member_not_found");
        await (await world.Admin.DeleteAsync($"api/v1/workspaces/{desk}/members/{bob}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "member_not_found");

        // The workspace says what whoever is added gets.
        (await world.Admin.PatchAsJsonAsync($"api/v1/workspaces/{desk}", new { settings = new { default_roles = new[] { "reader" } } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await world.Admin.PostAsJsonAsync($"api/v1/workspaces/{desk}/members", new { user = bob })).ReadJsonAsync(HttpStatusCode.Created)).Text("user").ShouldBe(bob);
        (await world.MayAsync(bob, "orders:read", new { workspace = desk })).ShouldBeTrue();
        (await world.MayAsync(bob, "orders:read")).ShouldBeFalse();
        (await world.MayAsync(bob, "orders:read", new { organization })).ShouldBeFalse();
        (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}/members/{bob}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(bob, "orders:read", new { workspace = desk })).ShouldBeFalse();
        (await world.Admin.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBe([ann]);
        (await world.Admin.TextsAsync($"users/{bob}/workspaces")).ShouldBeEmpty();
        (await world.Admin.TextsAsync($"users/{ann}/workspaces")).ShouldBe([desk]);
        await (await world.Admin.GetAsync("api/v1/users/usr_01h455vb4pex5vsknk084sn02q/workspaces")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.Admin.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBeEmpty();
        (await world.Admin.TextsAsync($"workspaces/{desk}/role-assignments")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Figures_are_counted(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var desk = await world.Admin.WorkspaceAsync("desk", more: new { owner = ann });
        await world.Admin.EnterAsync(desk, bob, "workspace_member");
        // More than are asked about at once; the last is there too, and nobody counts for each of her sessions.
        var last = bob;
        for (var i = 0; i < 17; i++) await world.Admin.EnterAsync(desk, last = await world.UserAsync($"colleague{i}"), "workspace_member");
        await using (var tx = await world.Server.Services.GetRequiredService<Gatehouse.Storage.IDatabase>().BeginAsync(world.Context.Id, default))
        {
            foreach (var user in (string[])[ann, ann, last])
            {
                Gatehouse.Kernel.UserId.TryParse(user, out var id).ShouldBeTrue();
                await world.Server.Services.GetRequiredService<Gatehouse.Sessions.SessionDirectory>().StartAsync(tx, world.Context, id, ["pwd"], People.Browser(), default);
            }
            await tx.CommitAsync(default);
        }
        var usage = await world.Admin.JsonAsync($"workspaces/{desk}/usage");
        (usage.GetProperty("members").GetInt64(), usage.GetProperty("active_members").GetInt64(), usage.GetProperty("role_assignments").GetInt64(), usage.GetProperty("days").GetInt32()).ShouldBe((19, 2, 19, 7));
        foreach (var days in (string[])["0", "31", "x", "-1"]) await (await world.Admin.GetAsync($"api/v1/workspaces/{desk}/usage?days={days}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "days_invalid");
        await (await world.Admin.GetAsync($"api/v1/workspaces/{WorkspaceWorld.Nowhere}/usage")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_not_found");
    }

    [Theory, BothDatabases]
    public async Task Another_tenants_workspaces_are_not_there(TestDatabase database)
    {
        using var one = await RoleWorld.OpenAsync(database);
        using var two = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await one.UserAsync("ann"), await two.UserAsync("bob"));
        var (desk, own) = (await one.Admin.WorkspaceAsync("desk"), await two.Admin.WorkspaceAsync("desk"));
        foreach (var (method, path, body) in WorkspaceWorld.Operations(desk, bob))
        {
            using var answer = await two.Admin.SendAsync(People.Request(method, "api/v1/" + path, body));
            (await answer.ReadJsonAsync(HttpStatusCode.NotFound)).Text("code").ShouldBeOneOf("workspace_not_found", "assignment_not_found");
            await one.Server.ShouldNeedAsync(one.Tenant, method, "api/v1/" + path, "users:write", body);
        }
        await (await two.Admin.PostAsJsonAsync($"api/v1/workspaces/{own}/members", new { user = ann })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await (await two.Admin.PutAsync($"api/v1/users/{ann}/personal-workspace", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await (await two.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = "workspace_owner", workspace = desk })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_unknown");
        await (await two.Admin.PostAsJsonAsync("api/v1/permissions/check", new { subject = bob, permission = "x:y", workspace = desk })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_unknown");
        (await two.Admin.TextsAsync("workspaces")).ShouldBe([own]);
        foreach (var (method, path) in ((string, string)[])[("GET", "workspaces"), ("POST", "workspaces"), ("GET", $"users/{ann}/workspaces"), ("PUT", $"users/{ann}/personal-workspace"), ("GET", "workspace-schema")])
            await one.Server.ShouldNeedAsync(one.Tenant, method, "api/v1/" + path, "users:write", method is "POST" ? new { } : null);
        await one.Server.ShouldNeedAsync(one.Tenant, "POST", "api/v1/workspaces", Scopes.WorkspacesRead, new { });
    }
}
