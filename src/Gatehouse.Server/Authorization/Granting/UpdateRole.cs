using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>PATCH /api/v1/roles/{role}</c>: changes a role for all who hold it. Lists are replaced whole; the key stays.</summary>
internal static class UpdateRole
{
    /// <summary>Members that a patch may have; what is left out stays.</summary>
    internal sealed record Patch(string? Name, string? Description, string[]? Permissions, string[]? Includes, string[]? AssignableAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/roles/{role}", HandleAsync).WithName("roles.update").RequirePermission(Scopes.RolesWrite).RequireFreshProof()
            .Accepts<Patch>("application/merge-patch+json", "application/json");

    /// <returns>200; 400 <c>body_invalid</c>; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>role_not_found</c>; 409 <c>role_system</c>, <c>role_cycle</c>;
    /// 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>member_invalid</c> and what <see cref="CreateRole.HandleAsync"/> says of values.</returns>
    internal static async Task<Results<Ok<RoleView>, ProblemHttpResult>> HandleAsync(string role, MergePatch patch, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, RoleWriting roles, AuditLog audit, EventOutbox events, HttpContext http, CancellationToken ct)
    {
        if (patch.Expect("name", "description", "permissions", "includes", "assignable_at") is { } unfit) return unfit.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var book = await RoleWriting.BeginAsync(tx, ct);
        if (book.Find(role) is not { } before) return GrantingProblems.RoleNotFound.ToHttp();
        if (before.System) return GrantingProblems.RoleSystem.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (!RoleRules.ReadIncludes(patch.Texts("includes", [.. before.Includes.Select(i => i.ToString())]), book).TryGet(out var includes, out var problem)) return problem.ToHttp();
        if (!RoleRules.ReadPlaces(patch.Texts("assignable_at", [.. before.AssignableAt.Select(ScopeText.Of)])).TryGet(out var places, out problem)) return problem.ToHttp();
        var wanted = before with
        {
            Name = patch.Text("name", before.Name).Trim(), Description = patch.Text("description", before.Description).Trim(),
            Permissions = [.. patch.Texts("permissions", before.Permissions).Distinct(StringComparer.Ordinal)], Includes = includes, AssignableAt = places,
        };
        if (patch.Problem is { } mistyped) return mistyped.ToHttp();
        if (!(await roles.UpdateAsync(tx, book, before, wanted, caller, ct)).TryGet(out var after, out problem)) return problem.ToHttp();
        await audit.AppendAsync(tx, new("role.updated", AuditOutcome.Success, AuditActor.Of(caller), "role", after.Id.ToString(), facts, RoleFacts.Of(after)), ct);
        await events.PublishAsync(tx, new RoleUpdated(after.Id, after.Key), ct);
        var view = RoleView.Of(after, await RoleBook.ReadAsync(tx, ct));
        await tx.CommitAsync(ct);

        ETags.Set(http, after.Version);
        return TypedResults.Ok(view);
    }
}
