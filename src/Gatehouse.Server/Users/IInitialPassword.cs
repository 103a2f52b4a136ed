using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// How a user is created together with a password although this room knows nothing of passwords: Credentials, later in the order,
/// provides it.
/// </summary>
public interface IInitialPassword
{
    /// <summary>Checks the policy and hashes, outside any transaction.</summary>
    /// <returns>What <see cref="StoreAsync"/> stores; or the policy's problem, or 503 <c>busy</c>.</returns>
    ValueTask<Result<string, Problem>> PrepareAsync(TenantContext tenant, string password, string? email, CancellationToken ct);

    ValueTask StoreAsync(TenantTransaction tx, UserId user, string prepared, CancellationToken ct);
}
