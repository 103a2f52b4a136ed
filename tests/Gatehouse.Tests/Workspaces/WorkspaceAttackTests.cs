using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Workspaces;

/// <summary>What would leave a workspace without an owner, or somebody with a role there that nobody sees.</summary>
public sealed class WorkspaceAttackTests
{
    [Theory, BothDatabases]
    public async Task Two_accounts_that_become_one_keep_their_workspaces_and_no_role_waits_for_a_membership(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (goes, stays) = (await world.UserAsync("goes"), await world.UserAsync("stays"));
        var acme = await world.OrganizationAsync("acme");
        await world.JoinAsync(acme, goes);
        var (team, own, old) = (await world.Admin.WorkspaceAsync("team", acme, new { owner = goes }), await world.Admin.WorkspaceAsync("own", null, new { owner = goes }),
            await world.Admin.WorkspaceAsync("old", acme, new { owner = goes }));
        (await world.Admin.PostAsync($"api/v1/workspaces/{old}/archive", null)).EnsureSuccessStatusCode();
        foreach (var user in new[] { goes, stays }) (await world.Admin.PutAsync($"api/v1/users/{user}/personal-workspace", null)).EnsureSuccessStatusCode();

        using (var merged = await world.Admin.PostAsJsonAsync($"api/v1/users/{stays}/merge", new { from = goes }))
            (await merged.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("moved").GetProperty("workspaces").GetInt32().ShouldBe(3);

        using var she = await world.AsAsync(stays);
        foreach (var workspace in new[] { team, own })
        {
            (await world.Admin.TextsAsync($"workspaces/{workspace}/members", "user")).ShouldBe([stays]);
            (await she.JsonAsync($"workspaces/{workspace}")).Text("status").ShouldBe("active");
            await (await she.DeleteAsync($"api/v1/workspaces/{workspace}/members/{stays}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        }
        (await world.Admin.TextsAsync($"workspaces/{old}/members", "user")).ShouldBe([stays]);
        // Her personal one is hers, the other's is gone, and with it what was held there.
        (await world.Admin.TextsAsync($"users/{stays}/workspaces")).Length.ShouldBe(4);
        (await world.Admin.TextsAsync("workspaces?filter=" + Uri.EscapeDataString("personal eq true"), "personal_of")).ShouldBe([stays]);
        (await world.Admin.TextsAsync($"role-assignments?holder={stays}", "role")).Length.ShouldBe(4);
    }
}
