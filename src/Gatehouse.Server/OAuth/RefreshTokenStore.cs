using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>The SQL of refresh tokens. A family has one current generation, kept in its grant; every step is one conditional statement on that row.</summary>
internal static class RefreshTokenStore
{
    private const string Insert = """
        INSERT INTO refresh_tokens (tenant_id, hash, grant_id, generation, issued_at, expires_at)
        VALUES (@tenant, @hash, @grant, @generation, @now, @expires)
        """;

    private const string Select = $"""
        SELECT {GrantStore.GrantColumns}, t.generation, t.issued_at, t.expires_at
        FROM refresh_tokens t JOIN grants g ON g.tenant_id = @tenant AND g.id = t.grant_id
        WHERE t.tenant_id = @tenant AND t.hash = @hash
        """;

    // Whether the token is the newest and its family alive is asked by the statement that moves the family on, so that of many rotations
    // at one moment the database lets one through.
    private const string Rotate = """
        UPDATE grants SET generation = @next, rotated_at = @now, repeated = @repeated
        WHERE tenant_id = @tenant AND id = @grant AND generation = @presented AND revoked_at IS NULL AND expires_at > @now
        """;

    // The answer may have been lost: the generation just before the newest is answered once more, inside the window.
    private const string Repeat = """
        UPDATE grants SET repeated = @repeated
        WHERE tenant_id = @tenant AND id = @grant AND generation = @next AND repeated <> @repeated AND revoked_at IS NULL AND expires_at > @now
          AND rotated_at >= @earliest AND rotated_at <= @latest
        """;

    private const string SelectRotation = "SELECT g.rotated_at FROM grants g WHERE g.tenant_id = @tenant AND g.id = @grant AND g.generation = @next";

    internal static async ValueTask InsertAsync(TenantTransaction tx, byte[] hash, GrantId grant, long generation, DateTimeOffset now, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("hash", hash), ("grant", grant), ("generation", generation), ("now", now), ("expires", expires)], ct);

    internal static ValueTask<RefreshToken?> FindAsync(TenantTransaction tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync(Select, [("hash", hash)], static row => new RefreshToken(GrantStore.ReadGrant(row), row.Long(GrantStore.GrantColumnCount), row.Time(GrantStore.GrantColumnCount + 1), row.Time(GrantStore.GrantColumnCount + 2)), ct);

    /// <returns>False when this token is not, or no longer, the newest of a living family.</returns>
    internal static async ValueTask<bool> RotateAsync(TenantTransaction tx, GrantId grant, long presented, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Rotate, [("next", presented + 1), ("now", now), ("repeated", false), ("grant", grant), ("presented", presented)], ct) == 1;

    /// <param name="earliest">The window's far end: rotations before it are answered no more.</param>
    /// <param name="latest">The window's near end.</param>
    internal static async ValueTask<bool> RepeatAsync(TenantTransaction tx, GrantId grant, long presented, DateTimeOffset now, DateTimeOffset earliest, DateTimeOffset latest, CancellationToken ct) =>
        await tx.ExecuteAsync(Repeat,
            [("repeated", true), ("grant", grant), ("next", presented + 1), ("now", now), ("earliest", earliest), ("latest", latest)], ct) == 1;

    /// <summary>When the token's immediate successor was made; null when the family has moved further.</summary>
    internal static ValueTask<DateTimeOffset?> FindRotationAsync(TenantTransaction tx, GrantId grant, long presented, CancellationToken ct) =>
        tx.FindValueAsync(SelectRotation, [("grant", grant), ("next", presented + 1)], static row => row.Time(0), ct);
}
