using System.Globalization;
using System.Text;
using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.OAuth;

namespace Gatehouse.OAuth;

/// <summary>What became of reading an authorization request.</summary>
internal abstract record AuthorizeReading
{
    private AuthorizeReading()
    {
    }

    /// <summary>To a page: we do not know whom to tell, or must not believe where to.</summary>
    internal sealed record Page(OAuthError Error) : AuthorizeReading;

    /// <summary>To the application, at a redirect URI that is its own.</summary>
    internal sealed record Refusal(AuthorizationResponse Response, OAuthError Error, Client Client) : AuthorizeReading;

    internal sealed record Accepted(AuthorizeRequest Request, Client Client) : AuthorizeReading;
}

/// <summary>
/// Checks an authorization request: RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2.1, OpenID Connect Core §3.1.2.2. One list, in the order in which
/// trust is gained: first to whom an error may be told, then everything else.
/// </summary>
internal sealed class AuthorizeRequestReader(ClientDirectory clients, IdTokenHints hints)
{
    private const int MaxResources = 10, MaxLocales = 20, MaxLoginHint = 254;

    // Of state and nonce, which are the client's own and go back to it: 2 KiB hold whatever a client may reasonably seal into them, and the
    // address they return in stays one that servers accept.
    private const int MaxOpaqueBytes = 2048;
    private static readonly string[] prompts = ["none", "login", "consent", "select_account", "create"];

    internal async ValueTask<AuthorizeReading> ReadAsync(TenantContext tenant, FormParameters p, CancellationToken ct)
    {
        // 1. Who asks, and where the answer goes. Wrong here: a page, never a redirect.      RFC 6749 §4.1.2.1
        if (p.IsRepeated("client_id") || p.IsRepeated("redirect_uri")) return Page("client_id and redirect_uri occur once.");
        if (!ClientId.TryParse(p["client_id"], out var clientId) || await clients.FindAsync(tenant.Id, clientId, ct) is not { Enabled: true } client)
            return new AuthorizeReading.Page(new OAuthError("invalid_client", "client_id is not a client of this server."));
        if (p["redirect_uri"] is not { } redirectUri) return Page("redirect_uri is missing.");
        if (!RedirectUriMatch.IsRegistered(redirectUri, client.RedirectUris)) return Page("redirect_uri is not registered for this client.");

        // 2. How the answer travels. From here on the application is told.                   OAuth Multiple Response Types §2.1
        var mode = p.IsRepeated("response_mode") ? null : ReadMode(p["response_mode"]);
        var reply = new ReplyTo(tenant, client, redirectUri, mode ?? ResponseMode.Query, p.IsRepeated("state") || IsTooLong(p["state"]) ? null : p["state"]);
        if (mode is null) return reply.With(OAuthError.InvalidRequest("response_mode is query, fragment or form_post, once."));

        // 3. Everything else, in the shape of the specification's own list.
        if (p["response_type"] is null) return reply.With(OAuthError.InvalidRequest("response_type is missing."));
        return (await CheckAsync(tenant, p, client, redirectUri, mode.Value, reply.State, ct)).TryGet(out var request, out var error)
            ? new AuthorizeReading.Accepted(request, client)
            : reply.With(error);
    }

    /// <summary>The same of a request that no browser brings: its answer goes to no redirect URI, so its code is bound by PKCE alone.</summary>
    internal async ValueTask<Result<AuthorizeRequest, OAuthError>> ReadHeadlessAsync(TenantContext tenant, FormParameters p, Client client, CancellationToken ct)
    {
        if (p["code_challenge"] is null) return OAuthError.InvalidRequest("code_challenge is required: use PKCE with S256.");
        if (p["prompt"] is "none") return OAuthError.InvalidRequest("Without a browser there is no session that prompt=none could find.");
        return await CheckAsync(tenant, p, client, "", ResponseMode.Query, null, ct);
    }

    private async ValueTask<Result<AuthorizeRequest, OAuthError>> CheckAsync(TenantContext tenant, FormParameters p, Client client, string redirectUri, ResponseMode mode, string? state, CancellationToken ct)
    {
        if (CheckShape(p, client) is { } shape) return shape;
        if (CheckPkce(p, client) is { } pkce) return pkce;
        var apis = await clients.ListApisAsync(tenant.Id, ct);
        if (!ReadResources(tenant, p, client, apis).TryGet(out var resources, out var error)) return error;
        if (!ReadScopes(p, client, apis, resources).TryGet(out var scopes, out error)) return error;
        if (!ReadPrompt(p).TryGet(out var prompt, out error)) return error;
        if (!TryReadMaxAge(p, out var maxAge)) return OAuthError.InvalidRequest("max_age is a number of seconds.");
        if (!AcrRequest.Read(tenant, p["acr_values"], p["claims"]).TryGet(out var acr, out error)) return error;
        UserId? requiredUser = null;
        if (p["id_token_hint"] is { } hint)
        {
            // An expired one still says whom the application means.                          OpenID Connect Core §3.1.2.1
            if (await hints.FindAsync(tenant, hint, ct) is not { } known || !known.Audience.Contains(client.Id.ToString()))
                return OAuthError.InvalidRequest("id_token_hint is not an ID Token of this server for this client.");
            requiredUser = known.User;
        }

        // 4. Accepted and not acted upon: display, claims but for acr, claims_locales, and whatever is unknown (RFC 6749 §3.1).
        return new AuthorizeRequest(client.Id, redirectUri, mode, state, scopes, resources, p["nonce"], p["code_challenge"],
            prompt, maxAge, requiredUser, p["login_hint"] is { Length: <= MaxLoginHint } login ? login : null, ReadLocales(p["ui_locales"])) { AcrValues = acr, Organization = p["organization"] };
    }

    internal static bool IsTooLong(string? opaque) => opaque is not null && Encoding.UTF8.GetByteCount(opaque) > MaxOpaqueBytes;

    private static OAuthError? CheckShape(FormParameters p, Client client)
    {
        if (p.FindRepeated() is { } repeated) return OAuthError.InvalidRequest($"{repeated} occurs more than once.");                 // RFC 6749 §3.1
        if (IsTooLong(p["state"]) || IsTooLong(p["nonce"])) return OAuthError.InvalidRequest($"state and nonce have at most {MaxOpaqueBytes} bytes.");
        // Ours: an id or a slug. Whether there is such a one is told to nobody who does not belong to it.
        if (p["organization"] is { } organization && (organization.Length is 0 or > OrganizationDemand.MaxLength || !organization.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            return OAuthError.InvalidRequest("organization is the id or the slug of an organization.");
        if (p["request"] is not null) return new OAuthError("request_not_supported", "Request objects are not supported.");           // OIDC Core §6
        if (p["request_uri"] is not null) return new OAuthError("request_uri_not_supported", "request_uri is not supported.");
        if (p["registration"] is not null) return new OAuthError("registration_not_supported", "registration is not supported.");     // OIDC Core §7.2.1
        if (p["response_type"] is not (null or "code")) return new OAuthError("unsupported_response_type", "response_type is code.");               // RFC 9700 §2.1.2
        return client.GrantTypes.Contains("authorization_code") ? null : OAuthError.UnauthorizedClient("The client may not use authorization_code.");
    }

    /// <summary>
    /// RFC 7636 §4.4.1. Public clients must, since nothing else binds a code to them. Confidential clients may leave it out, as OpenID Connect
    /// clients older than PKCE do; their code is bound by their secret and the redirect URI.
    /// </summary>
    private static OAuthError? CheckPkce(FormParameters p, Client client)
    {
        var challenge = p["code_challenge"];
        if (challenge is null)
        {
            if (p["code_challenge_method"] is not null) return OAuthError.InvalidRequest("code_challenge_method without code_challenge.");
            return client.Type == ClientType.Public ? OAuthError.InvalidRequest("code_challenge is required: use PKCE with S256.") : null;
        }
        // An absent method means plain (§4.3).
        if (p["code_challenge_method"] != Pkce.Method) return OAuthError.InvalidRequest("code_challenge_method is S256.");
        return Pkce.IsChallenge(challenge) ? null : OAuthError.InvalidRequest("code_challenge is 43 characters of base64url.");
    }

    private static Result<IReadOnlyList<string>, OAuthError> ReadResources(TenantContext tenant, FormParameters p, Client client, IReadOnlyList<Api> apis)
    {
        var resources = p.All("resource").Distinct(StringComparer.Ordinal).ToArray();
        if (resources.Length > MaxResources) return OAuthError.InvalidTarget($"There are more than {MaxResources} resources.");
        foreach (var resource in resources)
        {
            if (!ResourceIndicator.IsWellFormed(resource)) return OAuthError.InvalidTarget("resource is an absolute URI without a fragment.");
            if (resource == tenant.Issuer) continue;
            if (apis.FirstOrDefault(a => string.Equals(a.Identifier, resource, StringComparison.Ordinal)) is not { } api)
                return OAuthError.InvalidTarget("No API is registered for this resource.");
            if (!AccessTargets.IsOpenTo(api, client.FirstParty)) return OAuthError.InvalidTarget("The API has no scopes that could have been allowed.");
        }
        return resources;
    }

    /// <summary>
    /// What the client may have of what it asks: the rest is left out, as OpenID Connect Core §3.1.2.1 says of scopes that are not understood,
    /// and the token response says what remained. A request that names none asks for all the client may have of the APIs it names.
    /// </summary>
    private static Result<IReadOnlyList<string>, OAuthError> ReadScopes(FormParameters p, Client client, IReadOnlyList<Api> apis, IReadOnlyList<string> resources)
    {
        if (!ScopeList.TryParse(p["scope"], out var asked)) return OAuthError.InvalidScope("scope is a list of scope names separated by single spaces.");
        var scopes = asked.Count > 0
            ? asked.Where(s => client.Scopes.Contains(s) && Exists(apis, s)).ToArray()
            : client.Scopes.Where(s => AccessTargets.FindApi(apis, s) is { } api && resources.Contains(api.Identifier)).ToArray();
        return scopes.Length == 0 && resources.Count == 0 ? OAuthError.InvalidScope("None of the scopes asked for is allowed to this client.") : scopes;
    }

    private static bool Exists(IReadOnlyList<Api> apis, string scope) => AccessTarget.IsIdentityScope(scope) || AccessTargets.FindApi(apis, scope) is not null;

    private static Result<IReadOnlyList<string>, OAuthError> ReadPrompt(FormParameters p)
    {
        var asked = p["prompt"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (asked.Any(a => !prompts.Contains(a))) return OAuthError.InvalidRequest("prompt has a value that is not supported.");
        // "none" with anything else contradicts itself.                                      OpenID Connect Core §3.1.2.1
        if (asked.Length > 1 && asked.Contains("none")) return OAuthError.InvalidRequest("prompt=none stands alone.");
        // Each once: what is stored of a request has a size that we decide.
        return asked.Distinct(StringComparer.Ordinal).ToArray();
    }

    private static bool TryReadMaxAge(FormParameters p, out int? seconds)
    {
        seconds = null;
        if (p["max_age"] is not { } text) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        seconds = value;
        return true;
    }

    private static string[] ReadLocales(string? text) => text is null ? [] : [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(l => l.Length <= 35).Take(MaxLocales)];

    private static ResponseMode? ReadMode(string? text) => text switch
    {
        null or "query" => ResponseMode.Query,
        "fragment" => ResponseMode.Fragment,
        "form_post" => ResponseMode.FormPost,
        _ => null,
    };

    private static AuthorizeReading.Page Page(string description) => new(OAuthError.InvalidRequest(description));

    private sealed record ReplyTo(TenantContext Tenant, Client Client, string RedirectUri, ResponseMode Mode, string? State)
    {
        internal AuthorizeReading.Refusal With(OAuthError error) => new(AuthorizationReplies.Error(Tenant, RedirectUri, Mode, State, error), error, Client);
    }
}
