using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;

namespace Gatehouse.Authorization.Granting;

/// <summary>A set of permissions that can be given to somebody.</summary>
/// <param name="Key">What people and programs call it: unique in the tenant, for good.</param>
/// <param name="Permissions">What it permits by itself.</param>
/// <param name="Includes">Roles whose permissions it has too.</param>
/// <param name="AssignableAt">Where it may be held.</param>
/// <param name="Version">0 for the product's own, which nobody changes.</param>
internal sealed record Role(RoleId Id, string Key, string Name, string Description, IReadOnlyList<string> Permissions, IReadOnlyList<RoleId> Includes,
    IReadOnlyList<ScopeKind> AssignableAt, long Version)
{
    public bool System { get; init; }

    /// <summary>Permits whatever there is, also what is registered later.</summary>
    public bool Everything { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    internal RoleDefinition Definition => new(Id.Value, Everything, Permissions, [.. Includes.Select(i => i.Value)]);
}

/// <summary>How scopes are written.</summary>
internal static class ScopeText
{
    internal static IReadOnlyList<ScopeKind> All { get; } = [ScopeKind.Tenant, ScopeKind.Organization, ScopeKind.Workspace, ScopeKind.Application];

    internal static string Of(ScopeKind kind) => kind switch
    {
        ScopeKind.Tenant => "tenant",
        ScopeKind.Organization => "organization",
        ScopeKind.Workspace => "workspace",
        _ => "application",
    };

    internal static ScopeKind? Parse(string? text) => text switch
    {
        "tenant" => ScopeKind.Tenant,
        "organization" => ScopeKind.Organization,
        "workspace" => ScopeKind.Workspace,
        "application" => ScopeKind.Application,
        _ => null,
    };

    /// <summary>The prefixed id of what it is held for; null for the tenant.</summary>
    internal static string? IdOf(RoleScope scope) => scope.Kind switch
    {
        ScopeKind.Tenant => null,
        ScopeKind.Organization => new OrganizationId(scope.Id).ToString(),
        ScopeKind.Workspace => new WorkspaceId(scope.Id).ToString(),
        _ => new ClientId(scope.Id).ToString(),
    };

    /// <returns>Null when the id is not one of such a thing.</returns>
    internal static RoleScope? Parse(ScopeKind kind, string? id) => kind switch
    {
        ScopeKind.Tenant => string.IsNullOrEmpty(id) ? RoleScope.Tenant : null,
        ScopeKind.Organization => OrganizationId.TryParse(id, out var organization) ? new(kind, organization.Value) : null,
        ScopeKind.Workspace => WorkspaceId.TryParse(id, out var workspace) ? new(kind, workspace.Value) : null,
        _ => ClientId.TryParse(id, out var client) ? new(kind, client.Value) : null,
    };
}
