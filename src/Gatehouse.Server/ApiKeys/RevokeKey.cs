using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.ApiKeys;

/// <summary><c>DELETE /api/v1/api-keys/{key}</c>, and below an organization: it works no more. It stays in the list for a while.</summary>
internal static class RevokeKey
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/api-keys/{key}", HandleAsync).WithName("api_keys.revoke").WithSummary("Revoke an API key").RequirePermission(Scopes.ApiKeysWrite).RequireFreshProof();
        api.MapDelete("/organizations/{organization}/api-keys/{key}", HandleAsync).WithName("organizations.api_keys.revoke").WithSummary("Revoke an API key of an organization")
            .RequirePermission(Scopes.ApiKeysWrite).InOrganization().RequireFreshProof();
    }

    /// <returns>204; 404 <c>api_key_not_found</c>; 409 <c>api_key_ended</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(KeyPlace place, string key, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, KeyAuthority authority, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, key, ct) is not { } found) return KeyProblems.NotFound.ToHttp();
        if (ETags.Check(http, found.Version) is { } mismatch) return mismatch.ToHttp();
        if (!await RevokeAsync(tx, found, authority, audit, events, AuditActor.Of(caller), facts, clock.Now(), null, ct)) return KeyProblems.Ended.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>False when it was revoked before.</returns>
    internal static async ValueTask<bool> RevokeAsync(TenantTransaction tx, ApiKey key, KeyAuthority authority, AuditLog audit, EventOutbox events, AuditActor actor, RequestFacts facts, DateTimeOffset now,
        string? reason, CancellationToken ct)
    {
        if (!await ApiKeyStore.TryRevokeAsync(tx, key.Id, now, ct)) return false;
        await KeyDirectory.ChangedAsync(tx, key.Id, ct);
        await authority.ForgetAsync(tx, key.Id, ct);
        await audit.AppendAsync(tx, reason is null ? KeyAudit.Of("api_key.revoked", key, actor, facts) : KeyAudit.Of("api_key.revoked", key, actor, facts, ("reason", reason)), ct);
        await events.PublishAsync(tx, new ApiKeyRevoked(key.Id), ct);
        return true;
    }
}
