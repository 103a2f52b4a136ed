using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Http;

/// <summary>What is remembered of one key.</summary>
/// <param name="State"><c>running</c>, <c>committed</c> or <c>done</c>.</param>
/// <param name="Answer">Sealed; only when done.</param>
internal sealed record IdempotencyRow(byte[] RequestHash, string State, Guid Owner, DateTimeOffset LeaseUntil, byte[]? Answer);

/// <summary>The SQL of idempotency keys. Every change is conditional on the owner, so that a request that lost its lease changes nothing.</summary>
internal static class IdempotencyStore
{
    private const string Forget = "DELETE FROM idempotency_keys WHERE tenant_id = @tenant AND key_hash = @key AND created_at < @cutoff";

    // Insert first: of any number of identical requests at once exactly one is told to go on.
    private const string Claim = """
        INSERT INTO idempotency_keys (tenant_id, key_hash, request_hash, state, owner, lease_until, created_at)
        VALUES (@tenant, @key, @request, 'running', @owner, @lease, @now)
        ON CONFLICT (tenant_id, key_hash) DO NOTHING
        """;

    private const string Find = "SELECT request_hash, state, owner, lease_until, answer FROM idempotency_keys WHERE tenant_id = @tenant AND key_hash = @key";

    // The process that owned it died, or is so slow that it will find its mark gone. Exactly one of those who wait takes over.
    private const string TakeOver = """
        UPDATE idempotency_keys SET owner = @owner, lease_until = @lease
        WHERE tenant_id = @tenant AND key_hash = @key AND state = 'running' AND owner = @before
        """;

    // Part of the transaction of the change itself: from its commit on, the request has happened and is never carried out again.
    private const string MarkCommitted = """
        UPDATE idempotency_keys SET state = 'committed'
        WHERE tenant_id = @tenant AND key_hash = @key AND owner = @owner AND state <> 'done'
        """;

    private const string StoreAnswer = """
        UPDATE idempotency_keys SET state = 'done', answer = @answer
        WHERE tenant_id = @tenant AND key_hash = @key AND owner = @owner AND state <> 'done'
        """;

    // A refused request has changed nothing; its key is free for the corrected one.
    private const string Release = "DELETE FROM idempotency_keys WHERE tenant_id = @tenant AND key_hash = @key AND owner = @owner AND state = 'running'";

    // For the background job, across tenants: whose keys have had their day.
    private const string TenantsToPrune = "SELECT DISTINCT tenant_id FROM idempotency_keys WHERE created_at < @cutoff LIMIT 100";

    private const string Prune = """
        DELETE FROM idempotency_keys WHERE tenant_id = @tenant AND key_hash IN
          (SELECT key_hash FROM idempotency_keys WHERE tenant_id = @tenant AND created_at < @cutoff LIMIT 1000)
        """;

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, IdempotencyClaim claim, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync(Forget, [("key", claim.KeyHash), ("cutoff", now - Idempotency.Retention)], ct);
        return await tx.ExecuteAsync(Claim,
            [("key", claim.KeyHash), ("request", claim.RequestHash), ("owner", claim.Owner), ("lease", now + Idempotency.Lease), ("now", now)], ct) == 1;
    }

    internal static ValueTask<IdempotencyRow?> FindAsync(TenantTransaction tx, byte[] keyHash, CancellationToken ct) =>
        tx.FindAsync(Find, [("key", keyHash)], row => new IdempotencyRow(row.Bytes(0), row.Text(1), row.Guid(2), row.Time(3), row.BytesOrNull(4)), ct);

    internal static async ValueTask<bool> TryTakeOverAsync(TenantTransaction tx, IdempotencyClaim claim, Guid before, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(TakeOver, [("owner", claim.Owner), ("lease", now + Idempotency.Lease), ("key", claim.KeyHash), ("before", before)], ct) == 1;

    internal static async ValueTask<bool> TryMarkCommittedAsync(TenantTransaction tx, IdempotencyClaim claim, CancellationToken ct) =>
        await tx.ExecuteAsync(MarkCommitted, [("key", claim.KeyHash), ("owner", claim.Owner)], ct) == 1;

    internal static ValueTask<int> StoreAnswerAsync(TenantTransaction tx, IdempotencyClaim claim, byte[] answer, CancellationToken ct) =>
        tx.ExecuteAsync(StoreAnswer, [("answer", answer), ("key", claim.KeyHash), ("owner", claim.Owner)], ct);

    internal static ValueTask<int> ReleaseAsync(TenantTransaction tx, IdempotencyClaim claim, CancellationToken ct) =>
        tx.ExecuteAsync(Release, [("key", claim.KeyHash), ("owner", claim.Owner)], ct);

    /// <returns>How many keys were forgotten; fewer than there were when there were very many.</returns>
    internal static async ValueTask<int> PruneAsync(SystemTransaction tx, DateTimeOffset cutoff, CancellationToken ct)
    {
        var forgotten = 0;
        foreach (var tenant in await tx.ListAsync(TenantsToPrune, [("cutoff", cutoff)], row => row.Id<TenantId>(0), ct))
            forgotten += await tx.For(tenant).ExecuteAsync(Prune, [("cutoff", cutoff)], ct);
        return forgotten;
    }
}
