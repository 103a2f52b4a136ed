using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>
/// Whether a tenant's settings may become what they are to become: for later rooms, whose data they must fit. Asked in the transaction that changes them,
/// which holds the tenant (<see cref="TenantDirectory.HoldAsync"/>); what is refused is not written.
/// </summary>
public interface ISettingsGuard
{
    /// <param name="before">The tenant as it is stored.</param>
    /// <param name="after">The same with the settings that are to be.</param>
    /// <returns>Null when they may.</returns>
    ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext before, TenantContext after, RequestFacts request, CancellationToken ct);
}
