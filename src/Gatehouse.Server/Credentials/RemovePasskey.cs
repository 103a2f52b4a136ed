using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>
/// <c>DELETE /api/v1/users/{id}/passkeys/{passkey}</c>: an administrator removes a passkey, for when the device is lost. She is told by
/// mail. Sessions go on: ending them is <c>DELETE /api/v1/users/{id}/sessions</c>.
/// </summary>
internal static class RemovePasskey
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{id}/passkeys/{passkey}", HandleAsync).WithName("users.passkeys.remove").WithSummary("Remove a user's passkey").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>passkey_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, string passkey, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, Passkeys passkeys, ICallerGuard guard, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Also for another tenant's user: existence there is not ours to tell.
        if (!UserId.TryParse(id, out var userId) || await users.FindAsync(tx, userId, ct) is not { } user)
            return Problem.NotFound("user_not_found", "There is no such user in this tenant.").ToHttp();
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        // Another user's passkey is as absent as a removed one.
        if (!PasskeyId.TryParse(passkey, out var passkeyId) || await passkeys.RemoveAsync(tx, passkeyId, userId, ct) is not { } name)
            return Problem.NotFound("passkey_not_found", "The user has no such passkey.").ToHttp();
        var details = new Dictionary<string, string> { ["passkey"] = passkeyId.ToString() };
        await audit.AppendAsync(tx, new("passkey.removed", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts, details), ct);
        await PasskeyNotice.QueueAsync(tx, mailer, tenant, user, PasskeyNotice.Removed, name, tenant.Settings.Locales.Default, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
