using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>A passkey as the management API shows one: nothing of its key or credential id.</summary>
/// <param name="Aaguid">The authenticator's model, null when it does not say; by its own word unless <paramref name="Attested"/>.</param>
/// <param name="Attested">The model was proved when the passkey was made.</param>
internal sealed record PasskeyView(PasskeyId Id, string Name, Guid? Aaguid, bool Attested, bool BackupEligible, bool BackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    internal static PasskeyView Of(Passkey passkey) => new(passkey.Id, passkey.Name, passkey.Aaguid == Guid.Empty ? null : passkey.Aaguid, passkey.Attested, passkey.BackupEligible,
        passkey.BackedUp, passkey.CreatedAt, passkey.LastUsedAt);
}

/// <summary><c>GET /api/v1/users/{id}/passkeys</c>: all of a user's passkeys, oldest first; never more than 20, so there is one page.</summary>
internal static class ListPasskeys
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id}/passkeys", HandleAsync).WithName("users.passkeys.list").WithSummary("List a user's passkeys").RequirePermission(Scopes.UsersRead);

    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<PasskeyView>>, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, IDatabase database, UserDirectory users, Passkeys passkeys, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        // Also for another tenant's user: existence there is not ours to tell.
        if (!UserId.TryParse(id, out var userId) || await users.FindAsync(tx, userId, ct) is null)
            return Problem.NotFound("user_not_found", "There is no such user in this tenant.").ToHttp();
        return TypedResults.Ok(new Page<PasskeyView>([.. (await passkeys.ListAsync(tx, userId, ct)).Select(PasskeyView.Of)], null));
    }
}
