using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization.Granting;

/// <summary>What the administrators of one organization or one workspace see and do about the roles held in it, once it has been found; in the caller's transaction.</summary>
internal sealed class ScopedRoles(Giving giving, ScopeDirectory scopes)
{
    /// <param name="Holder">Id of a member, or of a group of the organization (whose the workspace is).</param>
    /// <param name="Role">Key or id of a role that may be held there.</param>
    internal sealed record Request(string? Holder, string? Role, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

    internal static async ValueTask<Page<RoleView>> ListRolesAsync(TenantTransaction tx, ScopeKind kind, CancellationToken ct)
    {
        var book = await RoleBook.ReadAsync(tx, ct);
        return new([.. book.Roles.Where(r => r.AssignableAt.Contains(kind)).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => RoleView.Of(r, book))], null);
    }

    internal static async ValueTask<Page<AssignmentView>> ListAsync(TenantTransaction tx, RoleScope scope, PageRequest page, CancellationToken ct)
    {
        var book = await RoleBook.ReadAsync(tx, ct);
        var answer = page.ToPage(await HeldRoleStore.ListByScopeAsync(tx, scope, page.After, page.Limit + 1, ct), a => a.Id.Value);
        return new([.. answer.Items.Select(a => AssignmentView.Of(a, book))], answer.Next);
    }

    /// <returns>What was given; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>;
    /// 422 <c>holder_unknown</c>, <c>holder_not_member</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>period_invalid</c>.</returns>
    internal async ValueTask<Result<AssignmentView, Problem>> GiveAsync(TenantTransaction tx, RoleScope scope, Request request, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if (Holder.Parse(request.Holder) is not { } holder) return Problem.Invalid("holder_unknown", "holder is the id of a user, a client or a group of this tenant.", "holder");
        var book = await RoleBook.ReadAsync(tx, ct);
        if (book.Find(request.Role) is not { } role) return Problem.Invalid("role_unknown", "This tenant has no such role.", "role");
        if ((await scopes.CheckBelongsAsync(tx, scope, holder, ct) ?? await scopes.CheckAsync(tx, scope, holder, ct)) is { } elsewhere) return elsewhere;
        return (await giving.GiveAsync(tx, new(holder, role, scope, request.StartsAt?.ToKept(), request.EndsAt?.ToKept()), caller, facts, ct)).TryGet(out var made, out var problem)
            ? AssignmentView.Of(made, book) : problem;
    }

    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>assignment_not_found</c>; 409 <c>last_owner</c>.</returns>
    internal async ValueTask<Problem?> TakeAsync(TenantTransaction tx, RoleScope scope, string id, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        // Of another place's, or the whole tenant's, she learns nothing.
        if (!AssignmentId.TryParse(id, out var assignment) || await HeldRoleStore.FindAsync(tx, assignment, ct) is not { } held || held.Scope != scope) return GrantingProblems.AssignmentNotFound;
        return (await RoleBook.ReadAsync(tx, ct)).Find(held.Role) is { } role ? await giving.TakeAsync(tx, held, role, caller, facts, ct) : GrantingProblems.AssignmentNotFound;
    }
}
