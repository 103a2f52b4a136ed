using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>Whether a legal hold stands in the way of what would end what the audit tells.</summary>
public static class AuditHolds
{
    /// <summary>Whether anything of the tenant is held. Waits for whoever sets a hold at this moment.</summary>
    public static async ValueTask<bool> AnyAsync(TenantTransaction tx, CancellationToken ct)
    {
        await AuditStore.LockHeadAsync(tx, ct);
        return await RetentionStore.CountHoldsAsync(tx, ct) > 0;
    }
}
