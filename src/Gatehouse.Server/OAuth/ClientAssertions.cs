using System.Security.Cryptography;
using System.Text;
using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.OAuth;

/// <summary>
/// A client that proves itself by signing: <c>private_key_jwt</c>. RFC 7521, RFC 7523 §3, OpenID Connect Core §9, and for the audience
/// draft-ietf-oauth-rfc7523bis: an assertion that also, or only, names somebody else could be sent on to us by him.
/// </summary>
internal sealed partial class ClientAssertions(ClientKeySets keySets, IDatabase database, TimeProvider clock, ILogger<ClientAssertions> log)
{
    internal const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    // A name that nothing else has (rfc7523bis); most libraries still send JWT, or nothing.
    private const string MediaType = "client-authentication+jwt";

    /// <summary>Characters of an assertion; a signature of 8192 bits and generous claims fit.</summary>
    private const int MaxLength = 8 * 1024, MaxJtiLength = 255;

    // How far a client's clock may be off, and how long ahead an assertion may be made. Its jti is kept as long: the shorter, the less there is to keep.
    private static readonly TimeSpan skew = TimeSpan.FromSeconds(30), maxLife = TimeSpan.FromMinutes(10);

    // The key decides who presents it: another client cannot use up this one's.
    private const string Use = """
        INSERT INTO client_assertions (tenant_id, client_id, jti_hash, expires_at) VALUES (@tenant, @client, @jti, @expires)
        ON CONFLICT (tenant_id, client_id, jti_hash) DO NOTHING
        """;

    /// <summary>Who an assertion says it is from. Nothing of it is true yet.</summary>
    internal static string? ReadSubject(string assertion) =>
        Jws.Peek(assertion, MaxLength).TryGet(out var jws, out _) && Jwt.ParseClaims(jws.Payload.Span).TryGet(out var claims, out _) ? claims.Subject : null;

    /// <summary>Whether this is an assertion of this client for us, now and for the first time. It has then been used.</summary>
    internal async ValueTask<bool> ProveAsync(TenantContext tenant, Client client, string assertion, CancellationToken ct)
    {
        // 1. A client that is registered for it.
        if (client is not { Enabled: true, Type: ClientType.Confidential, Keys: { } keys }) return Refuse(client, "It is not registered for private_key_jwt, or disabled.");

        // 2. Signed by one of its keys, by that key's algorithm: there is no none, and no public key is ever an HMAC's secret.     RFC 8725 §3.1
        var set = await keySets.GetAsync(tenant.Id, client.Id, keys, ct);
        if (!Verify(set, assertion).TryGet(out var jws, out var error) && error.Code == JoseError.KeyUnknown && keys.JwksUri is not null)
        {
            // It may have a new key that we have not seen yet.
            set = await keySets.RefreshAsync(tenant.Id, client.Id, keys, ct);
            Verify(set, assertion).TryGet(out jws, out error);
        }
        if (jws is null) return Refuse(client, error!.Detail);
        if (!Jwt.ParseClaims(jws).TryGet(out var claims, out error)) return Refuse(client, error.Detail);

        // 3. By and about this client, for us alone.                 RFC 7523 §3, 1 to 3; rfc7523bis
        var id = client.Id.ToString();
        if (claims.Issuer != id || claims.Subject != id) return Refuse(client, "iss and sub are not both its client_id.");
        if (!IsForUs(tenant, claims)) return Refuse(client, "aud is not the issuer alone.");

        // 4. Now, and not for long.                                  RFC 7523 §3, 4 to 6
        var now = clock.Now();
        if (!Jwt.ValidateTimes(claims, now, skew).TryGet(out _, out error)) return Refuse(client, error.Detail);
        if (claims.Expires > now + maxLife + skew) return Refuse(client, "exp lies more than ten minutes ahead.");
        if (claims.JwtId is not { Length: > 0 and <= MaxJtiLength } jti) return Refuse(client, "jti is missing or too long.");

        // 5. Once. The row decides, however many present it together. RFC 7523 §3, 7
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await TryUseAsync(tx, client.Id, jti, claims.Expires!.Value + skew, ct)) return Refuse(client, "It was used before.");
        await tx.CommitAsync(ct);
        return true;
    }

    /// <returns>False when the client has used this one already.</returns>
    internal static async ValueTask<bool> TryUseAsync(TenantTransaction tx, ClientId client, string jti, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(Use, [("client", client), ("jti", SHA256.HashData(Encoding.UTF8.GetBytes(jti))), ("expires", expires)], ct) == 1;

    private static Result<VerifiedJws, JoseError> Verify(IReadOnlyList<VerificationKey> keys, string assertion) =>
        Jws.Verify(assertion, new JwsVerification { Keys = keys, Type = MediaType, AcceptsUntyped = true, MaxLength = MaxLength });

    private static bool IsForUs(TenantContext tenant, JwtClaims claims)
    {
        if (claims.Audience.Count == 0) return false;
        if (!tenant.Settings.Tokens.AssertionsForTokenEndpoint) return claims.Audience is [var only] && only == tenant.Issuer;
        return claims.Audience.All(a => a == tenant.Issuer || a == tenant.Url("/oauth2/token"));
    }

    // The reason is for the operator; the client hears what every refused client hears.
    private bool Refuse(Client client, string reason)
    {
        Refused(client.Id, reason);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An assertion of client {Client} was refused: {Reason}")]
    private partial void Refused(ClientId client, string reason);
}
