using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Http;

/// <summary>Metadata of a management endpoint: which OAuth scope its token must carry. Enforced by the Authorization room.</summary>
public sealed record PermissionNeeded(string Scope);

/// <summary>Metadata of a management endpoint that anybody may read, such as the API's own description. An endpoint has this or the other.</summary>
public sealed record PermissionNotNeeded;

/// <summary>
/// Metadata of an endpoint for which being signed in is not enough: the person who calls has proved who she is in the last five minutes, by
/// both steps if she has two. Enforced where callers are let in; a client that speaks for itself is nobody who could be asked.
/// </summary>
public sealed record FreshProofNeeded;

/// <summary>
/// Metadata of an endpoint about one organization: whoever holds the permission in that organization may use it, not only who holds it in
/// the whole tenant. Enforced where callers are let in.
/// </summary>
/// <param name="RouteValue">The route's part that is the organization's id.</param>
public sealed record OrganizationNamed(string RouteValue);

/// <summary>
/// Metadata of an endpoint about one workspace: whoever holds the permission in that workspace, or in the organization whose it is, may use it too.
/// Enforced where callers are let in.
/// </summary>
/// <param name="RouteValue">The route's part that is the workspace's id.</param>
/// <param name="OnlyOfOrganization">Of a workspace of the tenant's own, only who holds it in the whole tenant.</param>
public sealed record WorkspaceNamed(string RouteValue, bool OnlyOfOrganization);

/// <summary>Metadata of an endpoint that answers without a tenant (health, metrics). Everything else needs one.</summary>
public sealed record AllowNoTenant;

/// <summary>Who calls the management API: proven by an access token, set by Authorization before the handler runs.</summary>
/// <param name="HomeTenant">The tenant whose token it is; an ancestor of, or the same as, the tenant acted on.</param>
/// <param name="Kind"><c>user</c>, <c>client</c> or <c>api_key</c>.</param>
/// <param name="Id">Prefixed id of the user, client or key.</param>
public sealed record Caller(TenantId HomeTenant, string Kind, string Id)
{
    /// <summary>What the token carries: a caller may hand on no more than it was given.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Those of <see cref="Scopes"/> that the caller's roles permit here, too: for what an operation shows or does beyond the permission it needs itself.</summary>
    public IReadOnlyList<string> Permitted { get; init; } = [];

    /// <summary>The session that a person's token was issued under; null where the token names none.</summary>
    public SessionId? Session { get; init; }

    /// <summary>For one who acts in a tenant below her own: until when she may; null: for good.</summary>
    public DateTimeOffset? Until { get; init; }

    public static ValueTask<Caller?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<Caller>());
}

/// <summary>For an operation that is grave only sometimes: asks of its caller what <see cref="FreshProofNeeded"/> asks of everybody. Set where callers are let in.</summary>
public sealed class RecentProof(Func<CancellationToken, ValueTask<Problem?>> check)
{
    /// <returns>Null; 401 <c>fresh_proof_required</c>, and the challenge is written.</returns>
    public ValueTask<Problem?> CheckAsync(CancellationToken ct) => check(ct);

    public static ValueTask<RecentProof?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<RecentProof>());
}

public static class PermissionMetadata
{
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PermissionNeeded(scope));

    public static TBuilder AllowWithoutPermission<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PermissionNotNeeded());

    public static TBuilder RequireFreshProof<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new FreshProofNeeded());

    public static TBuilder InOrganization<TBuilder>(this TBuilder endpoint, string routeValue = "organization") where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new OrganizationNamed(routeValue));

    public static TBuilder InWorkspace<TBuilder>(this TBuilder endpoint, bool onlyOfOrganization = false) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new WorkspaceNamed("workspace", onlyOfOrganization));

    public static TBuilder AllowNoTenant<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AllowNoTenant());
}

/// <summary>The management API's scopes: what a token may do, and by the same names what a role permits its holder.</summary>
public static class Scopes
{
    public const string TenantsRead = "tenants:read", TenantsWrite = "tenants:write";

    /// <summary>Taking away all that a tenant owns, as a file.</summary>
    public const string TenantsExport = "tenants:export";

    /// <summary>Adds to <see cref="TenantsExport"/> the hashes of passwords.</summary>
    public const string TenantsExportPasswords = "tenants:export_passwords";
    public const string OrganizationsRead = "organizations:read", OrganizationsWrite = "organizations:write";
    public const string WorkspacesRead = "workspaces:read", WorkspacesWrite = "workspaces:write";
    public const string MembersRead = "members:read", MembersWrite = "members:write";
    public const string InvitationsRead = "invitations:read", InvitationsWrite = "invitations:write";
    public const string GroupsRead = "groups:read", GroupsWrite = "groups:write";
    public const string UsersRead = "users:read", UsersWrite = "users:write", UsersImpersonate = "users:impersonate";
    public const string SessionsRead = "sessions:read", SessionsWrite = "sessions:write";
    public const string ClientsRead = "clients:read", ClientsWrite = "clients:write";
    public const string ApisRead = "apis:read", ApisWrite = "apis:write";
    public const string KeysRead = "keys:read", KeysWrite = "keys:write";
    public const string AuditRead = "audit:read", AuditWrite = "audit:write";

    /// <summary>Adds to <see cref="AuditRead"/> what tells of persons: addresses, browsers, personal details.</summary>
    public const string AuditPii = "audit:pii";
    public const string MailsRead = "mails:read";
    public const string JobsRead = "jobs:read", JobsWrite = "jobs:write";
    public const string RolesRead = "roles:read", RolesWrite = "roles:write";
    public const string PermissionsCheck = "permissions:check";
    public const string ClaimsRead = "claims:read", ClaimsWrite = "claims:write", ClaimsPreview = "claims:preview";
    public const string ApiKeysRead = "api_keys:read", ApiKeysWrite = "api_keys:write", ApiKeysVerify = "api_keys:verify";

    public static IReadOnlyList<string> All { get; } =
    [
        TenantsRead, TenantsWrite, TenantsExport, TenantsExportPasswords,
        OrganizationsRead, OrganizationsWrite,
        WorkspacesRead, WorkspacesWrite,
        MembersRead, MembersWrite,
        InvitationsRead, InvitationsWrite,
        GroupsRead, GroupsWrite,
        UsersRead, UsersWrite, UsersImpersonate,
        SessionsRead, SessionsWrite,
        ClientsRead, ClientsWrite,
        ApisRead, ApisWrite,
        KeysRead, KeysWrite,
        AuditRead, AuditWrite, AuditPii,
        MailsRead,
        JobsRead, JobsWrite,
        RolesRead, RolesWrite,
        PermissionsCheck,
        ClaimsRead, ClaimsWrite, ClaimsPreview,
        ApiKeysRead, ApiKeysWrite, ApiKeysVerify,
    ];
}

/// <summary>The account API's scopes: what a person's token may do to her own account.</summary>
public static class AccountScopes
{
    public const string Read = "account:read", Write = "account:write";

    public static IReadOnlyList<string> All { get; } = [Read, Write];
}
