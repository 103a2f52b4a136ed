using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// Who may change whom through the management API, although this room knows nothing of roles: Authorization, later in the order,
/// provides it.
/// </summary>
public interface ICallerGuard
{
    /// <summary>Whether this caller may change this user: profile, addresses, password, status, roles, or her being there at all.</summary>
    /// <returns>Null when she may; else 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, UserId target, Caller caller, CancellationToken ct);

    /// <summary>Whether this caller may make, change or get a secret of this client, and so act as it.</summary>
    /// <param name="administrator">Whether the client is to be an administrator.</param>
    /// <returns>Null when she may; else 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    ValueTask<Problem?> MayActAsAsync(TenantTransaction tx, ClientId client, bool administrator, Caller caller, CancellationToken ct);
}
