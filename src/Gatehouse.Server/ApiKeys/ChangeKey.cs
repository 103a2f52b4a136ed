using System.Text.Json;
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

/// <summary><c>PATCH /api/v1/api-keys/{key}</c>, and below an organization: name, scopes, addresses and end. The secret stays.</summary>
internal static class ChangeKey
{
    /// <summary>Members that a patch may have; what is left out stays. Lists are replaced whole.</summary>
    internal sealed record Patch(string? Name, string[]? Scopes, string[]? AllowedAddresses, DateTimeOffset? ExpiresAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/api-keys/{key}", HandleAsync).WithName("api_keys.update").WithSummary("Change an API key").RequirePermission(Http.Scopes.ApiKeysWrite).RequireFreshProof()
            .Accepts<Patch>("application/merge-patch+json", "application/json");
        api.MapPatch("/organizations/{organization}/api-keys/{key}", HandleAsync).WithName("organizations.api_keys.update").WithSummary("Change an API key of an organization")
            .RequirePermission(Http.Scopes.ApiKeysWrite).InOrganization().RequireFreshProof().Accepts<Patch>("application/merge-patch+json", "application/json");
    }

    /// <returns>200; 400 <c>body_invalid</c>; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>api_key_not_found</c>; 409 <c>api_key_ended</c>; 412 <c>version_mismatch</c>;
    /// 422 <c>member_unknown</c>, <c>member_invalid</c>, <c>name_invalid</c>, <c>scopes_invalid</c>, <c>scope_unknown</c>, <c>addresses_invalid</c>, <c>expires_at_invalid</c>.</returns>
    internal static async Task<Results<Ok<ApiKeyView>, ProblemHttpResult>> HandleAsync(KeyPlace place, string key, MergePatch patch, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, KeyAuthority authority, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (patch.Expect("name", "scopes", "allowed_addresses", "expires_at") is { } unfit) return unfit.ToHttp();
        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, key, ct) is not { } before) return KeyProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (before.StatusAt(now) != "active") return KeyProblems.Ended.ToHttp();
        var wanted = before with { Name = patch.Text("name", before.Name).Trim(), Scopes = patch.Texts("scopes", before.Scopes) };
        var texts = patch.Texts("allowed_addresses", before.AllowedAddresses);
        if (patch.TryGet("expires_at", out var end))
        {
            if (end.ValueKind != JsonValueKind.String || !end.TryGetDateTimeOffset(out var at)) return Problem.Invalid("member_invalid", "expires_at is a time.", "expires_at").ToHttp();
            wanted = wanted with { ExpiresAt = at.ToKept() };
            if (wanted.ExpiresAt != before.ExpiresAt && KeyRules.CheckExpiry(wanted.ExpiresAt, now, tenant.Settings.ApiKeys.MaxDays) is { } span) return span.ToHttp();
        }
        if ((patch.Problem ?? KeyRules.Check(wanted.Name, wanted.Scopes)) is { } problem) return problem.ToHttp();
        if (!AddressList.Parse(texts).TryGet(out var addresses, out problem)) return problem.ToHttp();
        wanted = wanted with { AllowedAddresses = addresses.Texts };
        // Taking something away asks no more than the permission; whatever makes it do more, longer or from elsewhere is a key made.
        var narrower = wanted.Scopes.All(s => before.Scopes.Contains(s, StringComparer.Ordinal)) && wanted.ExpiresAt <= before.ExpiresAt && wanted.AllowedAddresses.SequenceEqual(before.AllowedAddresses);
        if (!narrower && await authority.MayMakeAsync(tx, caller, wanted.Owner, wanted.Scopes, wanted.ExpiresAt, ct) is { } refused) return refused.ToHttp();
        if (!await ApiKeyStore.TryUpdateAsync(tx, wanted, now, ct)) return ETags.Changed.ToHttp();
        await KeyDirectory.ChangedAsync(tx, wanted.Id, ct);
        await audit.AppendAsync(tx, KeyAudit.Of("api_key.updated", wanted, AuditActor.Of(caller), facts, ("scopes", string.Join(' ', wanted.Scopes)), ("expires_at", wanted.ExpiresAt.ToString("O"))), ct);
        await events.PublishAsync(tx, new ApiKeyUpdated(wanted.Id), ct);
        await tx.CommitAsync(ct);
        wanted = wanted with { Version = wanted.Version + 1, UpdatedAt = now };
        ETags.Set(http, wanted.Version);
        return TypedResults.Ok(ApiKeyView.Of(wanted, now));
    }
}
