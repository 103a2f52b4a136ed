using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>
/// A client acts with every management scope it has: itself when it holds the administrator role, else as the administrator who signs in
/// to it. Who makes one, changes one or gets a secret of one could act with those scopes next, so her own token must carry them: a token
/// that may only write clients is not a way to everything else.
/// </summary>
internal static class ScopeEscalation
{
    /// <returns>Null, or 403 <c>scope_escalation</c>.</returns>
    internal static Problem? Check(Caller caller, params ReadOnlySpan<Client> clients)
    {
        foreach (var client in clients)
            foreach (var scope in client.Scopes)
                if (ScopeName.Management.Contains(scope) && !caller.Scopes.Contains(scope, StringComparer.Ordinal))
                    return Problem.Forbidden("scope_escalation", $"This concerns a client with the scope {scope}, which your own token does not carry.");
        return null;
    }
}
