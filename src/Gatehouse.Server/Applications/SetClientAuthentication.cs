using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary>
/// <c>PUT /api/v1/clients/{id}/authentication</c>: how a confidential client proves itself. Apart from other changes, since whoever sets a client's
/// keys can act as it: it wants a fresh proof, as a new secret does.
/// </summary>
internal static class SetClientAuthentication
{
    /// <param name="TokenEndpointAuthMethod"><c>client_secret_basic</c> or <c>private_key_jwt</c>.</param>
    /// <param name="TokenEndpointAuthSigningAlg">The only algorithm it may sign with; left out: whichever its key is for.</param>
    /// <param name="Jwks">Its public keys (RFC 7517), at most 10; or</param>
    /// <param name="JwksUri">where they are: https. Fetched when needed and kept for ten minutes.</param>
    internal sealed record Request(string? TokenEndpointAuthMethod, string? TokenEndpointAuthSigningAlg, JsonElement? Jwks, string? JwksUri);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/clients/{id}/authentication", HandleAsync).WithName("clients.authentication.set").RequirePermission(Http.Scopes.ClientsWrite).RequireFreshProof();

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>client_not_found</c>; 409 <c>client_public</c>; 412 <c>version_mismatch</c>;
    /// 422 <c>auth_method_invalid</c>, <c>jwks_required</c>, <c>jwks_invalid</c>, <c>jwks_uri_invalid</c>, <c>algorithm_invalid</c>.</returns>
    internal static async Task<Results<Ok<ClientView>, ProblemHttpResult>> HandleAsync(string id, Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ClientDirectory clients, ClientRegistration registration, ClientGuard guard, AuditLog audit, HttpContext http, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ClientProblems.NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } before) return ClientProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (before.Type == ClientType.Public) return ClientProblems.Public.ToHttp();
        if (ClientKeys.Read(before.Type, request.TokenEndpointAuthMethod ?? "", request.TokenEndpointAuthSigningAlg, request.Jwks, request.JwksUri, out var keys) is { } unfit) return unfit.ToHttp();
        if (await guard.CheckAsync(tx, caller, before, null, ct) is { } escalation) return escalation.ToHttp();
        if (!(await registration.SetKeysAsync(tx, before, keys, ct)).TryGet(out var after, out var problem)) return problem.ToHttp();
        var secrets = await clients.ListSecretsAsync(tx, clientId, ct);
        await audit.AppendAsync(tx, new("client.authentication_set", AuditOutcome.Success, AuditActor.Of(caller), "client", id, facts, new Dictionary<string, string>
        {
            ["method"] = keys is null ? ClientKeys.Secret : ClientKeys.PrivateKey,
            ["keys"] = keys is null ? "none" : keys.JwksUri is null ? "jwks" : "jwks_uri",
        }), ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, after.Version);
        return TypedResults.Ok(ClientView.Of(after, secrets));
    }
}
