using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Workspaces;

/// <summary>What the tests of workspaces share.</summary>
internal static class WorkspaceWorld
{
    internal const string Nowhere = "wsp_01h455vb4pex5vsknk084sn02q";

    /// <param name="organization">Null: the tenant's own.</param>
    internal static async Task<string> WorkspaceAsync(this HttpClient caller, string slug, string? organization = null, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["slug"] ??= slug;
        body["name"] ??= $"The {slug}";
        using var made = await caller.PostAsJsonAsync(organization is null ? "api/v1/workspaces" : $"api/v1/organizations/{organization}/workspaces", body);
        return (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    internal static async Task EnterAsync(this HttpClient caller, string workspace, string user, params string[] roles)
    {
        using var added = await caller.PostAsJsonAsync($"api/v1/workspaces/{workspace}/members", new { user, roles });
        await added.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal static async Task<JsonElement> JsonAsync(this HttpClient caller, string path, HttpStatusCode status = HttpStatusCode.OK) => await (await caller.GetAsync("api/v1/" + path)).ReadJsonAsync(status);

    internal static async Task<string?[]> TextsAsync(this HttpClient caller, string path, string member = "id") =>
        [.. (await caller.JsonAsync(path)).GetProperty("items").EnumerateArray().Select(i => i.Text(member))];

    internal static async Task SetAsync(this RoleWorld world, object settings)
    {
        using var set = await world.Admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", settings);
        set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync());
    }

    /// <summary>Everything that can be asked of one workspace.</summary>
    internal static (string Method, string Path, object? Body)[] Operations(string workspace, string user) =>
    [
        ("GET", $"workspaces/{workspace}", null), ("PATCH", $"workspaces/{workspace}", new { name = "Mine" }), ("DELETE", $"workspaces/{workspace}", null), ("GET", $"workspaces/{workspace}/usage", null),
        ("POST", $"workspaces/{workspace}/archive", null), ("POST", $"workspaces/{workspace}/restore", null), ("GET", $"workspaces/{workspace}/members", null), ("POST", $"workspaces/{workspace}/members", new { user }),
        ("GET", $"workspaces/{workspace}/members/{user}", null), ("DELETE", $"workspaces/{workspace}/members/{user}", null), ("GET", $"workspaces/{workspace}/roles", null),
        ("GET", $"workspaces/{workspace}/role-assignments", null), ("POST", $"workspaces/{workspace}/role-assignments", new { holder = user, role = "workspace_member" }),
        ("DELETE", $"workspaces/{workspace}/role-assignments/asg_01h455vb4pex5vsknk084sn02q", null),
    ];
}
