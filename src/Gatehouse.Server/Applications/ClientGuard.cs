using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Applications;

/// <summary>
/// A client acts with every management scope it has: itself as far as its roles go, else as the person who signs in to it. Who makes one, changes one
/// or gets a secret of one could act with them next, so her own token must carry those scopes, and she must hold what the client holds.
/// </summary>
internal sealed class ClientGuard(ICallerGuard callers)
{
    /// <param name="client">As it is; where it is changed, as it was.</param>
    /// <param name="wanted">As it is to be; null where that stays.</param>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantTransaction tx, Caller caller, Client client, Client? wanted, CancellationToken ct)
    {
        foreach (var scope in client.Scopes.Concat(wanted?.Scopes ?? []))
            if (ScopeName.Management.Contains(scope) && !caller.Scopes.Contains(scope, StringComparer.Ordinal))
                return Problem.Forbidden("scope_escalation", $"This concerns a client with the scope {scope}, which your own token does not carry.");
        // Who changes where a client's tokens go gets tokens of those who use it: of administrators too.
        foreach (var scope in client.Scopes.Concat(wanted?.Scopes ?? []))
            if (ScopeName.Management.Contains(scope) && !caller.Permitted.Contains(scope, StringComparer.Ordinal))
                return Problem.Forbidden("permission_escalation", $"This concerns a client with the scope {scope}, which none of your own roles permits.");
        return await callers.MayActAsAsync(tx, client.Id, client.Administrator || wanted is { Administrator: true }, caller, ct);
    }
}
