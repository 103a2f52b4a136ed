using System.Security.Cryptography;
using System.Text;
using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Keys;

/// <summary>A key that signs now.</summary>
public sealed record ActiveKey(string Kid, SigningKey Key);

/// <summary>A tenant's signing keys, from memory when nothing changed.</summary>
public sealed class SigningKeys
{
    internal const string Topic = "signing-keys";
    private const int Capacity = 5_000;

    private readonly IDatabase database;
    private readonly TenantVault vault;
    private readonly TimeProvider clock;
    private readonly TenantCache<string, TenantKeySet> memory;
    private readonly Func<TenantId, string, CancellationToken, ValueTask<TenantKeySet?>> load;

    public SigningKeys(IDatabase database, TenantVault vault, IChangeFeed feed, TimeProvider clock)
    {
        (this.database, this.vault, this.clock) = (database, vault, clock);
        memory = new(Topic, Capacity, feed);
        load = LoadAsync;
    }

    /// <summary>The key that signs now with this algorithm.</summary>
    /// <exception cref="InvalidOperationException">The tenant has no key of that algorithm: its creation was not finished.</exception>
    public async ValueTask<ActiveKey> GetActiveAsync(TenantId tenant, JwsAlgorithm algorithm, CancellationToken ct) =>
        (await KeysOfAsync(tenant, ct)).FindActive(algorithm.Name, clock.GetUtcNow())
        ?? throw new InvalidOperationException($"Tenant {tenant} has no {algorithm.Name} key that signs.");

    /// <summary>Every key that a token still in life may be signed with (next, active, retiring).</summary>
    public async ValueTask<JsonWebKeySet> GetVerificationKeysAsync(TenantId tenant, CancellationToken ct) =>
        (await KeysOfAsync(tenant, ct)).VerificationKeys(clock.GetUtcNow());

    /// <summary>The JWKS document as it goes on the wire, UTF-8.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetJwksDocumentAsync(TenantId tenant, CancellationToken ct) =>
        (await KeysOfAsync(tenant, ct)).Document(clock.GetUtcNow());

    private async ValueTask<TenantKeySet> KeysOfAsync(TenantId tenant, CancellationToken ct) =>
        await memory.GetAsync(tenant, "all", load, ct) ?? throw new InvalidOperationException($"Tenant {tenant} has no signing keys: its creation was not finished.");

    private async ValueTask<TenantKeySet?> LoadAsync(TenantId tenant, string key, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        var rows = await SigningKeyStore.ListLiveAsync(tx, ct);
        if (rows.Count == 0) return null;
        var entries = new List<TenantKeySet.Entry>(rows.Count);
        foreach (var row in rows) entries.Add(await OpenAsync(tx, row, ct));
        return new TenantKeySet(entries);
    }

    private async ValueTask<TenantKeySet.Entry> OpenAsync(TenantTransaction tx, SigningKeyRow row, CancellationToken ct)
    {
        if (!JsonWebKey.Parse(Encoding.UTF8.GetBytes(row.PublicJwk)).TryGet(out var jwk, out var error))
            throw new InvalidOperationException($"The stored public key {row.Id} cannot be read: {error.Detail}");
        ActiveKey? signing = null;
        if (row.SealedPrivate is not null)
        {
            var algorithm = JwsAlgorithm.TryParse(row.Algorithm) ?? throw new InvalidOperationException($"Signing key {row.Id} has the unknown algorithm {row.Algorithm}.");
            var pkcs8 = await vault.OpenAsync(tx, KeyMaker.Place(row.Id), row.SealedPrivate, ct);
            signing = new(row.Id.ToString(), SigningKey.ImportPkcs8(algorithm, pkcs8));
            CryptographicOperations.ZeroMemory(pkcs8);
        }
        return new(row.State, row.Algorithm, row.ActivatesAt, row.RetiresAt, jwk, signing);
    }
}
