using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>One request's hold on its key. Lives in the request's features and travels in <see cref="RequestFacts"/>.</summary>
internal sealed class IdempotencyClaim(TenantId tenant, byte[] keyHash, byte[] requestHash, Guid owner)
{
    internal TenantId Tenant => tenant;
    internal byte[] KeyHash => keyHash;
    internal byte[] RequestHash => requestHash;

    /// <summary>Tells this run of the request from another that took over after this one's lease.</summary>
    internal Guid Owner => owner;

    internal static IdempotencyClaim Of(HttpContext http, TenantId tenant, Caller caller, string key, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        // The home tenant is part of who called; the zero byte cannot occur in any part, so no two pairs give one text.
        var principal = $"{caller.HomeTenant}\0{caller.Kind}\0{caller.Id}\0{key}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // What the token carried is part of the request: an answer may hold a secret that only the wider one of two tokens was given.
        hash.AppendData(Encoding.UTF8.GetBytes($"{string.Join(' ', caller.Scopes.Order(StringComparer.Ordinal))}\0{http.Request.Method}\0{http.Request.PathBase}{http.Request.Path}\0{http.Request.QueryString}\0"));
        hash.AppendData(body);
        return new(tenant, SHA256.HashData(Encoding.UTF8.GetBytes(principal)), hash.GetHashAndReset(), Guid.CreateVersion7(now));
    }

    /// <summary>Makes the key's "this has happened" part of the transaction that makes it happen.</summary>
    /// <exception cref="IdempotencyLeaseLostException">Another run took over meanwhile; this transaction must not commit.</exception>
    internal async ValueTask JoinAsync(TenantTransaction tx, CancellationToken ct)
    {
        // An entry in another tenant's chain (a new tenant's own) is not where the key is kept; the acting tenant's entry carries it.
        if (tx.Tenant != tenant) return;
        if (!await IdempotencyStore.TryMarkCommittedAsync(tx, this, ct)) throw new IdempotencyLeaseLostException();
    }
}

/// <summary>This request was so slow that another with its key took its place.</summary>
internal sealed class IdempotencyLeaseLostException : Exception;
