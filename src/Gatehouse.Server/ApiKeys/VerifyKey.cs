using System.Text.Json.Serialization;
using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.ApiKeys;

/// <summary>A key that is good now, with what it may do.</summary>
/// <param name="Permissions">Those of its scopes that its owner, or its own roles, permit now.</param>
public sealed record VerifiedKey(PresentedKey Key, IReadOnlyList<string> Permissions);

/// <summary>Whether a key is good now and what it may do, from memory: for applications, and for the doors.</summary>
public sealed class KeyVerification
{
    private readonly IApiKeys keys;
    private readonly KeyAuthority authority;

    internal KeyVerification(IApiKeys keys, KeyAuthority authority) => (this.keys, this.authority) = (keys, authority);

    /// <summary>Whether a text is meant as a key.</summary>
    public bool IsKey(string presented) => keys.IsKey(presented);

    /// <param name="address">Where it was presented from; null where nobody knows: a key with a list of addresses is then refused.</param>
    /// <param name="organization">What a key of a user or a client may do there; null: in the tenant.</param>
    /// <returns>Null for one that is unknown, another tenant's, revoked, expired, from elsewhere, or whose owner is gone.</returns>
    public async ValueTask<VerifiedKey?> VerifyAsync(TenantId tenant, string presented, string? address, OrganizationId? organization, CancellationToken ct) =>
        await keys.FindAsync(tenant, presented, address, ct) is { } key && await authority.PermittedAsync(tenant, key, organization, ct) is { } permitted ? new(key, permitted) : null;
}

/// <summary><c>POST /api/v1/api-keys/verify</c>: for applications that are shown a key. Whatever is wrong with it, the answer is the same.</summary>
internal static class VerifyKey
{
    private const int MaxKeyLength = 200, MaxAddressLength = 60;

    /// <param name="Key">What the application was shown.</param>
    /// <param name="IpAddress">Where it was shown from; a key that is bound to addresses is inactive without.</param>
    /// <param name="Organization">For a key of a user or a client: permissions there instead of in the whole tenant.</param>
    internal sealed record Request(string? Key, string? IpAddress = null, string? Organization = null);

    /// <param name="Permissions">Those of its scopes that it may use now: its owner, or the key itself, may do the same.</param>
    internal sealed record Response(bool Active,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ApiKeyId? Id,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OwnerView? Owner,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Scopes,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Permissions,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/api-keys/verify", HandleAsync).WithName("api_keys.verify").WithSummary("Verify an API key").RequirePermission(Http.Scopes.ApiKeysVerify);

    /// <returns>200, also for a key that is not good; 422 <c>key_invalid</c>, <c>ip_address_invalid</c>, <c>organization_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, KeyVerification keys, HttpContext http, CancellationToken ct)
    {
        if (request.Key is not { Length: > 0 and <= MaxKeyLength } presented) return Problem.Invalid("key_invalid", $"key has 1 to {MaxKeyLength} characters.", "key").ToHttp();
        if (request.IpAddress is { } address && (address.Length > MaxAddressLength || !System.Net.IPAddress.TryParse(address, out _)))
            return Problem.Invalid("ip_address_invalid", "ip_address is an IPv4 or IPv6 address.", "ip_address").ToHttp();
        OrganizationId? organization = null;
        if (request.Organization is not null)
        {
            if (!OrganizationId.TryParse(request.Organization, out var id)) return Problem.Invalid("organization_invalid", "organization is the id of an organization.", "organization").ToHttp();
            organization = id;
        }
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await keys.VerifyAsync(tenant.Id, presented, request.IpAddress, organization, ct) is { } good
            ? new Response(true, good.Key.Id, OwnerView.Of(good.Key.Owner), good.Key.Scopes, good.Permissions, good.Key.EndsAt) : new Response(false, null, null, null, null, null));
    }
}
