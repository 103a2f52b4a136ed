using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>Whether people of a tenant may make tenants below it: for later rooms, which know how theirs came to be. Asked in the transaction that makes one.</summary>
public interface IChildTenantGuard
{
    /// <param name="home">The tenant whose people they are; it may stand above the one in which they make it.</param>
    /// <returns>Null when they may.</returns>
    ValueTask<Problem?> CheckAsync(SystemTransaction tx, TenantId home, CancellationToken ct);
}
