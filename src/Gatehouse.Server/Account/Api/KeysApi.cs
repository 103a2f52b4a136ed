using System.Text.Json.Serialization;
using Gatehouse.ApiKeys;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>A key of mine: never its secret.</summary>
/// <param name="Prefix">The beginning of its secret.</param>
/// <param name="Scopes">The most it may do.</param>
/// <param name="LastUsedAt">To within a minute or so; null: never.</param>
internal sealed record OwnKeyView(ApiKeyId Id, string Name, string Prefix, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedAddresses, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt,
    string? LastUsedFrom, DateTimeOffset CreatedAt)
{
    internal static OwnKeyView Of(PersonalKey k) => new(k.Id, k.Name, k.Prefix, k.Scopes, k.AllowedAddresses, k.ExpiresAt, k.LastUsedAt, k.LastUsedFrom, k.CreatedAt);
}

/// <summary>A key just made.</summary>
/// <param name="Secret">Told now and never again.</param>
internal sealed record OwnIssuedKeyView(OwnKeyView Key, string Secret);

/// <summary><c>/account/v1/api-keys</c>: keys that programs of mine act with.</summary>
internal static class KeysApi
{
    /// <param name="Name">1 to 100 characters.</param>
    /// <param name="Scopes">The most it may do: 1 to 100 permissions that I hold.</param>
    /// <param name="AllowedAddresses">Networks from which it may be used, such as <c>192.0.2.0/24</c>; none: from everywhere.</param>
    /// <param name="ExpiresAt">Left out: after the longest life the tenant allows.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record CreateRequest(string? Name, string[]? Scopes, string[]? AllowedAddresses = null, DateTimeOffset? ExpiresAt = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api-keys", ListAsync).WithName("own_api_keys.list").WithSummary("List my API keys").RequirePermission(AccountScopes.Read);
        api.MapPost("/api-keys", CreateAsync).WithName("own_api_keys.create").WithSummary("Create an API key of mine").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapDelete("/api-keys/{id}", RevokeAsync).WithName("own_api_keys.revoke").WithSummary("Revoke one of my API keys").RequirePermission(AccountScopes.Write).RequireFreshProof();
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnKeyView>>> ListAsync(TenantContext tenant, Own me, MyKeys keys, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnKeyView>([.. (await keys.ListAsync(me, ct)).Select(OwnKeyView.Of)]));

    /// <returns>201; 403 <c>own_api_keys_closed</c>, <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>api_keys_too_many</c>; 422 <c>name_invalid</c>, <c>scopes_invalid</c>, <c>scope_unknown</c>,
    /// <c>addresses_invalid</c>, <c>expires_at_invalid</c>.</returns>
    internal static async Task<Results<Created<OwnIssuedKeyView>, ProblemHttpResult>> CreateAsync(CreateRequest request, TenantContext tenant, Own me, Caller caller, MyKeys keys, CancellationToken ct) =>
        (await keys.MakeAsync(me, caller, new(request.Name, request.Scopes, request.AllowedAddresses, request.ExpiresAt), ct)).TryGet(out var made, out var problem)
            ? TypedResults.Created(tenant.Url($"{AccountApiRoutes.Path}/api-keys"), new OwnIssuedKeyView(OwnKeyView.Of(made.Key), made.Secret)) : problem.ToHttp();

    /// <returns>204; 404 <c>api_key_not_found</c>; 409 <c>api_key_ended</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string id, TenantContext tenant, Own me, MyKeys keys, CancellationToken ct) =>
        await keys.RevokeAsync(me, id, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
