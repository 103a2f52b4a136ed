using System.Collections.Frozen;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;

namespace Gatehouse.Authorization.Granting;

/// <summary>
/// The product's own roles: the same in every tenant, with the same ids, without rows, so that a new version brings what they permit with it. Given,
/// taken, included and explained like any other.
/// </summary>
internal static class SystemRoles
{
    internal static readonly RoleId Administrator = Id(1), OrganizationOwner = Id(5), WorkspaceOwner = Id(9);

    internal static IReadOnlyList<Role> All { get; } =
    [
        new(Administrator, Roles.Administrator, "Administrator", "Everything, in this tenant and those below it.", [], [], [ScopeKind.Tenant], 0) { System = true, Everything = true },
        // Not the mailbox of development, in which links lie that sign people in.
        Of(2, "auditor", "Auditor", "Reads everything and changes nothing.", ScopeKind.Tenant, [.. Scopes.All.Where(s => s.EndsWith(":read", StringComparison.Ordinal) && s != Scopes.MailsRead)]),
        Of(3, "user_manager", "User manager", "People, their sessions, groups and memberships.", ScopeKind.Tenant,
            Scopes.UsersRead, Scopes.UsersWrite, Scopes.SessionsRead, Scopes.SessionsWrite, Scopes.GroupsRead, Scopes.GroupsWrite, Scopes.OrganizationsRead, Scopes.MembersRead, Scopes.MembersWrite,
            Scopes.InvitationsRead, Scopes.InvitationsWrite, Scopes.JobsRead, Scopes.JobsWrite),
        Of(4, "application_manager", "Application manager", "Applications and APIs.", ScopeKind.Tenant, Scopes.ClientsRead, Scopes.ClientsWrite, Scopes.ApisRead, Scopes.ApisWrite),
        Of(5, Roles.OrganizationOwner, "Organization owner", "Everything in one organization.", ScopeKind.Organization, [Scopes.OrganizationsWrite, .. WithinOrganization]),
        Of(6, "organization_admin", "Organization administrator", "Members, invitations, groups and workspaces of one organization.", ScopeKind.Organization, WithinOrganization),
        Of(7, "organization_member", "Organization member", "Sees one organization and who is in it.", ScopeKind.Organization, Scopes.OrganizationsRead, Scopes.MembersRead),
        Of(8, "permission_checker", "Permission checker", "For applications that ask what somebody may do.", ScopeKind.Tenant, Scopes.PermissionsCheck),
        Of(9, "workspace_owner", "Workspace owner", "Everything in one workspace.", ScopeKind.Workspace, [Scopes.WorkspacesWrite, .. WithinWorkspace]),
        Of(10, "workspace_admin", "Workspace administrator", "Members of one workspace and their roles.", ScopeKind.Workspace, WithinWorkspace),
        Of(11, "workspace_member", "Workspace member", "Sees one workspace and who is in it.", ScopeKind.Workspace, Scopes.WorkspacesRead, Scopes.MembersRead),
        Of(12, "api_key_verifier", "API key verifier", "For applications that are shown API keys.", ScopeKind.Tenant, Scopes.ApiKeysVerify),
    ];

    private static readonly FrozenDictionary<string, Role> byKey = All.ToFrozenDictionary(r => r.Key, StringComparer.Ordinal);

    internal static Role? Find(string key) => byKey.GetValueOrDefault(key);

    internal static bool IsOwn(RoleId id) => All.Any(r => r.Id == id);

    private static string[] WithinOrganization =>
    [
        Scopes.OrganizationsRead, Scopes.MembersRead, Scopes.MembersWrite, Scopes.InvitationsRead, Scopes.InvitationsWrite, Scopes.WorkspacesRead, Scopes.WorkspacesWrite,
        Scopes.GroupsRead, Scopes.GroupsWrite, Scopes.RolesRead, Scopes.RolesWrite, Scopes.JobsRead, Scopes.JobsWrite, Scopes.ApiKeysRead, Scopes.ApiKeysWrite,
    ];

    private static string[] WithinWorkspace => [Scopes.WorkspacesRead, Scopes.MembersRead, Scopes.MembersWrite, Scopes.RolesRead, Scopes.RolesWrite];

    private static Role Of(byte number, string key, string name, string description, ScopeKind at, params string[] permissions) =>
        new(Id(number), key, name, description, permissions, [], [at], 0) { System = true };

    private static RoleId Id(byte number) => new(new Guid([0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number], bigEndian: true));
}
