using System.Text.Json.Serialization;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>Names a queued mail.</summary>
[JsonConverter(typeof(TypedIdConverter<MailId>))]
internal readonly record struct MailId(Guid Value) : ITypedId<MailId>
{
    public static string Prefix => "mai";
    public static MailId From(Guid value) => new(value);
    public static MailId New(TimeProvider clock) => TypedId.New<MailId>(clock);
    public static bool TryParse(string? text, out MailId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>How a message travels.</summary>
internal enum Channel { Email, Sms }

/// <param name="Sealed">Null once it was sent, given up or has had its hour in the mailbox.</param>
/// <param name="ExpiresAt">When it is not worth sending any more; null: never.</param>
internal sealed record MailRow(MailId Id, string Template, string Locale, string State, byte[]? Sealed, int Attempts, DateTimeOffset CreatedAt,
    Channel Channel = Channel.Email, DateTimeOffset? ExpiresAt = null);

/// <summary>The only SQL over <c>mails</c>, which holds messages of every channel, and <c>mail_quotas</c>.</summary>
internal static class MailStore
{
    private const string Columns = "id, template, locale, state, sealed, attempts, created_at, channel, expires_at";

    // Counting and asking are one statement, so that a hundred requests at once do not each find the share unused.
    private const string TakeShare = """
        INSERT INTO mail_quotas (tenant_id, recipient_hash, hour, sent) VALUES (@tenant, @recipient, @hour, 1)
        ON CONFLICT (tenant_id, recipient_hash, hour) DO UPDATE SET sent = mail_quotas.sent + 1 WHERE mail_quotas.tenant_id = @tenant AND mail_quotas.sent < @share
        """;
    private const string ReturnShare = """
        UPDATE mail_quotas SET sent = sent - 1 WHERE tenant_id = @tenant AND recipient_hash = @recipient AND hour = @hour AND sent > 0
        """;
    private const string Insert = """
        INSERT INTO mails (tenant_id, id, recipient_hash, template, locale, state, sealed, attempts, created_at, due_at, channel, expires_at)
        VALUES (@tenant, @id, @recipient, @template, @locale, 'queued', @sealed, 0, @now, @now, @channel, @expires)
        """;
    // Whoever moves the time first has the mail until then; a worker that dies gives it back by itself.
    private const string Claim = """
        UPDATE mails SET due_at = @lease, attempts = attempts + 1 WHERE tenant_id = @tenant AND id = @id AND state = 'queued' AND due_at <= @now
        """;
    private const string SelectOne = $"SELECT {Columns} FROM mails WHERE tenant_id = @tenant AND id = @id";
    private const string Finish = "UPDATE mails SET state = @state, sealed = NULL WHERE tenant_id = @tenant AND id = @id AND state = 'queued'";
    private const string FinishReadable = "UPDATE mails SET state = @state WHERE tenant_id = @tenant AND id = @id AND state = 'queued'";
    private const string Postpone = "UPDATE mails SET due_at = @due WHERE tenant_id = @tenant AND id = @id AND state = 'queued'";
    private const string SelectReadable = $"""
        SELECT {Columns} FROM mails WHERE tenant_id = @tenant AND sealed IS NOT NULL AND created_at > @since ORDER BY id DESC LIMIT @limit
        """;
    private const string SelectReadableTo = $"""
        SELECT {Columns} FROM mails WHERE tenant_id = @tenant AND recipient_hash = @recipient AND sealed IS NOT NULL AND created_at > @since
        ORDER BY id DESC LIMIT @limit
        """;

    // Across tenants, for the worker: what is due, oldest first. Reads the partial index only.
    private const string SelectDue = "SELECT tenant_id, id FROM mails WHERE state = 'queued' AND due_at <= @now ORDER BY due_at LIMIT @limit";
    // Across tenants, for pruning: whose mails have had their day.
    private const string TenantsWithOldMails = "SELECT DISTINCT tenant_id FROM mails WHERE state <> 'queued' AND created_at < @before LIMIT 200";
    private const string TenantsWithOldQuotas = "SELECT DISTINCT tenant_id FROM mail_quotas WHERE hour < @before LIMIT 200";
    private const string DeleteOld = """
        DELETE FROM mails WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM mails WHERE tenant_id = @tenant AND state <> 'queued' AND created_at < @before LIMIT 1000)
        """;
    private const string DeleteOldQuotas = """
        DELETE FROM mail_quotas WHERE tenant_id = @tenant AND (recipient_hash, hour) IN
          (SELECT recipient_hash, hour FROM mail_quotas WHERE tenant_id = @tenant AND hour < @before LIMIT 1000)
        """;

    internal static async ValueTask<bool> TryTakeShareAsync(TenantTransaction tx, byte[] recipient, long hour, int share, CancellationToken ct) =>
        await tx.ExecuteAsync(TakeShare, [("recipient", recipient), ("hour", hour), ("share", (long)share)], ct) == 1;

    /// <summary>Takes back a share that was taken for a message that is not sent after all.</summary>
    internal static async ValueTask ReturnShareAsync(TenantTransaction tx, byte[] recipient, long hour, CancellationToken ct) =>
        await tx.ExecuteAsync(ReturnShare, [("recipient", recipient), ("hour", hour)], ct);

    internal static async ValueTask InsertAsync(TenantTransaction tx, MailRow mail, byte[] recipient, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("id", mail.Id), ("recipient", recipient), ("template", mail.Template), ("locale", mail.Locale),
            ("sealed", mail.Sealed), ("now", mail.CreatedAt), ("channel", mail.Channel == Channel.Sms ? "sms" : "email"), ("expires", mail.ExpiresAt)], ct);

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, MailId id, DateTimeOffset now, DateTimeOffset lease, CancellationToken ct) =>
        await tx.ExecuteAsync(Claim, [("lease", lease), ("id", id), ("now", now)], ct) == 1;

    internal static ValueTask<MailRow?> FindAsync(TenantTransaction tx, MailId id, CancellationToken ct) => tx.FindAsync(SelectOne, [("id", id)], Read, ct);

    /// <param name="readable">Whether the body stays, for the development mailbox.</param>
    internal static async ValueTask<bool> TryFinishAsync(TenantTransaction tx, MailId id, string state, bool readable, CancellationToken ct) =>
        await tx.ExecuteAsync(readable ? FinishReadable : Finish, [("state", state), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryPostponeAsync(TenantTransaction tx, MailId id, DateTimeOffset due, CancellationToken ct) =>
        await tx.ExecuteAsync(Postpone, [("due", due), ("id", id)], ct) == 1;

    internal static ValueTask<List<MailRow>> ListReadableAsync(TenantTransaction tx, byte[]? recipient, DateTimeOffset since, int limit, CancellationToken ct) =>
        recipient is null
            ? tx.ListAsync(SelectReadable, [("since", since), ("limit", limit)], Read, ct)
            : tx.ListAsync(SelectReadableTo, [("recipient", recipient), ("since", since), ("limit", limit)], Read, ct);

    internal static ValueTask<List<(TenantId Tenant, MailId Mail)>> ListDueAsync(SystemTransaction tx, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectDue, [("now", now), ("limit", limit)], row => (row.Id<TenantId>(0), row.Id<MailId>(1)), ct);

    internal static ValueTask<List<TenantId>> ListTenantsWithOldMailsAsync(SystemTransaction tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ListAsync(TenantsWithOldMails, [("before", before)], row => row.Id<TenantId>(0), ct);

    internal static ValueTask<List<TenantId>> ListTenantsWithOldQuotasAsync(SystemTransaction tx, long before, CancellationToken ct) =>
        tx.ListAsync(TenantsWithOldQuotas, [("before", before)], row => row.Id<TenantId>(0), ct);

    internal static ValueTask<int> DeleteOldAsync(TenantTransaction tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync(DeleteOld, [("before", before)], ct);

    internal static ValueTask<int> DeleteOldQuotasAsync(TenantTransaction tx, long before, CancellationToken ct) =>
        tx.ExecuteAsync(DeleteOldQuotas, [("before", before)], ct);

    private static MailRow Read(SqlRow row) => new(row.Id<MailId>(0), row.Text(1), row.Text(2), row.Text(3), row.BytesOrNull(4), row.Int(5), row.Time(6),
        row.Text(7) == "sms" ? Channel.Sms : Channel.Email, row.TimeOrNull(8));
}
