using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Keys;

/// <summary>
/// A fresh key pair that is not stored yet. Made before a transaction begins: an RSA pair takes tenths of a second, in which, on SQLite,
/// nobody else could write. Disposing wipes its private half.
/// </summary>
internal sealed class NewKey(SigningKey key) : IDisposable
{
    internal string Algorithm => key.Algorithm.Name;
    internal byte[] ExportPkcs8() => key.ExportPkcs8();
    public void Dispose() => key.Dispose();

    internal string PublicJwk(KeyId id)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) key.PublicKey.WithKeyId(id.ToString()).WritePublic(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>Stores new keys with their private half sealed.</summary>
internal sealed class KeyMaker(TenantVault vault, IKeyPairs pairs, TimeProvider clock)
{
    internal NewKey New(JwsAlgorithm algorithm) => new(pairs.Make(algorithm));

    internal static SealedAt Place(KeyId id) => new("signing_keys", "sealed_private", id.ToString());

    /// <returns>Null when there is a key of that algorithm and state already.</returns>
    internal async ValueTask<SigningKeyRow?> TryStoreAsync(TenantTransaction tx, NewKey key, KeyState state, DateTimeOffset activatesAt, CancellationToken ct)
    {
        var id = KeyId.New(clock);
        var pkcs8 = key.ExportPkcs8();
        var row = new SigningKeyRow(id, key.Algorithm, state, key.PublicJwk(id), await vault.SealAsync(tx, Place(id), pkcs8, ct), clock.Now(), activatesAt, null);
        CryptographicOperations.ZeroMemory(pkcs8);
        return await SigningKeyStore.TryInsertAsync(tx, row, ct) ? row : null;
    }
}
