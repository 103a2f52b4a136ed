using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>What somebody comes to hold because of facts about her; whoever changes the facts must be allowed to give and take that. A later room provides it.</summary>
public interface IUserReach
{
    /// <summary>What she reaches now, as that room counts it.</summary>
    ValueTask<IReadOnlyList<Guid>> BeforeAsync(TenantTransaction tx, UserId user, CancellationToken ct);

    /// <summary>Asked after the change and its events, in the same transaction.</summary>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>: then the caller does not commit.</returns>
    ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, IReadOnlyList<Guid> before, Caller caller, CancellationToken ct);
}

/// <summary>
/// Who may change whom through the management API, although this room knows nothing of roles: Authorization, later in the order,
/// provides it.
/// </summary>
public interface ICallerGuard
{
    /// <summary>Whether this caller may change this user: profile, addresses, password, status, roles, or her being there at all.</summary>
    /// <returns>Null when she may; else 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, UserId target, Caller caller, CancellationToken ct);

    /// <summary>
    /// For what goes on after the request that began it: whether this person, as it is written at this moment, holds a permission in the tenant as a whole and
    /// everything that another one holds, where and for as long as that one does.
    /// </summary>
    ValueTask<bool> CoversAsync(TenantTransaction tx, UserId person, string permission, UserId other, CancellationToken ct);

    /// <summary>Whether this caller may make, change or get a secret of this client, and so act as it.</summary>
    /// <param name="administrator">Whether the client is to be an administrator.</param>
    /// <returns>Null when she may; else 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    ValueTask<Problem?> MayActAsAsync(TenantTransaction tx, ClientId client, bool administrator, Caller caller, CancellationToken ct);
}
