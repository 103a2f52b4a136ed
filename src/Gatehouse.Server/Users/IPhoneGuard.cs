using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>A later room's reason why a number must stay; asked before one is removed.</summary>
public interface IPhoneGuard
{
    /// <returns>Null when nothing is against it; else why not, and nothing is changed.</returns>
    ValueTask<Problem?> CheckAsync(TenantTransaction tx, UserId user, PhoneId phone, CancellationToken ct);
}
