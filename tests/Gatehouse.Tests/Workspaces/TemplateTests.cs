using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Workspaces;

/// <summary>What new workspaces begin with; and the personal ones.</summary>
public sealed class TemplateTests
{
    [Theory, BothDatabases]
    public async Task A_workspace_begins_as_its_template_says_all_or_nothing(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob, cat, dan) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("cat"), await world.UserAsync("dan"));
        var organization = await world.OrganizationAsync("acme", ann);
        await world.JoinAsync(organization, bob, cat);
        var group = (await (await world.Admin.PostAsJsonAsync("api/v1/groups", new { name = "g" })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        foreach (var user in (string[])[cat, dan]) (await world.Admin.PutAsync($"api/v1/groups/{group}/members/{user}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { }, HttpStatusCode.UnprocessableEntity, "name_invalid"), (new { name = "x", member_roles = new[] { "nothing" } }, HttpStatusCode.UnprocessableEntity, "roles_unknown"),
            (new { name = "x", members = new[] { "x" } }, HttpStatusCode.UnprocessableEntity, "template_members_invalid"), (new { name = "x", members = new[] { "usr_01h455vb4pex5vsknk084sn02q" } }, HttpStatusCode.UnprocessableEntity, "template_members_invalid"),
            (new { name = "x", groups = new[] { "grp_01h455vb4pex5vsknk084sn02q" } }, HttpStatusCode.UnprocessableEntity, "template_groups_invalid"), (new { name = "x", settings = new { x = 1 } }, HttpStatusCode.UnprocessableEntity, "member_unknown"),
        }) await (await world.Admin.PostAsJsonAsync("api/v1/workspace-templates", body)).ShouldBeProblemAsync(status, code);
        var template = (await (await world.Admin.PostAsJsonAsync("api/v1/workspace-templates", new
        {
            name = "Project", owner_roles = new[] { "workspace_owner" }, member_roles = new[] { "workspace_member" }, members = new[] { bob, dan }, groups = new[] { group }, settings = new { default_roles = new[] { "workspace_member" } }, metadata = new { kind = "project" },
        })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        await (await world.Admin.PostAsJsonAsync("api/v1/workspace-templates", new { name = "PROJECT" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_template_name_taken");

        // Dan is not of the organization, so he is passed over; the tenant's group brings who is.
        using var she = await world.AsAsync(ann);
        var made = await she.WorkspaceAsync("one", organization, new { template, metadata = new { year = 1 } });
        var view = await she.JsonAsync($"workspaces/{made}");
        (view.GetProperty("metadata").GetProperty("kind").GetString(), view.GetProperty("metadata").GetProperty("year").GetInt32(), view.GetProperty("settings").GetProperty("default_roles")[0].GetString()).ShouldBe(("project", 1, "workspace_member"));
        (await she.TextsAsync($"workspaces/{made}/members", "user")).Order(StringComparer.Ordinal).ShouldBe(((string[])[ann, bob, cat]).Order(StringComparer.Ordinal));
        (await she.JsonAsync($"workspaces/{made}/role-assignments")).GetProperty("items").EnumerateArray().Select(a => $"{a.Text("holder")} {a.Text("role")}").Order(StringComparer.Ordinal)
            .ShouldBe(((string[])[$"{ann} workspace_owner", $"{bob} workspace_member", $"{cat} workspace_member"]).Order(StringComparer.Ordinal));

        // An organization's template is its own.
        var own = (await (await she.PostAsJsonAsync($"api/v1/organizations/{organization}/workspace-templates", new { name = "Project", members = new[] { bob } })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        await (await she.PostAsJsonAsync($"api/v1/organizations/{organization}/workspace-templates", new { name = "x", members = new[] { dan } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "template_members_invalid");
        await (await she.PostAsJsonAsync($"api/v1/organizations/{organization}/workspace-templates", new { name = "x", groups = new[] { group } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "template_groups_invalid");
        (await she.TextsAsync($"organizations/{organization}/workspace-templates")).ShouldBe([own]);
        (await world.Admin.TextsAsync("workspace-templates")).ShouldBe([template]);
        await (await world.Admin.PostAsJsonAsync("api/v1/workspaces", new { slug = "x", name = "x", template = own })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_template_not_found");
        var other = await world.OrganizationAsync("other");
        foreach (var (method, path) in ((string, string)[])[("GET", $"workspace-templates/{own}"), ("PATCH", $"workspace-templates/{own}"), ("DELETE", $"workspace-templates/{own}"), ("GET", $"organizations/{other}/workspace-templates/{own}"), ("DELETE", $"organizations/{organization}/workspace-templates/{template}")])
            await (await world.Admin.SendAsync(People.Request(method, "api/v1/" + path, method == "PATCH" ? new { name = "x" } : null))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_template_not_found");

        var changed = await (await she.PatchAsJsonAsync($"api/v1/organizations/{organization}/workspace-templates/{own}", new { members = Array.Empty<string>(), description = "d" })).ReadJsonAsync(HttpStatusCode.OK);
        (changed.Text("description"), changed.GetProperty("members").GetArrayLength(), changed.GetProperty("version").GetInt32()).ShouldBe(("d", 0, 2));
        (await she.JsonAsync($"organizations/{organization}/workspace-templates/{own}")).GetProperty("version").GetInt32().ShouldBe(2);
        await (await she.PatchAsJsonAsync($"api/v1/organizations/{organization}/workspace-templates/{own}", new { owner_roles = "x" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "member_invalid");
        (await she.DeleteAsync($"api/v1/organizations/{organization}/workspace-templates/{own}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.Admin.DeleteAsync($"api/v1/workspace-templates/{template}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await she.GetAsync($"api/v1/workspaces/{made}")).StatusCode.ShouldBe(HttpStatusCode.OK, "what was made from it stays");
        await world.Server.ShouldNeedAsync(world.Tenant, "POST", "api/v1/workspace-templates", "workspaces:read", new { name = "x" });
        using var two = await RoleWorld.OpenAsync(database);
        await (await two.Admin.GetAsync($"api/v1/organizations/{organization}/workspace-templates")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
    }

    [Theory, BothDatabases]
    public async Task Everybody_has_at_most_one_personal_workspace_however_many_ask_at_once(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.Admin.PutAsync($"api/v1/users/{ann}/personal-workspace", null)));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(63);
        List<string> ids = [];
        foreach (var answer in answers) ids.Add((await answer.ReadJsonAsync(answer.StatusCode)).Id());
        var own = ids.Distinct().ShouldHaveSingleItem();
        (await world.Admin.TextsAsync($"workspaces/{own}/members", "user")).ShouldBe([ann]);
        (await world.Admin.TextsAsync("workspaces?filter=" + Uri.EscapeDataString("personal eq true"))).ShouldBe([own]);

        // Hers alone, and she is its owner.
        using var she = await world.AsAsync(ann);
        (await (await she.PatchAsJsonAsync($"api/v1/workspaces/{own}", new { name = "My desk" })).ReadJsonAsync(HttpStatusCode.OK)).Text("personal_of").ShouldBe(ann);
        await (await she.PatchAsJsonAsync($"api/v1/workspaces/{own}", new { slug = "mine" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_personal");
        await (await world.Admin.PostAsJsonAsync($"api/v1/workspaces/{own}/members", new { user = bob })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_personal");
        await (await world.Admin.DeleteAsync($"api/v1/workspaces/{own}/members/{ann}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_personal");
        using var he = await world.AsAsync(bob);
        await (await he.GetAsync($"api/v1/workspaces/{own}")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/workspaces/{own}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_not_found");

        await world.SetAsync(new { workspaces = new { personal = true } });
        var cat = await world.UserAsync("cat");
        (await world.Admin.TextsAsync($"users/{cat}/workspaces", "personal_of")).ShouldBe([cat]);
        (await world.Admin.TextsAsync($"users/{bob}/workspaces", "personal_of")).ShouldBeEmpty("who was there before asks for one");
    }
}
