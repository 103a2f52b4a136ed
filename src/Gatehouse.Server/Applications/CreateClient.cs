using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>POST /api/v1/clients</c>: registers an application. A confidential one gets its secret here, once.</summary>
internal static class CreateClient
{
    /// <param name="Name">1 to 100 characters; shown to people who sign in.</param>
    /// <param name="Type"><c>confidential</c> (default: it can keep a secret) or <c>public</c> (browser and device apps). For good.</param>
    /// <param name="FirstParty">The tenant's own, signed in to without a consent page. Default false.</param>
    /// <param name="RedirectUris">Absolute, exact, without fragment: https, http on loopback, or a public client's own scheme.</param>
    /// <param name="GrantTypes">Default <c>authorization_code</c> and <c>refresh_token</c>.</param>
    /// <param name="Scopes">What it may ask for. Default <c>openid profile email offline_access</c>.</param>
    /// <param name="IdTokenAlgorithm"><c>ES256</c> (default) or <c>RS256</c>.</param>
    /// <param name="Administrator">Its service account may administer this tenant and those below. Default false.</param>
    /// <param name="Headless">It may sign people in on pages of its own, through <c>/flows/v1</c>; needs <c>first_party</c>. Default false.</param>
    /// <param name="TokenEndpointAuthMethod"><c>client_secret_basic</c> (default; a secret is made), <c>private_key_jwt</c>, or <c>none</c> for a public client.</param>
    /// <param name="TokenEndpointAuthSigningAlg">With <c>private_key_jwt</c>: the only algorithm it may sign with; left out: whichever its key is for.</param>
    /// <param name="Jwks">With <c>private_key_jwt</c>: its public keys (RFC 7517), at most 10; or</param>
    /// <param name="JwksUri">where they are: https.</param>
    internal sealed record Request(string? Name, string? Type, bool? FirstParty, string[]? RedirectUris, string[]? PostLogoutRedirectUris,
        string[]? GrantTypes, string[]? Scopes, string? IdTokenAlgorithm, bool? Administrator, bool? Headless = null,
        string? TokenEndpointAuthMethod = null, string? TokenEndpointAuthSigningAlg = null, JsonElement? Jwks = null, string? JwksUri = null);

    /// <param name="Secret">Shown this once; only its hash is kept. Left out for a client without one.</param>
    internal sealed record Response(ClientView Client, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/clients", HandleAsync).WithName("clients.create").RequirePermission(Http.Scopes.ClientsWrite).RequireFreshProof().Idempotent();

    /// <returns>
    /// 201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 422 <c>name_invalid</c>, <c>type_invalid</c>, <c>redirect_uri_invalid</c>, <c>redirect_uris_required</c>,
    /// <c>redirect_uris_too_many</c>, <c>redirect_uri_repeated</c>, <c>grant_types_invalid</c>, <c>grant_type_not_allowed</c>, <c>algorithm_invalid</c>,
    /// <c>scopes_invalid</c>, <c>scope_unknown</c>, <c>administrator_needs_client_credentials</c>, <c>headless_needs_first_party</c>,
    /// <c>auth_method_invalid</c>, <c>jwks_required</c>, <c>jwks_invalid</c>, <c>jwks_uri_invalid</c>.
    /// </returns>
    internal static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, ClientRegistration clients, ClientDirectory directory, ClientGuard guard, AuditLog audit, HttpContext http, CancellationToken ct)
    {
        if (ReadType(request.Type) is not { } type) return ClientProblems.TypeInvalid.ToHttp();
        if (ClientKeys.Read(type, request.TokenEndpointAuthMethod, request.TokenEndpointAuthSigningAlg, request.Jwks, request.JwksUri, out var keys) is { } unfit) return unfit.ToHttp();
        var wanted = new NewClient(request.Name ?? "", type, request.FirstParty ?? false, request.RedirectUris ?? [], request.PostLogoutRedirectUris ?? [],
            request.GrantTypes ?? [ClientRules.AuthorizationCode, ClientRules.RefreshToken], request.Scopes ?? ["openid", "profile", "email", "offline_access"],
            request.IdTokenAlgorithm ?? "ES256", request.Administrator ?? false, request.Headless ?? false) { Keys = keys };

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await clients.CreateAsync(tx, wanted, ct)).TryGet(out var made, out var problem)) return problem.ToHttp();
        if (await guard.CheckAsync(tx, caller, made.Client, null, ct) is { } escalation) return escalation.ToHttp();
        var secrets = await directory.ListSecretsAsync(tx, made.Client.Id, ct);
        await audit.AppendAsync(tx, new("client.created", AuditOutcome.Success, AuditActor.Of(caller), "client", made.Client.Id.ToString(), facts,
            new Dictionary<string, string> { ["name"] = made.Client.Name, ["administrator"] = made.Client.Administrator ? "true" : "false", ["keys"] = made.Client.Keys is null ? "none" : made.Client.Keys.JwksUri is null ? "jwks" : "jwks_uri" }), ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, made.Client.Version);
        return TypedResults.Created(tenant.Url($"/api/v1/clients/{made.Client.Id}"), new Response(ClientView.Of(made.Client, secrets), made.Secret));
    }

    private static ClientType? ReadType(string? text) => text switch
    {
        null or "confidential" => ClientType.Confidential,
        "public" => ClientType.Public,
        _ => null,
    };
}
