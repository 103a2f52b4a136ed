using System.Text.Json;
using Gatehouse.Applications;
using Gatehouse.Claims;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>GET</c> and <c>POST /oauth2/userinfo</c>: OpenID Connect Core §5.3. The token comes in the header or in a form body (RFC 6750 §2.1, §2.2), never in
/// the query, where logs and histories would keep it (RFC 9700 §2.1).
/// </summary>
internal sealed class UserInfoEndpoint(AccessTokenVerifier tokens, ActingTokens acting, ClientDirectory clients, UserClaims people, ClaimsBuilder claims, OrganizationDirectory organizations, IDatabase database)
{
    internal async Task HandleAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        // 1. One token, in one place.                                RFC 6750 §2
        if (!(await FindTokenAsync(http, ct)).TryGet(out var presented, out var error)) { await RefuseAsync(http, error, ct); return; }
        if (presented.Length == 0) { await RefuseAsync(http, null, ct); return; }

        // 2. A live access token of ours, good for this endpoint.    RFC 9068 §4, RFC 8725 §3.9
        var token = await tokens.FindAsync(tenant, presented, ct);
        Client? client = null;
        if (token is not null)
        {
            client = ClientId.TryParse(token.ClientId, out var clientId) ? await clients.FindAsync(tenant.Id, clientId, ct) : null;
            if (client is not null) Cors.AllowClient(http, client);
            if (client is not { Enabled: true } || !await acting.CountsAsync(tenant, token, ct)) token = null;
        }
        // For us and for nobody else: a token that an API has seen must not open UserInfo to it.
        if (client is null || token is not { Audience: [var audience] } || !string.Equals(audience, tenant.Issuer, StringComparison.Ordinal)) { await RefuseAsync(http, InvalidToken, ct); return; }
        if (!token.HasScope("openid")) { await RefuseAsync(http, new OAuthError("insufficient_scope", "The token lacks the scope openid.", 403), ct); return; }

        // 3. The person as she is now, not as she was when the token was made.
        if (!UserId.TryParse(token.Subject, out var userId) || await people.FindAsync(tenant.Id, userId, ct) is not { } person) { await RefuseAsync(http, InvalidToken, ct); return; }
        var asked = token.HasScope(OrganizationDemand.Scope);
        Organization? organization = null;
        var added = BuiltClaims.None;
        if (asked || await claims.AnyAsync(tenant.Id, ClaimDestination.UserInfo, client.Id, null, ct))
        {
            await using var read = await database.ReadAsync(tenant.Id, ct);
            organization = await FindOrganizationAsync(read, token, userId, ct);
            added = await claims.BuildAsync(read, new ClaimFacts(client, userId, organization), ClaimDestination.UserInfo, token.Scope.Split(' '), null, ct);
        }
        await JsonReply.SendAsync(http, StatusCodes.Status200OK, (person, token, organization: asked ? organization : null, added),
            static (json, state) => Write(json, state.person, new(state.token.Subject, state.token.Scope.Split(' '), state.organization, state.token.Actor), state.added), ct);
    }

    /// <summary>The one that was granted for, as it is now.</summary>
    private async ValueTask<Organization?> FindOrganizationAsync(TenantTransaction read, AccessToken token, UserId user, CancellationToken ct) =>
        GrantId.TryParse(token.GrantId, out var grant) && await GrantStore.FindOrganizationAsync(read, grant, user, ct) is { } id ? await organizations.FindActiveAsync(read, id, user, ct) : null;

    private static OAuthError InvalidToken { get; } = new("invalid_token", "The access token is not valid: expired, revoked, or not for this endpoint.", 401);

    /// <summary>What UserInfo answers by: whose it is, what was granted, and the organization where that was granted too.</summary>
    internal sealed record Granted(string Subject, IReadOnlyList<string> Scopes, Organization? Organization, string? Actor = null)
    {
        internal bool Has(string scope) => Scopes.Contains(scope, StringComparer.Ordinal);
    }

    internal static void Write(Utf8JsonWriter json, Person person, Granted granted, BuiltClaims claims)
    {
        json.WriteStartObject();
        json.WriteString("sub"u8, granted.Subject);
        if (granted.Has("profile"))
        {
            WriteIfKnown(json, "name"u8, person.Name);
            WriteIfKnown(json, "given_name"u8, person.GivenName);
            WriteIfKnown(json, "family_name"u8, person.FamilyName);
            WriteIfKnown(json, "locale"u8, person.Locale);
            WriteIfKnown(json, "zoneinfo"u8, person.Zoneinfo);
            json.WriteNumber("updated_at"u8, person.UpdatedAt.ToUnixTimeSeconds());
        }
        if (granted.Has("email") && person.Email is not null)
        {
            json.WriteString("email"u8, person.Email);
            json.WriteBoolean("email_verified"u8, person.EmailVerified);
        }
        if (granted.Has("phone") && person.Phone is not null)
        {
            json.WriteString("phone_number"u8, person.Phone);         // OpenID Connect Core §5.1: E.164
            json.WriteBoolean("phone_number_verified"u8, person.PhoneVerified);
        }
        if (granted.Organization is { } organization) GrantedOrganization.Write(json, organization);
        TokenClaims.WriteActor(json, granted.Actor);
        claims.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteIfKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    /// <returns>The token; empty when there is none.</returns>
    private static async ValueTask<Result<string, OAuthError>> FindTokenAsync(HttpContext http, CancellationToken ct)
    {
        var header = http.Request.Headers.Authorization;
        string? token = null;
        if (header.Count > 0 && !BearerCredentials.TryParse(header.Count == 1 ? header[0] : null, out token)) return OAuthError.InvalidRequest("The Authorization header is not one Bearer token.");
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.ContentType is not null && http.Request.ContentLength is not 0)
        {
            if (!(await ParameterReader.ReadBodyAsync(http, ct)).TryGet(out var parameters, out var error)) return error;
            if (parameters.IsRepeated("access_token")) return OAuthError.InvalidRequest("access_token occurs more than once.");
            if (parameters["access_token"] is { } inBody)
            {
                if (token is not null) return OAuthError.InvalidRequest("The token is in the header and in the body.");
                token = inBody;
            }
        }
        return token ?? "";
    }

    /// <summary>RFC 6750 §3: the challenge says what was wrong, unless there was no token at all (§3.1).</summary>
    private static async ValueTask RefuseAsync(HttpContext http, OAuthError? error, CancellationToken ct)
    {
        http.Response.Headers.WWWAuthenticate = error is null ? "Bearer realm=\"userinfo\""
            : $"Bearer realm=\"userinfo\", error=\"{error.Code}\", error_description=\"{error.Description}\"{(error.Code == "insufficient_scope" ? ", scope=\"openid\"" : "")}";
        if (error is not null) { await error.SendAsync(http, basicWasTried: false, ct); return; }
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.CacheControl = "no-store";
    }
}
