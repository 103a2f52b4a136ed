using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>API keys of people, where what somebody signs in with is shown and taken away. Implemented by the room that keeps them.</summary>
public interface IKeysOfUser
{
    /// <summary>How many of hers are good by themselves at this moment.</summary>
    ValueTask<int> CountAsync(TenantTransaction tx, UserId user, CancellationToken ct);

    /// <summary>Revokes them all; none can be made meanwhile.</summary>
    /// <param name="reason">Stands in the audit.</param>
    /// <returns>How many there were.</returns>
    ValueTask<int> RevokeAllAsync(TenantTransaction tx, UserId user, AuditActor actor, RequestFacts facts, string reason, CancellationToken ct);
}
