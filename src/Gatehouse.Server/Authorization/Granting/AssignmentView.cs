using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;

namespace Gatehouse.Authorization.Granting;

/// <summary>A role that somebody holds, as the management API shows it.</summary>
/// <param name="Holder">Id of a user, a client or a group.</param>
/// <param name="Role">The role's key.</param>
/// <param name="Organization">The organization it is held for; it, <paramref name="Workspace"/> and <paramref name="Application"/> all null: the whole tenant.</param>
/// <param name="StartsAt">When it begins to count; null: at once.</param>
/// <param name="EndsAt">When it no longer counts; null: never.</param>
/// <param name="GivenBy">Id of who gave it, or <c>system</c>.</param>
internal sealed record AssignmentView(AssignmentId Id, string Holder, string Role, RoleId RoleId, string? Organization, string? Workspace, string? Application,
    DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string GivenBy, DateTimeOffset CreatedAt)
{
    internal static AssignmentView Of(Assignment held, RoleBook book)
    {
        var id = ScopeText.IdOf(held.Scope);
        return new(held.Id, held.Holder.IdText, book.Find(held.Role)?.Key ?? "", held.Role, held.Scope.Kind == ScopeKind.Organization ? id : null,
            held.Scope.Kind == ScopeKind.Workspace ? id : null, held.Scope.Kind == ScopeKind.Application ? id : null, held.StartsAt, held.EndsAt, held.GivenBy, held.CreatedAt);
    }
}

/// <summary>Where a role is to be held, as requests name it: at most one of the three.</summary>
internal static class NamedScope
{
    /// <returns>The scope; 422 <c>scope_invalid</c>.</returns>
    internal static Result<ScopeAnswer, Problem> Read(string? organization, string? workspace, string? application)
    {
        var (kind, id, field) = (organization, workspace, application) switch
        {
            (null, null, null) => (ScopeKind.Tenant, null, ""),
            ({ } o, null, null) => (ScopeKind.Organization, o, "organization"),
            (null, { } w, null) => (ScopeKind.Workspace, w, "workspace"),
            (null, null, { } a) => (ScopeKind.Application, a, "application"),
            _ => (ScopeKind.Tenant, "?", "organization"),
        };
        return ScopeText.Parse(kind, id) is { } scope ? new ScopeAnswer(scope)
            : Problem.Invalid("scope_invalid", "Name at most one of organization, workspace and application, by its id.", field);
    }
}

internal sealed record ScopeAnswer(RoleScope Scope);
