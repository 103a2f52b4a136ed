using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>GET /api/v1/users/{id}/effective-permissions</c>: all that a person may do at a place now, and with <c>explain=true</c> why.</summary>
internal static class EffectivePermissions
{
    private const int MaxListed = 6_000;

    /// <param name="Active">False for one who is disabled: what stands here she may do again when she is enabled, and nothing until then.</param>
    internal sealed record Response(string Holder, bool Active, IReadOnlyList<string> Roles, IReadOnlyList<EffectivePermission> Permissions);

    /// <param name="Reasons">Only with <c>explain=true</c>: each by itself would be enough.</param>
    internal sealed record EffectivePermission(string Permission, IReadOnlyList<ReasonView>? Reasons);

    /// <param name="Assignment">Null for a client that was registered as administrator.</param>
    /// <param name="Roles">Keys: the role that is held, the one it includes … and last the one that names the permission.</param>
    /// <param name="Group">The group through which it is held.</param>
    internal sealed record ReasonView(AssignmentId? Assignment, IReadOnlyList<string> Roles, GroupId? Group, string Scope, string? ScopeId, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id}/effective-permissions", HandleAsync).WithName("users.permissions.effective").RequirePermission(Scopes.RolesRead);

    /// <returns>200; 400 <c>explain_invalid</c>; 404 <c>user_not_found</c>; 422 <c>scope_invalid</c>, <c>scope_unknown</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, string? organization, string? workspace, string? application, string? explain,
        TenantContext tenant, IDatabase database, UserDirectory users, WorkspaceDirectory workspaces, Authority authority, TimeProvider clock, CancellationToken ct)
    {
        if (explain is not (null or "true" or "false")) return Problem.BadRequest("explain_invalid", "explain is true or false.", "explain").ToHttp();
        if (!UserId.TryParse(id, out var user)) return RoleProblems.UserNotFound.ToHttp();
        if (!(await NamedPlace.ReadAsync(tenant.Id, workspaces, organization, workspace, application, ct)).TryGet(out var place, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is not { } person) return RoleProblems.UserNotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        var now = clock.GetUtcNow();
        var held = (await authority.HeldAsync(tx, Holder.Of(user), ct)).Where(h => place.Place.IsWithin(h.Scope) && h.IsInForce(now)).ToList();
        var names = held.Exists(h => book.Graph.PermitsEverything(h.Role))
            ? (await PermissionStore.ListAsync(tx, "", MaxListed, ct)).Select(p => p.Name).Concat(Scopes.All)
            : held.SelectMany(h => book.Graph.PermissionsOf(h.Role));
        return TypedResults.Ok(new Response(id, person.Status == UserStatus.Active,
            [.. held.SelectMany(h => book.Graph.WithIncluded(h.Role)).Distinct().Select(r => book.Find(new RoleId(r))!.Key).Order(StringComparer.Ordinal)],
            [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(n => new EffectivePermission(n, explain == "true" ? [.. Explain(book, held, n)] : null))]));
    }

    private static IEnumerable<ReasonView> Explain(RoleBook book, List<HeldRole> held, string permission)
    {
        foreach (var own in held)
            if (book.Graph.Explain(own.Role, permission) is { Count: > 0 } chain)
                yield return new(own.Assignment == Guid.Empty ? null : new AssignmentId(own.Assignment), [.. chain.Select(r => book.Find(new RoleId(r))!.Key)],
                    own.Group is { } through ? new GroupId(through) : null, ScopeText.Of(own.Scope.Kind), ScopeText.IdOf(own.Scope), own.StartsAt, own.EndsAt);
    }
}

internal sealed record PlaceAnswer(Place Place);

/// <summary>The place of a question: any of the three, each by its id.</summary>
internal static class NamedPlace
{
    /// <summary>A workspace of an organization is in that organization, whether the question says so or not.</summary>
    /// <returns>The place; 422 <c>scope_invalid</c>, <c>scope_unknown</c>.</returns>
    internal static async ValueTask<Result<PlaceAnswer, Problem>> ReadAsync(TenantId tenant, WorkspaceDirectory workspaces, string? organization, string? workspace, string? application, CancellationToken ct)
    {
        if (!Read(organization, workspace, application).TryGet(out var read, out var problem)) return problem;
        if (read.Place.Workspace is not { } id) return read;
        if (await workspaces.FindPlaceAsync(tenant, new WorkspaceId(id), ct) is not { } there) return Problem.Invalid("scope_unknown", "This tenant has no such workspace.", "workspace");
        if (read.Place.Organization is { } named && named != there.Organization?.Value) return Problem.Invalid("scope_invalid", "That workspace is not one of that organization's.", "workspace");
        return new PlaceAnswer(read.Place with { Organization = there.Organization?.Value });
    }

    private static Result<PlaceAnswer, Problem> Read(string? organization, string? workspace, string? application)
    {
        Guid? inOrganization = null, inWorkspace = null, forApplication = null;
        if (organization is not null)
        {
            if (!OrganizationId.TryParse(organization, out var id)) return Unfit;
            inOrganization = id.Value;
        }
        if (workspace is not null)
        {
            if (!WorkspaceId.TryParse(workspace, out var id)) return Unfit;
            inWorkspace = id.Value;
        }
        if (application is not null)
        {
            if (!ClientId.TryParse(application, out var id)) return Unfit;
            forApplication = id.Value;
        }
        return new PlaceAnswer(new(inOrganization, inWorkspace, forApplication));
    }

    private static Problem Unfit { get; } = Problem.Invalid("scope_invalid", "organization, workspace and application are ids of such things.");
}
