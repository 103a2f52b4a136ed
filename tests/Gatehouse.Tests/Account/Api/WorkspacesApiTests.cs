using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Tests.Workspaces;

namespace Gatehouse.Tests.Account.Api;

public sealed class WorkspacesApiTests
{
    [Theory, BothDatabases]
    public async Task I_see_my_workspaces_make_my_own_and_leave_others(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var organization = (await admin.CreateOrganizationAsync("acme")).Id();
        await admin.AddMemberAsync(organization, world.UserId);
        var (desk, strange) = (await admin.WorkspaceAsync("desk", organization), await admin.WorkspaceAsync("strange", organization));
        await admin.EnterAsync(desk, world.UserId);
        var own = (await world.JsonAsync(HttpMethod.Put, "/workspaces/personal", new { })).Id();
        (await world.JsonAsync(HttpMethod.Put, "/workspaces/personal", new { })).Id().ShouldBe(own);
        (await world.JsonAsync(HttpMethod.Get, "/workspaces")).GetProperty("items").EnumerateArray().Select(w => (w.Id(), w.GetProperty("personal").GetBoolean())).ShouldBe([(desk, false), (own, true)]);
        foreach (var absent in (string[])[strange, WorkspaceWorld.Nowhere, "x"])
            await (await world.CallAsync(HttpMethod.Delete, $"/workspaces/{absent}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace_not_found");
        await (await world.CallAsync(HttpMethod.Delete, $"/workspaces/{own}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace_personal");
        (await admin.PostAsync($"api/v1/workspaces/{desk}/archive", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.JsonAsync(HttpMethod.Get, "/workspaces")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await admin.PostAsync($"api/v1/workspaces/{desk}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.JsonlessAsync(HttpMethod.Delete, $"/workspaces/{desk}", null, HttpStatusCode.NoContent);
        (await admin.TextsAsync($"workspaces/{desk}/members", "user")).ShouldBeEmpty();
        (await world.AuditAsync("workspace.member_left")).ShouldHaveSingleItem();
    }
}
