using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>Gives new users of the management API their password.</summary>
internal sealed class InitialPassword(Passwords passwords) : IInitialPassword
{
    public ValueTask<Result<string, Problem>> PrepareAsync(TenantContext tenant, string password, string? email, CancellationToken ct) =>
        passwords.HashNewAsync(tenant, password, email, ct);

    public ValueTask StoreAsync(TenantTransaction tx, UserId user, string prepared, CancellationToken ct) => passwords.SetAsync(tx, user, prepared, ct);
}
