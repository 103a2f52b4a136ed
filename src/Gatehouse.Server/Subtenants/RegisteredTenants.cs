using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Subtenants;

/// <summary>
/// Whoever registered a tenant administers it, and would otherwise make as many below it as she likes, unasked and under any name: quotas, approvals and proofs would hold for the first one
/// only. So nobody of a registered tenant, or of one below it, makes tenants; administrators above do.
/// </summary>
internal sealed class RegisteredTenants(TenantDirectory tenants) : IChildTenantGuard
{
    public async ValueTask<Problem?> CheckAsync(SystemTransaction tx, TenantId home, CancellationToken ct) =>
        await IsWithinAsync(tx, tenants, home, ct) ? TenantRegistrationProblems.Registered : null;

    /// <summary>Whether somebody registered this tenant, or one above it.</summary>
    internal static async ValueTask<bool> IsWithinAsync(SystemTransaction tx, TenantDirectory tenants, TenantId id, CancellationToken ct) => await FindAboveAsync(tx, tenants, id, ct) is not null;

    /// <summary>In which tenant somebody registered this one, or the nearest above it; null: in none.</summary>
    internal static async ValueTask<TenantContext?> FindAboveAsync(SystemTransaction tx, TenantDirectory tenants, TenantId id, CancellationToken ct)
    {
        var at = await tenants.FindAsync(id, ct);
        while (at is { ParentId: { } parent })
        {
            var above = await tenants.FindAsync(parent, ct) ?? throw new InvalidOperationException("A tenant stands below one that is there.");
            if (await RegistrationStore.MadeAsync(tx.For(parent), at.Id, ct)) return above;
            at = above;
        }
        return null;
    }
}
