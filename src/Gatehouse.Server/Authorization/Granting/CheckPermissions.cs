using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary>One question: may she do that there, now?</summary>
/// <param name="Subject">Id of a user or a client. Of who is not there or disabled the answer is no.</param>
/// <param name="Permission">A name that an API registered; of one that nobody did the answer is no, but for who may do everything.</param>
internal sealed record PermissionCheck(string? Subject, string? Permission, string? Organization, string? Workspace, string? Application);

/// <summary><c>POST /api/v1/permissions/check</c>: whether somebody may do something at a place now, for applications that decide by our roles.</summary>
internal static class CheckPermission
{
    internal sealed record Response(bool Allowed);

    internal static void Map(IEndpointRouteBuilder api) => api.MapPost("/permissions/check", HandleAsync).WithName("permissions.check").RequirePermission(Scopes.PermissionsCheck);

    /// <returns>200; 422 <c>subject_invalid</c>, <c>permission_invalid</c>, <c>scope_invalid</c>, <c>scope_unknown</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(PermissionCheck request, TenantContext tenant, Authority authority, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        if (!(await AskedPermission.ReadAsync(tenant.Id, workspaces, request, ct)).TryGet(out var asked, out var problem)) return problem.ToHttp();
        return TypedResults.Ok(new Response(await authority.PermitsAsync(tenant.Id, asked.Holder, asked.Permission, asked.Place, ct)));
    }
}

/// <summary><c>POST /api/v1/permissions/check-batch</c>: up to a hundred questions at once, answered in their order.</summary>
internal static class CheckPermissions
{
    private const int MaxChecks = 100;

    internal sealed record Request(PermissionCheck?[]? Checks);

    internal sealed record Response(IReadOnlyList<bool> Allowed);

    internal static void Map(IEndpointRouteBuilder api) => api.MapPost("/permissions/check-batch", HandleAsync).WithName("permissions.check_batch").RequirePermission(Scopes.PermissionsCheck);

    /// <returns>200; 422 <c>checks_invalid</c> and what <see cref="CheckPermission.HandleAsync"/> says of one.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Authority authority, WorkspaceDirectory workspaces, CancellationToken ct)
    {
        if (request.Checks is not { Length: > 0 and <= MaxChecks } checks) return Problem.Invalid("checks_invalid", $"checks is a list of 1 to {MaxChecks} questions.", "checks").ToHttp();
        List<bool> allowed = new(checks.Length);
        foreach (var check in checks)
        {
            if (!(await AskedPermission.ReadAsync(tenant.Id, workspaces, check, ct)).TryGet(out var asked, out var problem)) return problem.ToHttp();
            allowed.Add(await authority.PermitsAsync(tenant.Id, asked.Holder, asked.Permission, asked.Place, ct));
        }
        return TypedResults.Ok(new Response(allowed));
    }
}

/// <summary>A question that was understood.</summary>
internal sealed record AskedPermission(Holder Holder, string Permission, Place Place)
{
    internal static async ValueTask<Result<AskedPermission, Problem>> ReadAsync(TenantId tenant, WorkspaceDirectory workspaces, PermissionCheck? request, CancellationToken ct)
    {
        if (Granting.Holder.Parse(request?.Subject) is not { Kind: HolderKind.User or HolderKind.Client } holder) return Problem.Invalid("subject_invalid", "subject is the id of a user or a client.", "subject");
        if (request!.Permission is not { Length: > 0 and <= RoleRules.MaxPermissionName } permission)
            return Problem.Invalid("permission_invalid", $"permission is a permission's name, at most {RoleRules.MaxPermissionName} characters.", "permission");
        return (await NamedPlace.ReadAsync(tenant, workspaces, request.Organization, request.Workspace, request.Application, ct)).TryGet(out var place, out var problem) ? new AskedPermission(holder, permission, place.Place) : problem;
    }
}
