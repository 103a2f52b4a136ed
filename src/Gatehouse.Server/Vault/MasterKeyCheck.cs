using System.Security.Cryptography;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Vault;

/// <summary>
/// Binds a database to its master key, so that a process with a missing or wrong key stops before it has written anything. The host
/// calls <see cref="VerifyAsync"/> before migrations and <see cref="ClaimAsync"/> after them.
/// </summary>
public sealed partial class MasterKeyCheck
{
    private const string Place = "vault_check";
    // One row for the whole product; it belongs to no tenant.
    private const string Select = "SELECT key_id, sealed FROM vault_check WHERE id = 'master'";
    // Of two processes that start first at the same moment one claims the database; the other then finds whether it has the same key.
    private const string Insert = """
        INSERT INTO vault_check (id, key_id, sealed, created_at) VALUES ('master', @key_id, @sealed, @now) ON CONFLICT DO NOTHING
        """;

    private readonly ISystemDatabase database;
    private readonly MigrationRunner migrations;
    private readonly MasterKeySource source;
    private readonly bool shared;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    internal MasterKeyCheck(ISystemDatabase database, MigrationRunner migrations, MasterKeySource source, IOptions<StorageOptions> storage,
        TimeProvider clock, ILogger<MasterKeyCheck> log) =>
        (this.database, this.migrations, this.source, shared, this.clock, this.log) =
            (database, migrations, source, storage.Value.Postgres.Length > 0, clock, log);

    /// <summary>
    /// Finds the key and proves that it is this database's; reads only. Where no key was ever used (a new database) and none is
    /// configured, makes one in the data folder.
    /// </summary>
    /// <exception cref="MasterKeyException">Missing, malformed, or another database's.</exception>
    public async Task VerifyAsync(CancellationToken ct)
    {
        var claim = await FindClaimAsync(ct);
        if (claim is not null)
        {
            Prove(source.Get(), claim);
            return;
        }
        if (source.TryLoad() is not null) return;
        source.Generate();
        LogGenerated(log, source.DefaultFile);
        if (shared) LogShared(log);
    }

    /// <summary>Records the key at the first start; at every other does what <see cref="VerifyAsync"/> does. Needs the schema.</summary>
    /// <exception cref="MasterKeyException">Another process claimed the database with another key meanwhile.</exception>
    public async Task ClaimAsync(CancellationToken ct)
    {
        var key = source.Get();
        await using var tx = await database.BeginAsync(ct);
        await tx.ExecuteAsync(Insert, [("key_id", key.KeyId), ("sealed", key.Wrap("gatehouse"u8, Place)), ("now", clock.Now())], ct);
        Prove(key, await tx.FindAsync(Select, [], Read, ct) ?? throw new InvalidOperationException("The master key's record vanished."));
        await tx.CommitAsync(ct);
    }

    private async Task<Claim?> FindClaimAsync(CancellationToken ct)
    {
        // Asked through the runner: it does not create an embedded database by looking at it.
        var applied = (await migrations.PlanAsync([], ct)).Applied;
        if (!applied.Contains("0010_vault")) return null;
        await using var tx = await database.ReadAsync(ct);
        return await tx.FindAsync(Select, [], Read, ct);
    }

    private static void Prove(MasterKey key, Claim claim)
    {
        if (key.KeyId != claim.KeyId)
            throw new MasterKeyException($"The master key is not this database's: it has key {key.KeyId}, the database was made with {claim.KeyId}. "
                + "Restore the right key, or point Storage at the database that belongs to this one.");
        try
        {
            CryptographicOperations.ZeroMemory(key.Unwrap(claim.Sealed, Place));
        }
        catch (CryptographicException e)
        {
            throw new MasterKeyException("The master key's record in the database has been changed: vault_check does not open.", e);
        }
    }

    private static Claim Read(SqlRow row) => new(row.Text(0), row.Bytes(1));

    private sealed record Claim(string KeyId, byte[] Sealed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Made a new master key in {File}. Back it up apart from the database: without it nothing sealed can be read again.")]
    private static partial void LogGenerated(ILogger log, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Every process over this PostgreSQL database needs that same key: set Vault:MasterKey or Vault:MasterKeyFile for each.")]
    private static partial void LogShared(ILogger log);
}
