using System.Text.Json;
using Gatehouse.Authorization;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.ApiKeys;

/// <summary>The SQL of keys and their secrets.</summary>
internal static class ApiKeyStore
{
    private const string Columns = """
        id, owner_kind, owner_id, name, prefix, scopes, addresses, expires_at, revoked_at, rotated_at, last_used_at, last_used_from, created_by, version, created_at, updated_at
        """;

    private const string Select = $"SELECT {Columns} FROM api_keys WHERE tenant_id = @tenant AND id = @id";

    // By the whole hash, which is the primary key: nobody finds a key by part of it, and how long it takes tells nothing of one that is there.
    private const string SelectBySecret = """
        SELECT k.id, k.owner_kind, k.owner_id, k.scopes, k.addresses, k.expires_at, s.ends_at
        FROM api_key_secrets s JOIN api_keys k ON k.tenant_id = @tenant AND k.id = s.key_id
        WHERE s.tenant_id = @tenant AND s.hash = @hash AND k.revoked_at IS NULL
        """;

    private const string SelectLive = "SELECT owner_kind, owner_id, scopes, expires_at FROM api_keys WHERE tenant_id = @tenant AND id = @id AND revoked_at IS NULL AND expires_at > @now";

    private const string Newest = $"SELECT {Columns} FROM api_keys WHERE tenant_id = @tenant AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string Oldest = $"SELECT {Columns} FROM api_keys WHERE tenant_id = @tenant AND id > @after ORDER BY id LIMIT @limit";
    private const string NewestOf = $"SELECT {Columns} FROM api_keys WHERE tenant_id = @tenant AND owner_kind = @kind AND owner_id = @owner AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string OldestOf = $"SELECT {Columns} FROM api_keys WHERE tenant_id = @tenant AND owner_kind = @kind AND owner_id = @owner AND id > @after ORDER BY id LIMIT @limit";

    private const string CountLive = """
        SELECT count(*) FROM api_keys WHERE tenant_id = @tenant AND owner_kind = @kind AND owner_id = @owner AND revoked_at IS NULL AND expires_at > @now
        """;

    private const string ListLive = $"SELECT {Columns} FROM api_keys WHERE tenant_id = @tenant AND owner_kind = @kind AND owner_id = @owner AND revoked_at IS NULL AND expires_at > @now ORDER BY id";

    private const string Insert = """
        INSERT INTO api_keys (tenant_id, id, owner_kind, owner_id, name, prefix, scopes, addresses, expires_at, created_by, version, created_at, updated_at)
        VALUES (@tenant, @id, @kind, @owner, @name, @prefix, @scopes, @addresses, @expires, @by, 1, @now, @now)
        """;

    // Only the version that was read may be replaced, and nothing that has ended: whoever revokes at the same time wins.
    private const string Update = """
        UPDATE api_keys SET name = @name, scopes = @scopes, addresses = @addresses, expires_at = @expires, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version AND revoked_at IS NULL
        """;

    // The row is held from here on, so that of many who rotate at once one gets a secret.
    private const string Rotate = """
        UPDATE api_keys SET prefix = @prefix, expires_at = @expires, rotated_at = @now, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version AND revoked_at IS NULL
        """;

    private const string Revoke = "UPDATE api_keys SET revoked_at = @now, version = version + 1, updated_at = @now WHERE tenant_id = @tenant AND id = @id AND revoked_at IS NULL";

    private const string InsertSecret = "INSERT INTO api_key_secrets (tenant_id, hash, key_id, created_at) VALUES (@tenant, @hash, @id, @now)";
    private const string EndSecrets = "UPDATE api_key_secrets SET ends_at = @ends WHERE tenant_id = @tenant AND key_id = @id AND ends_at IS NULL";
    private const string DropEnding = "DELETE FROM api_key_secrets WHERE tenant_id = @tenant AND key_id = @id AND ends_at IS NOT NULL";
    private const string ListHashes = "SELECT hash FROM api_key_secrets WHERE tenant_id = @tenant AND key_id = @id";

    private const string ListIdsOf = "SELECT id FROM api_keys WHERE tenant_id = @tenant AND owner_kind = @kind AND owner_id = @owner ORDER BY id LIMIT @limit";
    private const string ListOld = "SELECT id FROM api_keys WHERE tenant_id = @tenant AND (expires_at < @before OR revoked_at < @before) ORDER BY expires_at LIMIT @limit";
    private const string Delete = "DELETE FROM api_keys WHERE tenant_id = @tenant AND id = @id";

    private const string Use = """
        UPDATE api_keys SET last_used_at = @at, last_used_from = @from WHERE tenant_id = @tenant AND id = @id AND (last_used_at IS NULL OR last_used_at < @at)
        """;

    internal static ValueTask<ApiKey?> FindAsync(TenantTransaction tx, ApiKeyId id, CancellationToken ct) => tx.FindAsync(Select, [("id", id)], Read, ct);

    internal static ValueTask<StoredSecret?> FindBySecretAsync(TenantTransaction tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync(SelectBySecret, [("hash", hash)], row => new StoredSecret(row.Id<ApiKeyId>(0), KeyOwner.Read(row.Text(1), row.Guid(2)), Strings(row.Text(3)), Strings(row.Text(4)), row.Time(5), row.TimeOrNull(6)), ct);

    /// <returns>Null when it has ended.</returns>
    internal static ValueTask<PresentedKey?> FindLiveAsync(TenantTransaction tx, ApiKeyId id, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(SelectLive, [("id", id), ("now", now)], row => new PresentedKey(id, KeyOwner.Read(row.Text(0), row.Guid(1)), Strings(row.Text(2)), row.Time(3)), ct);

    /// <param name="owner">Null: of the whole tenant.</param>
    internal static ValueTask<List<ApiKey>> ListAsync(TenantTransaction tx, KeyOwner? owner, bool newestFirst, Guid? after, int limit, CancellationToken ct)
    {
        var from = after ?? (newestFirst ? Guid.AllBitsSet : Guid.Empty);
        return owner is { } of
            ? tx.ListAsync(newestFirst ? NewestOf : OldestOf, [("kind", of.KindText), ("owner", of.Id), ("after", from), ("limit", limit)], Read, ct)
            : tx.ListAsync(newestFirst ? Newest : Oldest, [("after", from), ("limit", limit)], Read, ct);
    }

    internal static async ValueTask<long> CountLiveAsync(TenantTransaction tx, KeyOwner owner, DateTimeOffset now, CancellationToken ct) =>
        await tx.FindValueAsync(CountLive, [("kind", owner.KindText), ("owner", owner.Id), ("now", now)], row => row.Long(0), ct) ?? 0;

    /// <summary>As many as one owner may have.</summary>
    internal static ValueTask<List<ApiKey>> ListLiveAsync(TenantTransaction tx, KeyOwner owner, DateTimeOffset now, CancellationToken ct) =>
        tx.ListAsync(ListLive, [("kind", owner.KindText), ("owner", owner.Id), ("now", now)], Read, ct);

    internal static async ValueTask InsertAsync(TenantTransaction tx, ApiKey key, byte[] hash, CancellationToken ct)
    {
        await tx.ExecuteAsync(Insert,
            [("id", key.Id), ("kind", key.Owner.KindText), ("owner", key.Owner.Id), ("name", key.Name), ("prefix", key.Prefix), ("scopes", Json(key.Scopes)), ("addresses", Json(key.AllowedAddresses)),
             ("expires", key.ExpiresAt), ("by", key.CreatedBy), ("now", key.CreatedAt)], ct);
        await tx.ExecuteAsync(InsertSecret, [("hash", hash), ("id", key.Id), ("now", key.CreatedAt)], ct);
    }

    /// <returns>False when it was changed since it was read, or has ended.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, ApiKey key, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update, [("name", key.Name), ("scopes", Json(key.Scopes)), ("addresses", Json(key.AllowedAddresses)), ("expires", key.ExpiresAt), ("now", now), ("id", key.Id), ("version", key.Version)], ct) == 1;

    /// <summary>A new secret; the one before works until <paramref name="oldEnds"/>, older ones end at once.</summary>
    /// <param name="key">As it was read, with the prefix and end that it is to have.</param>
    /// <returns>False when it was changed since it was read, or has ended.</returns>
    internal static async ValueTask<bool> TryRotateAsync(TenantTransaction tx, ApiKey key, byte[] hash, DateTimeOffset? oldEnds, DateTimeOffset now, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Rotate, [("prefix", key.Prefix), ("expires", key.ExpiresAt), ("now", now), ("id", key.Id), ("version", key.Version)], ct) != 1) return false;
        await tx.ExecuteAsync(DropEnding, [("id", key.Id)], ct);
        await tx.ExecuteAsync(EndSecrets, [("ends", oldEnds ?? now), ("id", key.Id)], ct);
        await tx.ExecuteAsync(InsertSecret, [("hash", hash), ("id", key.Id), ("now", now)], ct);
        return true;
    }

    /// <returns>False when it was revoked before.</returns>
    internal static async ValueTask<bool> TryRevokeAsync(TenantTransaction tx, ApiKeyId id, DateTimeOffset now, CancellationToken ct) => await tx.ExecuteAsync(Revoke, [("now", now), ("id", id)], ct) == 1;

    internal static ValueTask<List<byte[]>> ListHashesAsync(TenantTransaction tx, ApiKeyId id, CancellationToken ct) => tx.ListAsync(ListHashes, [("id", id)], row => row.Bytes(0), ct);

    internal static ValueTask<List<ApiKeyId>> ListIdsOfAsync(TenantTransaction tx, KeyOwner owner, int limit, CancellationToken ct) =>
        tx.ListAsync(ListIdsOf, [("kind", owner.KindText), ("owner", owner.Id), ("limit", limit)], row => row.Id<ApiKeyId>(0), ct);

    internal static ValueTask<List<ApiKeyId>> ListOldAsync(TenantTransaction tx, DateTimeOffset before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListOld, [("before", before), ("limit", limit)], row => row.Id<ApiKeyId>(0), ct);

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, ApiKeyId id, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;

    internal static ValueTask<int> UseAsync(TenantTransaction tx, ApiKeyId id, DateTimeOffset at, string? from, CancellationToken ct) => tx.ExecuteAsync(Use, [("at", at), ("from", from), ("id", id)], ct);

    private static Json Json(IReadOnlyList<string> values) => new(JsonSerializer.Serialize([.. values], ApiKeysJson.Default.StringArray));

    private static string[] Strings(string json) => JsonSerializer.Deserialize(json, ApiKeysJson.Default.StringArray)!;

    private static ApiKey Read(SqlRow row) => new(row.Id<ApiKeyId>(0), KeyOwner.Read(row.Text(1), row.Guid(2)), row.Text(3), row.Text(4), Strings(row.Text(5)), Strings(row.Text(6)), row.Time(7), row.TimeOrNull(8),
        row.TimeOrNull(9), row.TimeOrNull(10), row.TextOrNull(11), row.Text(12), row.Long(13), row.Time(14), row.Time(15));
}

/// <summary>What one secret opens.</summary>
/// <param name="EndsAt">When it stops working because there is a newer one.</param>
internal sealed record StoredSecret(ApiKeyId Key, KeyOwner Owner, IReadOnlyList<string> Scopes, IReadOnlyList<string> Addresses, DateTimeOffset ExpiresAt, DateTimeOffset? EndsAt);
