using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>A passkey of a user, as she sees it.</summary>
/// <param name="Aaguid">The authenticator's model by its own word; all zero when it does not say.</param>
/// <param name="Attested">Somebody the tenant trusts stood behind the model when the passkey was made.</param>
/// <param name="BackedUp">Kept by a provider that brings it to the person's other devices.</param>
public sealed record Passkey(PasskeyId Id, UserId UserId, string Name, bool BackupEligible, bool BackedUp, Guid Aaguid, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool Attested = false);

/// <summary>What of it takes part in a ceremony.</summary>
/// <param name="RpId">The domain it was made for, and works for alone; empty where that was not written down.</param>
/// <param name="UvInitialized">The person was verified when it was made; a verification by it counts as a factor only then (WebAuthn §4, "uvInitialized").</param>
internal sealed record PasskeyKey(byte[] CredentialId, byte[] PublicKey, long SignCount, string Transports, string RpId, bool UvInitialized = false);

/// <summary>The SQL of passkeys and their challenges.</summary>
internal static class PasskeyStore
{
    internal const string Registering = "create", SigningUp = "sign_up", SigningIn = "get";

    private const string Columns = "id, user_id, name, backup_eligible, backed_up, aaguid, created_at, last_used_at, credential_id, public_key, sign_count, transports, uv_initialized, attested, rp_id";

    // A credential is one user's: whoever presents a known one finds it taken, her own too. The count is right because the caller holds the
    // user's row: of registrations in flight together, each sees those before it.
    private const string Insert = """
        INSERT INTO passkeys (tenant_id, id, user_id, name, backup_eligible, backed_up, aaguid, created_at, credential_id, public_key, sign_count, transports, uv_initialized, attested, rp_id)
        SELECT @tenant, @id, @user, @name, @eligible, @backed_up, @aaguid, @created_at, @credential, @key, @count, @transports, @uv, @attested, @rp
        WHERE (SELECT count(*) FROM passkeys WHERE tenant_id = @tenant AND user_id = @user) < @most
        ON CONFLICT DO NOTHING
        """;

    private const string SelectByCredential = $"SELECT {Columns} FROM passkeys WHERE tenant_id = @tenant AND credential_id = @credential";

    // Bounded by Passkeys.MaxPerUser, to which Insert holds.
    private const string SelectOfUser = $"SELECT {Columns} FROM passkeys WHERE tenant_id = @tenant AND user_id = @user ORDER BY id LIMIT 100";

    // A counter that counts must grow: of two assertions with one count, the second changes no row.
    private const string Use = """
        UPDATE passkeys SET sign_count = @count, backed_up = @backed_up, last_used_at = @now
        WHERE tenant_id = @tenant AND id = @id AND (sign_count < @count OR (sign_count = 0 AND @count = 0))
        """;

    private const string Rename = "UPDATE passkeys SET name = @name WHERE tenant_id = @tenant AND id = @id AND user_id = @user";
    // Changes nothing and takes the rows' locks.
    private const string HoldOfUser = "UPDATE passkeys SET name = name WHERE tenant_id = @tenant AND user_id = @user";
    private const string Delete = "DELETE FROM passkeys WHERE tenant_id = @tenant AND id = @id AND user_id = @user RETURNING name";
    private const string DeleteOfUser = "DELETE FROM passkeys WHERE tenant_id = @tenant AND user_id = @user";

    // One challenge per subject: a second tab of the same sign-in is given the same one, until it is used or half of its time is over.
    private const string Issue = """
        INSERT INTO passkey_challenges (tenant_id, purpose, subject_id, challenge, expires_at) VALUES (@tenant, @purpose, @subject, @challenge, @expires)
        ON CONFLICT (tenant_id, purpose, subject_id) DO UPDATE SET
          challenge = CASE WHEN passkey_challenges.expires_at <= @renew THEN @challenge ELSE passkey_challenges.challenge END,
          expires_at = CASE WHEN passkey_challenges.expires_at <= @renew THEN @expires ELSE passkey_challenges.expires_at END
        WHERE passkey_challenges.tenant_id = @tenant
        RETURNING challenge
        """;

    // Whoever deletes it has it; a replay finds nothing.
    private const string Take = """
        DELETE FROM passkey_challenges WHERE tenant_id = @tenant AND purpose = @purpose AND subject_id = @subject AND expires_at > @now RETURNING challenge
        """;

    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Passkey passkey, PasskeyKey key, int most, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", passkey.Id), ("user", passkey.UserId), ("name", passkey.Name), ("eligible", passkey.BackupEligible), ("backed_up", passkey.BackedUp), ("aaguid", passkey.Aaguid),
             ("created_at", passkey.CreatedAt), ("credential", key.CredentialId), ("key", key.PublicKey), ("count", key.SignCount), ("transports", key.Transports),
             ("uv", key.UvInitialized), ("attested", passkey.Attested), ("rp", key.RpId), ("most", (long)most)], ct) == 1;

    internal static async ValueTask<(Passkey Passkey, PasskeyKey Key)?> FindAsync(TenantTransaction tx, byte[] credential, CancellationToken ct) =>
        await tx.FindValueAsync(SelectByCredential, [("credential", credential)], Read, ct);

    internal static async ValueTask<IReadOnlyList<(Passkey Passkey, PasskeyKey Key)>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ListAsync(SelectOfUser, [("user", user)], Read, ct);

    internal static async ValueTask HoldAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(HoldOfUser, [("user", user)], ct);

    internal static async ValueTask<bool> UseAsync(TenantTransaction tx, PasskeyId id, long count, bool backedUp, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Use, [("count", count), ("backed_up", backedUp), ("now", now), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> RenameAsync(TenantTransaction tx, PasskeyId id, UserId user, string name, CancellationToken ct) =>
        await tx.ExecuteAsync(Rename, [("name", name), ("id", id), ("user", user)], ct) == 1;

    /// <returns>What it was called; null when there was none.</returns>
    internal static ValueTask<string?> DeleteAsync(TenantTransaction tx, PasskeyId id, UserId user, CancellationToken ct) =>
        tx.FindAsync(Delete, [("id", id), ("user", user)], row => row.Text(0), ct);

    internal static async ValueTask DeleteAllAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    internal static async ValueTask<byte[]> IssueAsync(TenantTransaction tx, string purpose, Guid subject, byte[] challenge, DateTimeOffset renew, DateTimeOffset expires, CancellationToken ct) =>
        await tx.FindAsync(Issue, [("purpose", purpose), ("subject", subject), ("challenge", challenge), ("expires", expires), ("renew", renew)], row => row.Bytes(0), ct)
        ?? throw new InvalidOperationException("An upsert returns its row.");

    internal static ValueTask<byte[]?> TakeAsync(TenantTransaction tx, string purpose, Guid subject, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(Take, [("purpose", purpose), ("subject", subject), ("now", now)], row => row.Bytes(0), ct);

    private static (Passkey, PasskeyKey) Read(SqlRow row) =>
        (new(row.Id<PasskeyId>(0), row.Id<UserId>(1), row.Text(2), row.Bool(3), row.Bool(4), row.Guid(5), row.Time(6), row.TimeOrNull(7), row.Bool(13)),
         new(row.Bytes(8), row.Bytes(9), row.Long(10), row.Text(11), row.Text(14), row.Bool(12)));
}
