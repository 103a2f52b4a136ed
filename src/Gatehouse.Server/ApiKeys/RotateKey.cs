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

/// <summary><c>POST /api/v1/api-keys/{key}/rotate</c>, and below an organization: a new secret, beside which the old one works for a while.</summary>
internal static class RotateKey
{
    private const int DefaultOverlapSeconds = 86400;

    /// <param name="OverlapSeconds">How long the old secret goes on working. 0: not at all; default 86400 (1 day), or the longest the tenant allows where that is less.</param>
    /// <param name="ExpiresAt">When the key ends; left out: it stays.</param>
    internal sealed record Request(int? OverlapSeconds = null, DateTimeOffset? ExpiresAt = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api-keys/{key}/rotate", HandleAsync).WithName("api_keys.rotate").WithSummary("Give an API key a new secret").RequirePermission(Http.Scopes.ApiKeysWrite).RequireFreshProof();
        api.MapPost("/organizations/{organization}/api-keys/{key}/rotate", HandleAsync).WithName("organizations.api_keys.rotate").WithSummary("Give an API key of an organization a new secret")
            .RequirePermission(Http.Scopes.ApiKeysWrite).InOrganization().RequireFreshProof();
    }

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>api_key_not_found</c>; 409 <c>api_key_ended</c>; 412 <c>version_mismatch</c>;
    /// 422 <c>overlap_seconds_invalid</c>, <c>expires_at_invalid</c>.</returns>
    internal static async Task<Results<Ok<IssuedKey>, ProblemHttpResult>> HandleAsync(KeyPlace place, string key, Request? request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, KeyAuthority authority, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (now, settings) = (clock.Now(), tenant.Settings.ApiKeys);
        var longest = settings.MaxOverlapHours * 3600;
        var overlap = request?.OverlapSeconds ?? Math.Min(DefaultOverlapSeconds, longest);
        if (overlap < 0 || overlap > longest) return Problem.Invalid("overlap_seconds_invalid", $"overlap_seconds is 0 to {longest}.", "overlap_seconds").ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, key, ct) is not { } before) return KeyProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (before.StatusAt(now) != "active") return KeyProblems.Ended.ToHttp();
        var secret = KeyText.New();
        var wanted = before with { Prefix = secret[..KeyText.ShownLength], ExpiresAt = request?.ExpiresAt?.ToKept() ?? before.ExpiresAt };
        if (wanted.ExpiresAt != before.ExpiresAt && KeyRules.CheckExpiry(wanted.ExpiresAt, now, settings.MaxDays) is { } span) return span.ToHttp();
        // Whoever is told a secret can act with it.
        if (await authority.MayMakeAsync(tx, caller, wanted.Owner, wanted.Scopes, wanted.ExpiresAt, ct) is { } refused) return refused.ToHttp();
        // Also the secret that is dropped now, which is no longer listed afterwards.
        await KeyDirectory.ChangedAsync(tx, wanted.Id, ct);
        if (!await ApiKeyStore.TryRotateAsync(tx, wanted, KeyText.Hash(secret).ToBytes(), now.AddSeconds(overlap), now, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, KeyAudit.Of("api_key.rotated", wanted, AuditActor.Of(caller), facts, ("old_ends_at", now.AddSeconds(overlap).ToString("O"))), ct);
        await events.PublishAsync(tx, new ApiKeyRotated(wanted.Id), ct);
        await tx.CommitAsync(ct);
        wanted = wanted with { RotatedAt = now, Version = wanted.Version + 1, UpdatedAt = now };
        http.Response.Headers.CacheControl = "no-store";
        ETags.Set(http, wanted.Version);
        return TypedResults.Ok(new IssuedKey(ApiKeyView.Of(wanted, now), secret));
    }
}
