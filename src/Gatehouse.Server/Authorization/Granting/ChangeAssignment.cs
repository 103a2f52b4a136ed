using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>PATCH /api/v1/role-assignments/{id}</c>: moves when it begins and ends to count.</summary>
internal static class MoveAssignment
{
    /// <summary>Members that a patch may have; null clears.</summary>
    internal sealed record Patch(DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/role-assignments/{id}", HandleAsync).WithName("role_assignments.update").RequirePermission(Scopes.RolesWrite).RequireFreshProof()
            .Accepts<Patch>("application/merge-patch+json", "application/json");

    /// <returns>200; 400 <c>body_invalid</c>; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>assignment_not_found</c>; 409 <c>last_administrator</c>;
    /// 422 <c>member_unknown</c>, <c>period_invalid</c>.</returns>
    internal static async Task<Results<Ok<AssignmentView>, ProblemHttpResult>> HandleAsync(string id, MergePatch patch, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, CancellationToken ct)
    {
        if (patch.Expect("starts_at", "ends_at") is { } unfit) return unfit.ToHttp();
        if (!AssignmentId.TryParse(id, out var assignment)) return GrantingProblems.AssignmentNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await HeldRoleStore.FindAsync(tx, assignment, ct) is not { } held) return GrantingProblems.AssignmentNotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(held.Role) is not { } role) return GrantingProblems.AssignmentNotFound.ToHttp();
        if (!TryReadTime(patch, "starts_at", held.StartsAt, out var starts) || !TryReadTime(patch, "ends_at", held.EndsAt, out var ends))
            return Problem.Invalid("period_invalid", "starts_at and ends_at are times with their offset (RFC 3339), or null.", patch.Has("ends_at") ? "ends_at" : "starts_at").ToHttp();
        if (!(await giving.MoveAsync(tx, held, role, starts, ends, caller, facts, ct)).TryGet(out var moved, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Ok(AssignmentView.Of(moved, book));
    }

    private static bool TryReadTime(MergePatch patch, string member, DateTimeOffset? current, out DateTimeOffset? time)
    {
        time = current;
        if (!patch.TryGet(member, out var value)) return true;
        time = null;
        if (value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.String || !value.TryGetDateTimeOffset(out var read)) return false;
        time = read.ToKept();
        return true;
    }
}

/// <summary><c>DELETE /api/v1/role-assignments/{id}</c>: takes the role away.</summary>
internal static class TakeRole
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/role-assignments/{id}", HandleAsync).WithName("role_assignments.delete").RequirePermission(Scopes.RolesWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>assignment_not_found</c>; 409 <c>last_administrator</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, Giving giving, CancellationToken ct)
    {
        if (!AssignmentId.TryParse(id, out var assignment)) return GrantingProblems.AssignmentNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await HeldRoleStore.FindAsync(tx, assignment, ct) is not { } held) return GrantingProblems.AssignmentNotFound.ToHttp();
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(held.Role) is not { } role) return GrantingProblems.AssignmentNotFound.ToHttp();
        if (await giving.TakeAsync(tx, held, role, caller, facts, ct) is { } problem) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
