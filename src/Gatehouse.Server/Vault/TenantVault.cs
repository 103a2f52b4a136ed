using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Vault;

/// <summary>Where a sealed value belongs; part of what is authenticated, so a value copied to another row does not open.</summary>
public readonly record struct SealedAt(string Table, string Column, string Row);

/// <summary>Envelope encryption: a tenant's data key (AES-256-GCM), itself wrapped by the master key.</summary>
public sealed class TenantVault
{
    /// <summary>Makes the tenant's data key; part of creating a tenant.</summary>
    public ValueTask CreateDataKeyAsync(TenantTransaction tx, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Encrypts. The data key comes from memory after first use.</summary>
    public ValueTask<byte[]> SealAsync(TenantTransaction tx, SealedAt place, ReadOnlyMemory<byte> plaintext, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Decrypts.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The value was changed, moved, or sealed under another key.</exception>
    public ValueTask<byte[]> OpenAsync(TenantTransaction tx, SealedAt place, ReadOnlyMemory<byte> sealedValue, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>A 32-byte key derived from the tenant's data key (HKDF-SHA256) for one named purpose; stable, same in every process.</summary>
    public ValueTask<byte[]> DeriveKeyAsync(TenantId tenant, string purpose, CancellationToken ct) => throw new NotImplementedException();
}
