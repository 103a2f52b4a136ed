using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary><c>GET /api/v1/workspaces/{workspace}/usage</c>: counted when it is asked for.</summary>
internal static class WorkspaceUsage
{
    private const int DefaultDays = 7, MaxDays = 30;

    /// <param name="ActiveMembers">Members who were seen in a session in the last <paramref name="Days"/> days. Sessions that were ended are forgotten after seven days, so that beyond that
    /// only those count that went on.</param>
    /// <param name="RoleAssignments">Roles that are held for it, whether in force or not.</param>
    internal sealed record View(WorkspaceId Workspace, WorkspaceStatus Status, long Members, long ActiveMembers, int Days, long RoleAssignments, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/workspaces/{workspace}/usage", HandleAsync).WithName("workspaces.usage").WithSummary("Count what a workspace has").RequirePermission(Scopes.WorkspacesRead).InWorkspace();

    /// <param name="days">1 to 30; default 7.</param>
    /// <returns>200; 400 <c>days_invalid</c>; 404 <c>workspace_not_found</c>.</returns>
    internal static async Task<Results<Ok<View>, ProblemHttpResult>> HandleAsync(string workspace, string? days, TenantContext tenant, IDatabase database, IEnumerable<IWorkspaceFigure> figures, TimeProvider clock, CancellationToken ct)
    {
        var asked = DefaultDays;
        if (!string.IsNullOrEmpty(days) && (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out asked) || asked is < 1 or > MaxDays))
            return Problem.BadRequest("days_invalid", $"days is a number from 1 to {MaxDays}.", "days").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!WorkspaceId.TryParse(workspace, out var id) || await WorkspaceStore.FindAsync(tx, id, ct) is not { } found) return WorkspaceProblems.NotFound.ToHttp();
        Dictionary<string, long> others = new(StringComparer.Ordinal);
        foreach (var figure in figures) others[figure.Name] = await figure.CountAsync(tx, found, ct);
        return TypedResults.Ok(new View(id, found.Status, await WorkspaceMemberStore.CountAsync(tx, id, ct), await CountActiveAsync(tx, id, clock.Now() - TimeSpan.FromDays(asked), ct), asked,
            others["role_assignments"], found.CreatedAt, found.UpdatedAt));
    }

    // Sessions are another room's, so it is asked about the members: at most as many as a workspace may have.
    private static async ValueTask<long> CountActiveAsync(TenantTransaction tx, WorkspaceId workspace, DateTimeOffset since, CancellationToken ct)
    {
        const int batch = 500;
        var active = 0L;
        ListPosition? after = null;
        while (await WorkspaceMemberStore.ListAsync(tx, workspace, descending: false, after, batch, ct) is { Count: > 0 } some)
        {
            active += await SessionActivity.CountSeenAsync(tx, some.Select(m => m.UserId), since, ct);
            after = new(some[^1].JoinedAt, some[^1].UserId.Value);
        }
        return active;
    }
}
