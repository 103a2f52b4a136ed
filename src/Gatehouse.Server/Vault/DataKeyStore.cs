using Gatehouse.Storage;

namespace Gatehouse.Vault;

/// <summary>The only SQL over <c>tenant_data_keys</c>.</summary>
internal static class DataKeyStore
{
    // A tenant's first key is made once, whoever asks twice.
    private const string Insert = """
        INSERT INTO tenant_data_keys (tenant_id, version, wrapped, created_at) VALUES (@tenant, @version, @wrapped, @now) ON CONFLICT DO NOTHING
        """;
    private const string SelectCurrent = """
        SELECT version, wrapped FROM tenant_data_keys WHERE tenant_id = @tenant ORDER BY version DESC LIMIT 1
        """;
    private const string SelectVersion = """
        SELECT version, wrapped FROM tenant_data_keys WHERE tenant_id = @tenant AND version = @version
        """;

    internal sealed record WrappedKey(int Version, byte[] Wrapped);

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, WrappedKey key, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("version", (long)key.Version), ("wrapped", key.Wrapped), ("now", now)], ct) == 1;

    internal static ValueTask<WrappedKey?> FindCurrentAsync(TenantTransaction tx, CancellationToken ct) => tx.FindAsync(SelectCurrent, [], Read, ct);

    internal static ValueTask<WrappedKey?> FindAsync(TenantTransaction tx, int version, CancellationToken ct) =>
        tx.FindAsync(SelectVersion, [("version", (long)version)], Read, ct);

    private static WrappedKey Read(SqlRow row) => new(row.Int(0), row.Bytes(1));
}
