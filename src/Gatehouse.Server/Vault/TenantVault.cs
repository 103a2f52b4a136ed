using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Vault;

/// <summary>Where a sealed value belongs; part of what is authenticated, so a value copied to another row does not open.</summary>
public readonly record struct SealedAt(string Table, string Column, string Row);

/// <summary>
/// Envelope encryption: a tenant's data key (AES-256-GCM), itself wrapped by the master key. A sealed value is
/// <c>format (1) ‖ data key version (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)</c>. The data key itself never meets a nonce: each place
/// has a key derived from it, so random nonces repeat only among the values one row has held.
/// </summary>
public sealed class TenantVault
{
    private const byte Format = 1;
    private const int HeaderSize = 5, KeySize = 32, FirstVersion = 1;

    private readonly IDatabase database;
    private readonly MasterKeySource master;
    private readonly DataKeyCache cache;
    private readonly TimeProvider clock;

    internal TenantVault(IDatabase database, MasterKeySource master, DataKeyCache cache, TimeProvider clock) =>
        (this.database, this.master, this.cache, this.clock) = (database, master, cache, clock);

    /// <summary>Makes the tenant's data key; part of creating a tenant. A tenant that has one keeps it.</summary>
    public async ValueTask CreateDataKeyAsync(TenantTransaction tx, CancellationToken ct)
    {
        // Not kept in memory yet: the transaction may still be rolled back.
        var key = RandomNumberGenerator.GetBytes(KeySize);
        await DataKeyStore.TryInsertAsync(tx, new(FirstVersion, master.Get().Wrap(key, WrapPlace(tx.Tenant, FirstVersion))), clock.Now(), ct);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Whether there is anything to seal with: not before a tenant's creation, and not after a deleted one was emptied.</summary>
    public async ValueTask<bool> HasDataKeyAsync(TenantTransaction tx, CancellationToken ct) => await DataKeyStore.FindCurrentAsync(tx, ct) is not null;

    /// <summary>Encrypts. The data key comes from memory after first use.</summary>
    public async ValueTask<byte[]> SealAsync(TenantTransaction tx, SealedAt place, ReadOnlyMemory<byte> plaintext, CancellationToken ct)
    {
        var key = new byte[KeySize];
        if (!cache.TryCopyCurrent(tx.Tenant, key, out var version)) version = await LoadAsync(tx, null, key, ct);
        return Seal(tx.Tenant, place, plaintext.Span, key, version);
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">The value was changed, moved, or sealed under another key.</exception>
    public async ValueTask<byte[]> OpenAsync(TenantTransaction tx, SealedAt place, ReadOnlyMemory<byte> sealedValue, CancellationToken ct)
    {
        if (sealedValue.Length < HeaderSize + AesSeal.Overhead || sealedValue.Span[0] != Format)
            throw new CryptographicException("A sealed value has an unknown format.");
        var version = BinaryPrimitives.ReadInt32BigEndian(sealedValue.Span[1..HeaderSize]);
        var key = new byte[KeySize];
        if (!cache.TryCopy(tx.Tenant, version, key)) await LoadAsync(tx, version, key, ct);
        return Open(tx.Tenant, place, sealedValue.Span, key, version);
    }

    /// <summary>
    /// A 32-byte key derived from the tenant's first data key (HKDF-SHA256) for one named purpose; stable, same in every process.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tenant has no data key: its creation was not committed.</exception>
    public async ValueTask<byte[]> DeriveKeyAsync(TenantId tenant, string purpose, CancellationToken ct)
    {
        var key = new byte[KeySize];
        if (!cache.TryCopy(tenant, FirstVersion, key))
        {
            await using var tx = await database.ReadAsync(tenant, ct);
            await LoadAsync(tx, FirstVersion, key, ct);
        }
        return Derive(key, "derive:" + purpose);
    }

    /// <inheritdoc cref="DeriveKeyAsync(TenantId, string, CancellationToken)"/>
    /// <remarks>For use inside a transaction: it does not ask for a second connection while it holds one.</remarks>
    public async ValueTask<byte[]> DeriveKeyAsync(TenantTransaction tx, string purpose, CancellationToken ct)
    {
        var key = new byte[KeySize];
        if (!cache.TryCopy(tx.Tenant, FirstVersion, key)) await LoadAsync(tx, FirstVersion, key, ct);
        return Derive(key, "derive:" + purpose);
    }

    private async ValueTask<int> LoadAsync(TenantTransaction tx, int? version, byte[] key, CancellationToken ct)
    {
        var wrapped = version is { } wanted ? await DataKeyStore.FindAsync(tx, wanted, ct) : await DataKeyStore.FindCurrentAsync(tx, ct);
        if (wrapped is null)
            throw version is null or FirstVersion
                ? new InvalidOperationException($"Tenant {tx.Tenant} has no data key: its creation was not finished.")
                : new CryptographicException("The value was sealed under a data key that does not exist.");
        var opened = master.Get().Unwrap(wrapped.Wrapped, WrapPlace(tx.Tenant, wrapped.Version));
        opened.CopyTo(key, 0);
        cache.Keep(tx.Tenant, wrapped.Version, opened, isCurrent: version is null);
        CryptographicOperations.ZeroMemory(opened);
        return wrapped.Version;
    }

    private static byte[] Seal(TenantId tenant, SealedAt place, ReadOnlySpan<byte> plaintext, byte[] key, int version)
    {
        var context = Context(tenant, place, version);
        var placeKey = Derive(key, context);
        var value = new byte[HeaderSize + AesSeal.Overhead + plaintext.Length];
        value[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), version);
        AesSeal.Seal(placeKey, plaintext, Encoding.UTF8.GetBytes(context), value.AsSpan(HeaderSize));
        CryptographicOperations.ZeroMemory(placeKey);
        return value;
    }

    private static byte[] Open(TenantId tenant, SealedAt place, ReadOnlySpan<byte> value, byte[] key, int version)
    {
        var context = Context(tenant, place, version);
        var placeKey = Derive(key, context);
        try
        {
            return AesSeal.Open(placeKey, value[HeaderSize..], Encoding.UTF8.GetBytes(context));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(placeKey);
        }
    }

    /// <summary>Derives and clears the key it was given.</summary>
    private static byte[] Derive(byte[] key, string info)
    {
        var derived = HKDF.Expand(HashAlgorithmName.SHA256, key, KeySize, Encoding.UTF8.GetBytes(info));
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }

    // Lengths stand before the parts, so that no two places are written alike.
    private static string Context(TenantId tenant, SealedAt place, int version) =>
        $"seal:{tenant}:{version}:{place.Table.Length}:{place.Table}:{place.Column.Length}:{place.Column}:{place.Row.Length}:{place.Row}";

    private static string WrapPlace(TenantId tenant, int version) => $"tenant_data_keys:{tenant}:{version}";
}
