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
    ValueTask<SessionVerdict> JudgeAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, SignInDemand demand, Session session, CancellationToken ct);
}

public enum SessionVerdict
{
    Enough,

    /// <summary>She has to prove or do more, or to begin in another way.</summary>
    More,

    /// <summary>She does not get in here.</summary>
    Denied,
}
