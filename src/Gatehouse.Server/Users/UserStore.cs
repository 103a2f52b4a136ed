using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>The SQL of users and their addresses, one person at a time.</summary>
internal static class UserStore
{
    internal const string Columns = """
        u.id, u.status, u.display_name, u.given_name, u.family_name, u.locale, u.attributes, u.version, u.created_at, u.updated_at,
        e.id, e.address, e.normalized, e.verified, e.is_primary, t.id, t.number, t.verified, t.is_primary, u.zoneinfo
        """;

    // All of her addresses and numbers: each with each, which is one row for nearly everybody and fifty at most.
    internal const string Ways = """
        LEFT JOIN user_emails e ON e.tenant_id = @tenant AND e.user_id = u.id
        LEFT JOIN user_phones t ON t.tenant_id = @tenant AND t.user_id = u.id
        """;

    // A user and all that she is reached by in one round trip.
    private const string SelectById = $"""
        SELECT {Columns} FROM users u
        {Ways}
        WHERE u.tenant_id = @tenant AND u.id = @id
        ORDER BY e.id, t.id
        """;

    // The address finds the user (unique index), the second join brings all of her addresses.
    private const string SelectByEmail = $"""
        SELECT {Columns} FROM user_emails k
        JOIN users u ON u.tenant_id = @tenant AND u.id = k.user_id
        {Ways}
        WHERE k.tenant_id = @tenant AND k.normalized = @normalized
        ORDER BY e.id, t.id
        """;

    private const string SelectByPhone = $"""
        SELECT {Columns} FROM user_phones k
        JOIN users u ON u.tenant_id = @tenant AND u.id = k.user_id
        {Ways}
        WHERE k.tenant_id = @tenant AND k.number = @number AND k.verified
        ORDER BY e.id, t.id
        """;

    private const string InsertUser = """
        INSERT INTO users (tenant_id, id, status, display_name, given_name, family_name, display_key, given_key, family_key, locale, zoneinfo, attributes, version, created_at, updated_at)
        VALUES (@tenant, @id, @status, @display_name, @given_name, @family_name, @display_key, @given_key, @family_key, @locale, @zoneinfo, @attributes, @version, @created_at, @updated_at)
        """;

    // Uniqueness is the index's decision, made once, whoever else inserts at the same time.
    private const string InsertEmail = """
        INSERT INTO user_emails (tenant_id, id, user_id, address, normalized, verified, is_primary, created_at)
        VALUES (@tenant, @id, @user, @address, @normalized, @verified, @primary, @now)
        ON CONFLICT (tenant_id, normalized) DO NOTHING
        """;

    // Only over the version that was read: of two administrators editing at once, the second is told.
    private const string UpdateUser = """
        UPDATE users SET status = @status, display_name = @display_name, given_name = @given_name, family_name = @family_name,
          display_key = @display_key, given_key = @given_key, family_key = @family_key, locale = @locale, zoneinfo = @zoneinfo, attributes = @attributes,
          version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
        """;

    private const string Touch = "UPDATE users SET version = version + 1, updated_at = @now WHERE tenant_id = @tenant AND id = @id";
    // Changes nothing and takes the row's lock.
    private const string Hold = "UPDATE users SET status = status WHERE tenant_id = @tenant AND id = @id AND status = @status";
    private const string HoldAny = "UPDATE users SET status = status WHERE tenant_id = @tenant AND id = @id";
    private const string Delete = "DELETE FROM users WHERE tenant_id = @tenant AND id = @id";
    private const string DeleteEmail = "DELETE FROM user_emails WHERE tenant_id = @tenant AND user_id = @user AND id = @id AND NOT is_primary";
    private const string VerifyEmail = "UPDATE user_emails SET verified = TRUE WHERE tenant_id = @tenant AND user_id = @user AND id = @id";

    // Two statements, because the index allows one primary address at any moment.
    private const string ClearPrimary = "UPDATE user_emails SET is_primary = FALSE WHERE tenant_id = @tenant AND user_id = @user AND is_primary";
    private const string SetPrimary = "UPDATE user_emails SET is_primary = TRUE WHERE tenant_id = @tenant AND user_id = @user AND id = @id";

    internal static async ValueTask<User?> FindAsync(TenantTransaction tx, UserId id, CancellationToken ct) =>
        Fold(await tx.ListAsync(SelectById, [("id", id)], UserRow.Read, ct)) is [var user] ? user : null;

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, UserId id, UserStatus status, CancellationToken ct) =>
        await tx.ExecuteAsync(Hold, [("id", id), ("status", StatusText(status))], ct) == 1;

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, UserId id, CancellationToken ct) => await tx.ExecuteAsync(HoldAny, [("id", id)], ct) == 1;

    internal static async ValueTask<User?> FindByEmailAsync(TenantTransaction tx, string normalized, CancellationToken ct) =>
        Fold(await tx.ListAsync(SelectByEmail, [("normalized", normalized)], UserRow.Read, ct)) is [var user] ? user : null;

    internal static async ValueTask<User?> FindByPhoneAsync(TenantTransaction tx, string number, CancellationToken ct) =>
        Fold(await tx.ListAsync(SelectByPhone, [("number", number)], UserRow.Read, ct)) is [var user] ? user : null;

    /// <returns>False, with nothing written, when one of the addresses is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, User user, CancellationToken ct)
    {
        await tx.ExecuteAsync(InsertUser,
            [("id", user.Id), ("status", StatusText(user.Status)), ("display_name", user.DisplayName), ("given_name", user.GivenName), ("family_name", user.FamilyName),
             ("display_key", PersonName.KeyOf(user.DisplayName)), ("given_key", PersonName.KeyOf(user.GivenName)), ("family_key", PersonName.KeyOf(user.FamilyName)),
             ("locale", user.Locale), ("zoneinfo", user.Zoneinfo), ("attributes", new Json(user.Attributes)), ("version", user.Version), ("created_at", user.CreatedAt), ("updated_at", user.UpdatedAt)], ct);
        // In one order, whatever the caller's: two who insert the same addresses from both ends would wait for each other.
        foreach (var email in user.Emails.OrderBy(e => e.Normalized, StringComparer.Ordinal))
        {
            if (await TryAddEmailAsync(tx, user.Id, email, user.CreatedAt, ct)) continue;
            await DeleteAsync(tx, user.Id, ct);
            return false;
        }
        return true;
    }

    /// <returns>False when the address is taken.</returns>
    internal static async ValueTask<bool> TryAddEmailAsync(TenantTransaction tx, UserId user, UserEmail email, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertEmail,
            [("id", email.Id), ("user", user), ("address", email.Address), ("normalized", email.Normalized), ("verified", email.Verified), ("primary", email.Primary), ("now", now)], ct) == 1;

    /// <summary>Writes the profile over the version that was read.</summary>
    /// <returns>False when somebody changed or deleted the user meanwhile.</returns>
    internal static async ValueTask<bool> TryUpdateAsync(TenantTransaction tx, User user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(UpdateUser,
            [("status", StatusText(user.Status)), ("display_name", user.DisplayName), ("given_name", user.GivenName), ("family_name", user.FamilyName),
             ("display_key", PersonName.KeyOf(user.DisplayName)), ("given_key", PersonName.KeyOf(user.GivenName)), ("family_key", PersonName.KeyOf(user.FamilyName)),
             ("locale", user.Locale), ("zoneinfo", user.Zoneinfo), ("attributes", new Json(user.Attributes)), ("now", now), ("id", user.Id), ("version", user.Version)], ct) == 1;

    /// <summary>Raises the version: an address changed.</summary>
    internal static async ValueTask<bool> TouchAsync(TenantTransaction tx, UserId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Touch, [("now", now), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, UserId id, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;

    /// <returns>False when there is no such address or it is the primary one.</returns>
    internal static async ValueTask<bool> DeleteEmailAsync(TenantTransaction tx, UserId user, EmailId id, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteEmail, [("user", user), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> MarkVerifiedAsync(TenantTransaction tx, UserId user, EmailId id, CancellationToken ct) =>
        await tx.ExecuteAsync(VerifyEmail, [("user", user), ("id", id)], ct) == 1;

    /// <returns>False when the address is gone; the caller must then not commit.</returns>
    internal static async ValueTask<bool> MakePrimaryAsync(TenantTransaction tx, UserId user, EmailId id, CancellationToken ct)
    {
        await tx.ExecuteAsync(ClearPrimary, [("user", user)], ct);
        return await tx.ExecuteAsync(SetPrimary, [("user", user), ("id", id)], ct) == 1;
    }

    internal static string StatusText(UserStatus status) => status == UserStatus.Active ? "active" : "disabled";

    /// <summary>Joins consecutive rows of one user.</summary>
    internal static List<User> Fold(List<UserRow> rows)
    {
        List<User> users = [];
        for (var i = 0; i < rows.Count;)
        {
            var user = rows[i].User;
            List<UserEmail> emails = [];
            List<UserPhone> phones = [];
            for (; i < rows.Count && rows[i].User.Id == user.Id; i++)
            {
                if (rows[i].Email is { } email && !emails.Exists(e => e.Id == email.Id)) emails.Add(email);
                if (rows[i].Phone is { } phone && !phones.Exists(p => p.Id == phone.Id)) phones.Add(phone);
            }
            users.Add(user with { Emails = emails, Phones = phones });
        }
        return users;
    }
}

/// <summary>One row of the join: a user, one of her addresses, one of her numbers.</summary>
internal readonly record struct UserRow(User User, UserEmail? Email, UserPhone? Phone)
{
    internal static UserRow Read(SqlRow row) => new(
        new User(row.Id<UserId>(0), row.Text(1) == "active" ? UserStatus.Active : UserStatus.Disabled, row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5),
            [], row.Text(6), row.Long(7), row.Time(8), row.Time(9)) { Zoneinfo = row.TextOrNull(19) },
        row.IdOrNull<EmailId>(10) is { } email ? new UserEmail(email, row.Text(11), row.Text(12), row.Bool(13), row.Bool(14)) : null,
        row.IdOrNull<PhoneId>(15) is { } phone ? new UserPhone(phone, row.Text(16), row.Bool(17), row.Bool(18)) : null);
}
