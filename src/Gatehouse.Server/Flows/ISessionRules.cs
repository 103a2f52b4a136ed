using Gatehouse.Http;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Flows;

/// <summary>
/// Whether a session that exists satisfies the tenant's own flow for another application or from another place than it was begun for. The level an
/// application demands is judged by its protocol.
/// </summary>
public interface ISessionRules
{
    /// <param name="demand">With the application; without one it is asked for her own account.</param>
    /// <param name="inBrowser">Whether it is her browser that asks: a program has no device of hers, and nothing that it sends says that she trusts one.</param>
    ValueTask<SessionVerdict> JudgeAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, SignInDemand demand, Session session, bool inBrowser, CancellationToken ct);
}

public enum SessionVerdict
{
    Enough,

    /// <summary>She has to prove or do more, or to begin in another way.</summary>
    More,

    /// <summary>She does not get in here.</summary>
    Denied,
}
