using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Keys;

/// <summary>A key that signs now.</summary>
public sealed record ActiveKey(string Kid, SigningKey Key);

/// <summary>A tenant's signing keys, from memory when nothing changed.</summary>
public sealed class SigningKeys
{
    /// <summary>The key that signs now with this algorithm.</summary>
    /// <exception cref="InvalidOperationException">The tenant has no key of that algorithm: its creation was not finished.</exception>
    public ValueTask<ActiveKey> GetActiveAsync(TenantId tenant, JwsAlgorithm algorithm, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Every key that a token still in life may be signed with (next, active, retiring).</summary>
    public ValueTask<JsonWebKeySet> GetVerificationKeysAsync(TenantId tenant, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The JWKS document as it goes on the wire, UTF-8.</summary>
    public ValueTask<ReadOnlyMemory<byte>> GetJwksDocumentAsync(TenantId tenant, CancellationToken ct) => throw new NotImplementedException();
}
