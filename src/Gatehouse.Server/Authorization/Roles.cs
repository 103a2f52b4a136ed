using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Who holds which role. So far one role: <c>administrator</c>, who may do everything in her tenant and in those below it.</summary>
public sealed class Roles
{
    public const string Administrator = "administrator";

    public ValueTask GrantAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct) => throw new NotImplementedException();

    /// <returns>False when she did not hold it; refused (<c>last_administrator</c>) by the caller when nobody would be left.</returns>
    public ValueTask<bool> RevokeAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct) => throw new NotImplementedException();
    public ValueTask<bool> HoldsAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct) => throw new NotImplementedException();
    public ValueTask<long> CountAsync(TenantTransaction tx, string role, CancellationToken ct) => throw new NotImplementedException();
}
