using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Gatehouse.Applications;
using Gatehouse.Claims;
using Gatehouse.Http;
using Gatehouse.Keys;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// A client acting for itself: RFC 6749 §4.4. The busiest path of the server: client, APIs and key come from memory, the token is signed
/// straight into the answer, and no database is asked, unless a rule of claims speaks of such tokens.
/// </summary>
internal sealed class ClientCredentialsGrant(TokenTargetMemory targets, ClaimsBuilder claims, IDatabase database, AccessTokenIssuer accessTokens)
{
    /// <returns>Null when it has answered.</returns>
    internal async ValueTask<OAuthError?> AnswerAsync(HttpContext http, TenantContext tenant, Client client, FormParameters parameters, CancellationToken ct)
    {
        // Whatever client registration says: a public client has proved nothing.   RFC 6749 §4.4
        if (client.Type != ClientType.Confidential) return OAuthError.UnauthorizedClient("A public client cannot act for itself.");
        if (!(await targets.ResolveAsync(tenant, client, parameters.All("resource"), parameters["scope"], ct)).TryGet(out var target, out var error)) return error;
        var key = await accessTokens.FindKeyAsync(tenant, target, ct);
        var added = await claims.AnyAsync(tenant.Id, ClaimDestination.AccessToken, client.Id, target.Api, ct) ? await BuildAsync(tenant, client, target, ct) : BuiltClaims.None;
        await WriteAsync(http, tenant, client, target, key, added, ct);
        return null;
    }

    private async ValueTask<BuiltClaims> BuildAsync(TenantContext tenant, Client client, AccessTarget target, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await claims.BuildAsync(tx, new ClaimFacts(client, null, null), ClaimDestination.AccessToken, target.Wanted, target.Api, ct);
    }

    // RFC 6749 §4.4.3: no refresh token. The pieces need no escaping: a JWS is base64url, and a scope has neither quote nor backslash.
    private ValueTask WriteAsync(HttpContext http, TenantContext tenant, Client client, AccessTarget target, ActiveKey key, BuiltClaims added, CancellationToken ct)
    {
        var bytes = JsonReply.Buffer.Bytes;
        bytes.Write("{\"access_token\":\""u8);
        accessTokens.Issue(bytes, key, tenant, target, client.Id.ToString(), added);
        bytes.Write("\",\"token_type\":\"Bearer\",\"expires_in\":"u8);
        Utf8Formatter.TryFormat(AccessTokenIssuer.Lifetime(tenant, target), bytes.GetSpan(11), out var digits);
        bytes.Advance(digits);
        if (target.Scope.Length > 0)
        {
            bytes.Write(",\"scope\":\""u8);
            bytes.Advance(Encoding.ASCII.GetBytes(target.Scope, bytes.GetSpan(target.Scope.Length)));
            bytes.Write("\""u8);
        }
        bytes.Write("}"u8);
        return JsonReply.SendAsync(http, StatusCodes.Status200OK, bytes.WrittenSpan, ct);
    }
}
