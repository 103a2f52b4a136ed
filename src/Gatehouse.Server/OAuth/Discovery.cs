using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// The server's description of itself: OpenID Connect Discovery §3 and RFC 8414 §2, one document under both names, and the keys (RFC 7517).
/// Says only what is so: a client library believes it.
/// </summary>
internal sealed class Discovery(SigningKeys keys)
{
    private readonly ConditionalWeakTable<TenantContext, byte[]> documents = [];

    private static readonly string[] assertionAlgorithms = [.. JwsAlgorithm.Offered.Select(a => a.Name)];

    internal async Task SendMetadataAsync(HttpContext http, TenantContext tenant, CancellationToken ct) =>
        await SendAsync(http, "application/json", documents.GetValue(tenant, static t => Write(t)), ct);

    internal async Task SendKeysAsync(HttpContext http, TenantContext tenant, CancellationToken ct) =>
        await SendAsync(http, "application/jwk-set+json", await keys.GetJwksDocumentAsync(tenant.Id, ct), ct);

    private static async ValueTask SendAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        var response = http.Response;
        Cors.AllowEverybody(http);
        response.ContentType = contentType;
        response.ContentLength = document.Length;
        // Short, so that a rotated key and a changed setting are seen soon; a verifier that meets an unknown kid asks again anyway.
        response.Headers.CacheControl = "public, max-age=60";
        if (!HttpMethods.IsHead(http.Request.Method)) await response.BodyWriter.WriteAsync(document, ct);
    }

    private static byte[] Write(TenantContext tenant)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("issuer"u8, tenant.Issuer);
            json.WriteString("authorization_endpoint"u8, tenant.Url("/oauth2/authorize"));
            json.WriteString("token_endpoint"u8, tenant.Url("/oauth2/token"));
            json.WriteString("userinfo_endpoint"u8, tenant.Url("/oauth2/userinfo"));
            json.WriteString("jwks_uri"u8, tenant.Url("/oauth2/jwks"));
            json.WriteString("revocation_endpoint"u8, tenant.Url("/oauth2/revoke"));
            json.WriteString("introspection_endpoint"u8, tenant.Url("/oauth2/introspect"));
            json.WriteString("authorization_challenge_endpoint"u8, tenant.Url("/oauth2/authorize-challenge"));
            json.WriteString("end_session_endpoint"u8, tenant.Url("/oauth2/logout"));
            WriteList(json, "scopes_supported", "openid", "profile", "email", "phone", "offline_access", "organization", "roles", "groups", "permissions");
            WriteList(json, "response_types_supported", "code");
            WriteList(json, "response_modes_supported", "query", "fragment", "form_post");
            WriteList(json, "grant_types_supported", "authorization_code", "refresh_token", "client_credentials");
            WriteList(json, "subject_types_supported", "public");
            WriteList(json, "id_token_signing_alg_values_supported", "ES256", "RS256");
            WriteList(json, "token_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "private_key_jwt", "none");
            WriteList(json, "token_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
            WriteList(json, "revocation_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "private_key_jwt", "none");
            WriteList(json, "revocation_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
            WriteList(json, "introspection_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "private_key_jwt");
            WriteList(json, "introspection_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
            WriteList(json, "code_challenge_methods_supported", "S256");
            WriteList(json, "prompt_values_supported", "none", "login", "consent", "select_account", "create");
            WriteList(json, "claims_supported", "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash",
                "name", "given_name", "family_name", "locale", "zoneinfo", "updated_at", "email", "email_verified",
                "phone_number", "phone_number_verified", "organization");
            WriteList(json, "acr_values_supported", [.. tenant.Settings.SignIn.Levels.Select(l => l.Acr)]);
            WriteList(json, "ui_locales_supported", [.. tenant.Settings.Locales.Offered]);
            json.WriteBoolean("claims_parameter_supported"u8, false);
            json.WriteBoolean("request_parameter_supported"u8, false);
            // Absent means true here: OpenID Connect Discovery §3.
            json.WriteBoolean("request_uri_parameter_supported"u8, false);
            json.WriteBoolean("require_request_uri_registration"u8, false);
            json.WriteBoolean("authorization_response_iss_parameter_supported"u8, true);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
