using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Keys;

/// <summary>The only SQL over <c>signing_keys</c>. Every change names the state it comes from, so that of two processes one does it.</summary>
internal static class SigningKeyStore
{
    private const string Columns = "id, algorithm, state, public_jwk, sealed_private, created_at, activates_at, retires_at";

    // The unique indexes allow one active and one next key of an algorithm; whoever comes second inserts nothing.
    private const string Insert = """
        INSERT INTO signing_keys (tenant_id, id, algorithm, state, public_jwk, sealed_private, created_at, activates_at)
        VALUES (@tenant, @id, @algorithm, @state, @public, @private, @created, @activates) ON CONFLICT DO NOTHING
        """;
    private const string SelectLive = $"SELECT {Columns} FROM signing_keys WHERE tenant_id = @tenant AND state <> 'retired' ORDER BY id LIMIT 100";
    private const string SelectPage = $"SELECT {Columns} FROM signing_keys WHERE tenant_id = @tenant ORDER BY id DESC LIMIT @limit";
    private const string SelectPageAfter = $"SELECT {Columns} FROM signing_keys WHERE tenant_id = @tenant AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string Demote = """
        UPDATE signing_keys SET state = 'retiring', sealed_private = NULL, retires_at = @retires
        WHERE tenant_id = @tenant AND id = @id AND state = 'active'
        """;
    private const string Promote = "UPDATE signing_keys SET state = 'active' WHERE tenant_id = @tenant AND id = @id AND state = 'next'";
    private const string BringForward = """
        UPDATE signing_keys SET activates_at = @at WHERE tenant_id = @tenant AND id = @id AND state = 'next' AND activates_at > @at
        """;
    private const string Retire = """
        UPDATE signing_keys SET state = 'retired', retires_at = @now WHERE tenant_id = @tenant AND id = @id AND state = 'retiring'
        """;
    private const string RetireAll = """
        UPDATE signing_keys SET state = 'retired', sealed_private = NULL, retires_at = @now
        WHERE tenant_id = @tenant AND algorithm = @algorithm AND state <> 'retired'
        """;
    private const string Forget = "DELETE FROM signing_keys WHERE tenant_id = @tenant AND state = 'retired' AND retires_at < @before";

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, SigningKeyRow key, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", key.Id), ("algorithm", key.Algorithm), ("state", Name(key.State)), ("public", key.PublicJwk),
            ("private", key.SealedPrivate), ("created", key.CreatedAt), ("activates", key.ActivatesAt)], ct) == 1;

    /// <summary>Next, active and retiring ones.</summary>
    internal static ValueTask<List<SigningKeyRow>> ListLiveAsync(TenantTransaction tx, CancellationToken ct) => tx.ListAsync(SelectLive, [], Read, ct);

    internal static ValueTask<List<SigningKeyRow>> ListAsync(TenantTransaction tx, PageRequest page, CancellationToken ct) => page.After is { } after
        ? tx.ListAsync(SelectPageAfter, [("after", after), ("limit", page.Limit + 1)], Read, ct)
        : tx.ListAsync(SelectPage, [("limit", page.Limit + 1)], Read, ct);

    internal static async ValueTask<bool> TryDemoteAsync(TenantTransaction tx, KeyId id, DateTimeOffset retires, CancellationToken ct) =>
        await tx.ExecuteAsync(Demote, [("retires", retires), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryPromoteAsync(TenantTransaction tx, KeyId id, CancellationToken ct) =>
        await tx.ExecuteAsync(Promote, [("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryBringForwardAsync(TenantTransaction tx, KeyId id, DateTimeOffset at, CancellationToken ct) =>
        await tx.ExecuteAsync(BringForward, [("at", at), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryRetireAsync(TenantTransaction tx, KeyId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Retire, [("now", now), ("id", id)], ct) == 1;

    /// <returns>How many were retired.</returns>
    internal static ValueTask<int> RetireAllAsync(TenantTransaction tx, string algorithm, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(RetireAll, [("now", now), ("algorithm", algorithm)], ct);

    internal static ValueTask<int> ForgetAsync(TenantTransaction tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync(Forget, [("before", before)], ct);

    internal static string Name(KeyState state) => state switch
    {
        KeyState.Next => "next",
        KeyState.Active => "active",
        KeyState.Retiring => "retiring",
        KeyState.Retired => "retired",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static KeyState ParseState(string name) => name switch
    {
        "next" => KeyState.Next,
        "active" => KeyState.Active,
        "retiring" => KeyState.Retiring,
        "retired" => KeyState.Retired,
        _ => throw new InvalidOperationException($"A signing key has the unknown state {name}."),
    };

    private static SigningKeyRow Read(SqlRow row) => new(row.Id<KeyId>(0), row.Text(1), ParseState(row.Text(2)), row.Text(3), row.BytesOrNull(4),
        row.Time(5), row.Time(6), row.TimeOrNull(7));
}
