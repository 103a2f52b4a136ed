using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// Proves which client speaks: RFC 6749 §2.3. Secret by Basic or in the body, an assertion signed by its key, or nothing for public clients; the one way
/// that it is registered for, and one per request.
/// Every refusal reads alike, so that it does not tell whether the client exists.
/// </summary>
internal sealed class ClientAuthenticator(ClientDirectory clients, ClientAssertions assertions, SecretGuesses guesses, CredentialsMetrics metrics, IDatabase database, AuditLog audit)
{
    private static readonly OAuthError failed = OAuthError.InvalidClient("Client authentication failed.");

    /// <summary>Whether the client tried the Authorization header: then a refusal carries the challenge.</summary>
    internal static bool TriedBasic(HttpContext http) => http.Request.Headers.Authorization.Count > 0;

    internal async ValueTask<Result<Client, OAuthError>> AuthenticateAsync(HttpContext http, TenantContext tenant, FormParameters parameters, CancellationToken ct)
    {
        // 1. One method, not two.                                    RFC 6749 §2.3
        var id = parameters["client_id"];
        var secret = parameters["client_secret"];
        var header = http.Request.Headers.Authorization;
        if (parameters["client_assertion"] is not null || parameters["client_assertion_type"] is not null)
            return header.Count > 0 || secret is not null ? OAuthError.InvalidRequest("The client authenticates in two ways at once.") : await ByAssertionAsync(http, tenant, parameters, id, ct);
        if (header.Count > 1) return OAuthError.InvalidRequest("There is more than one Authorization header.");
        if (header.Count == 1)
        {
            if (!BasicCredentials.TryParse(header[0]!, out var basic)) return OAuthError.InvalidClient("The Authorization header is not valid Basic credentials.");
            if (secret is not null) return OAuthError.InvalidRequest("The client authenticates in two ways at once.");
            if (id is not null && !string.Equals(id, basic.ClientId, StringComparison.Ordinal))
                return OAuthError.InvalidRequest("client_id is not the client of the Authorization header.");
            (id, secret) = (basic.ClientId, basic.ClientSecret);
        }
        if (id is null) return OAuthError.InvalidClient("The request names no client.");

        // 2. A client of this tenant that may speak.
        if (!ClientId.TryParse(id, out var clientId) || await clients.FindAsync(tenant.Id, clientId, ct) is not { } client) return failed;
        if (client.Type == ClientType.Public)
            return secret is null && client.Enabled ? client : failed;

        // 3. Its secret, one of at most two. Compared before anything is counted: whoever guesses behind the same address must not be able
        //    to lock the client out.                                 RFC 6749 §2.3.1
        //    A client that has keys has no secret, whatever may still be stored.
        if (secret is not null && client.Keys is null && Matches(client, secret) && client.Enabled) return client;
        return await RefuseAsync(http, tenant, client, "client_secret", ct);
    }

    private async ValueTask<Result<Client, OAuthError>> ByAssertionAsync(HttpContext http, TenantContext tenant, FormParameters parameters, string? id, CancellationToken ct)
    {
        if (parameters["client_assertion_type"] != ClientAssertions.Type || parameters["client_assertion"] is not { } assertion)
            return OAuthError.InvalidClient($"client_assertion is a JWT and client_assertion_type {ClientAssertions.Type}.");
        // Who says so is in the assertion; client_id may repeat it.                RFC 7521 §4.2, RFC 7523 §3
        if (ClientAssertions.ReadSubject(assertion) is not { } subject) return failed;
        if (id is not null && !string.Equals(id, subject, StringComparison.Ordinal)) return OAuthError.InvalidRequest("client_id is not the client of the assertion.");
        if (!ClientId.TryParse(subject, out var clientId) || await clients.FindAsync(tenant.Id, clientId, ct) is not { } client) return failed;
        return await assertions.ProveAsync(tenant, client, assertion, ct) ? client : await RefuseAsync(http, tenant, client, "client_assertion", ct);
    }

    // Wrong: written down, up to a limit.
    private async ValueTask<OAuthError> RefuseAsync(HttpContext http, TenantContext tenant, Client client, string what, CancellationToken ct)
    {
        if (!guesses.TryCount(tenant.Id, client.Id, RequestFacts.Of(http).IpAddress))
        {
            metrics.Refused(what);
            return new OAuthError("invalid_client", "Too many failed attempts. Wait a minute.", StatusCodes.Status429TooManyRequests);
        }
        await RecordAsync(tenant, client, http, ct);
        return failed;
    }

    private static bool Matches(Client client, string secret)
    {
        if (!Secret.HasShape(secret, Secret.ClientSecretPrefix)) return false;
        var matches = false;
        // All of them, always: which of two secrets was right must not show in the time.
        for (var i = 0; i < client.SecretHashes.Count; i++) matches |= Secret.Matches(secret, client.SecretHashes[i]);
        return matches;
    }

    // Bounded by the limit on guesses: a stranger cannot fill the audit with failures.
    private async ValueTask RecordAsync(TenantContext tenant, Client client, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await audit.AppendAsync(tx, new AuditEntry("client.authentication_failed", AuditOutcome.Failure, AuditActor.Anonymous, "client", client.Id.ToString(), RequestFacts.Of(http)), ct);
        await tx.CommitAsync(ct);
    }
}
