using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>Gives new users of the management API their password.</summary>
internal sealed class InitialPassword(Passwords passwords) : IInitialPassword
{
    public async ValueTask<Result<string, Problem>> PrepareAsync(TenantContext tenant, string password, string? email, CancellationToken ct) =>
        passwords.CheckPolicy(tenant, password, email) is { } refused ? refused : await passwords.HashAsync(password, ct);

    public ValueTask StoreAsync(TenantTransaction tx, UserId user, string prepared, CancellationToken ct) => passwords.SetAsync(tx, user, prepared, ct);
}
