using System.Security.Cryptography;
using System.Text;
using Gatehouse.Applications;
using Gatehouse.Claims;
using Gatehouse.Http;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.OAuth;

/// <summary>Writes ID Tokens: OpenID Connect Core §2. Claims about the person are UserInfo's to tell (§5.4).</summary>
internal sealed class IdTokenIssuer(SigningKeys keys, TimeProvider clock)
{
    /// <param name="nonce">Of the authorization request; null after a refresh (§12.2).</param>
    internal async ValueTask<string> IssueAsync(TenantContext tenant, Client client, TokenSubject subject, string? nonce, string accessToken, BuiltClaims claims, CancellationToken ct)
    {
        var algorithm = client.IdTokenAlgorithm == "RS256" ? JwsAlgorithm.RS256 : JwsAlgorithm.ES256;
        var key = await keys.GetActiveAsync(tenant.Id, algorithm, ct);
        return Jws.Sign(key.Key, "JWT", key.Kid, WritePayload(tenant, client, subject, nonce, accessToken, claims));
    }

    /// <summary>What is signed; for a preview too, which signs nothing. Good until the next await.</summary>
    internal ReadOnlySpan<byte> WritePayload(TenantContext tenant, Client client, TokenSubject subject, string? nonce, string accessToken, BuiltClaims claims)
    {
        var time = clock.GetUtcNow();
        var now = time.ToUnixTimeSeconds();
        var buffer = PayloadBuffer.Mine;
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("iss"u8, tenant.Issuer);
        json.WriteString("sub"u8, subject.User.ToString());
        json.WriteString("aud"u8, client.Id.ToString());
        json.WriteNumber("exp"u8, now + subject.Shorten(tenant.Settings.Tokens.IdTokenSeconds, time));
        json.WriteNumber("iat"u8, now);
        TokenClaims.WriteAuthentication(json, subject.AuthTime, subject.Amr, subject.Acr);
        if (nonce is not null) json.WriteString("nonce"u8, nonce);
        // §3.1.3.6: the left half of the hash that the signature algorithm uses; both of ours use SHA-256.
        json.WriteString("at_hash"u8, Base64UrlStrict.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)));
        if (subject.Organization is { } organization) GrantedOrganization.Write(json, organization);
        json.WriteString("sid"u8, subject.Session.ToString());
        TokenClaims.WriteActor(json, subject.Actor?.ToString());
        claims.WriteTo(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.Bytes.WrittenSpan;
    }
}
