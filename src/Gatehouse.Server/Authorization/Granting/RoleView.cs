using Gatehouse.Kernel;

namespace Gatehouse.Authorization.Granting;

/// <summary>A role as the management API shows it.</summary>
/// <param name="Permissions">What it permits by itself.</param>
/// <param name="Includes">Keys of the roles whose permissions it has too.</param>
/// <param name="EffectivePermissions">All that it permits, those of included roles too; <c>*</c> alone: whatever there is.</param>
/// <param name="AssignableAt">Where it may be held: <c>tenant</c>, <c>organization</c>, <c>workspace</c>, <c>application</c>.</param>
/// <param name="System">The product's own: the same in every tenant; cannot be changed or deleted.</param>
internal sealed record RoleView(RoleId Id, string Key, string Name, string Description, IReadOnlyList<string> Permissions, IReadOnlyList<string> Includes,
    IReadOnlyList<string> EffectivePermissions, IReadOnlyList<string> AssignableAt, bool System, long Version, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt)
{
    internal static RoleView Of(Role role, RoleBook book) =>
        new(role.Id, role.Key, role.Name, role.Description, role.Everything ? ["*"] : role.Permissions,
            [.. role.Includes.Select(i => book.Find(i)?.Key).OfType<string>()],
            book.Graph.PermitsEverything(role.Id.Value) ? ["*"] : [.. book.Graph.PermissionsOf(role.Id.Value).Order(StringComparer.Ordinal)],
            [.. role.AssignableAt.Select(ScopeText.Of)], role.System, role.Version, role.System ? null : role.CreatedAt, role.System ? null : role.UpdatedAt);
}

internal static class GrantingProblems
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem RoleNotFound = Problem.NotFound("role_not_found", "This tenant has no such role.");
    internal static readonly Problem RoleSystem = Problem.Conflict("role_system", "This role is the product's own and cannot be changed or deleted. Make one that includes it.");
    internal static readonly Problem AssignmentNotFound = Problem.NotFound("assignment_not_found", "There is no such assignment here.");
}
