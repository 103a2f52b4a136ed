using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>
/// Whoever sets an administrator's password or address can sign in as her and do everything; whoever gives the role makes somebody who
/// can. So a token for a part of the management API is not enough for either: it must carry the whole.
/// </summary>
internal sealed class AdministratorGuard(Roles roles) : ICallerGuard
{
    public async ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, UserId target, Caller caller, CancellationToken ct) =>
        !HasAllScopes(caller) && await roles.HoldsAsync(tx, target, Roles.Administrator, ct) ? Escalation : null;

    /// <returns>Null when this caller may give this role; else 403 <c>scope_escalation</c>.</returns>
    internal static Problem? CheckGrant(Caller caller, string role) => role == Roles.Administrator && !HasAllScopes(caller) ? Escalation : null;

    private static Problem Escalation { get; } =
        Problem.Forbidden("scope_escalation", "This concerns an administrator, who may do everything: your own token must carry every management scope.");

    private static bool HasAllScopes(Caller caller)
    {
        foreach (var scope in Scopes.All)
            if (!caller.Scopes.Contains(scope, StringComparer.Ordinal)) return false;
        return true;
    }
}
