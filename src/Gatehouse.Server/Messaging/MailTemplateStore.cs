using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>The only SQL over <c>mail_templates</c>.</summary>
internal static class MailTemplateStore
{
    private const string Select = """
        SELECT subject, body_text, body_html, updated_at FROM mail_templates WHERE tenant_id = @tenant AND name = @name AND locale = @locale
        """;

    // Three statements and no upsert: each changes a row only as the caller has seen it, absent or of that moment.
    private const string Insert = """
        INSERT INTO mail_templates (tenant_id, name, locale, subject, body_text, body_html, updated_at)
        VALUES (@tenant, @name, @locale, @subject, @text, @html, @now) ON CONFLICT DO NOTHING
        """;
    private const string Update = """
        UPDATE mail_templates SET subject = @subject, body_text = @text, body_html = @html, updated_at = @now
        WHERE tenant_id = @tenant AND name = @name AND locale = @locale AND updated_at = @seen
        """;
    private const string Remove = """
        DELETE FROM mail_templates WHERE tenant_id = @tenant AND name = @name AND locale = @locale AND updated_at = @seen
        """;

    internal static ValueTask<StoredTemplate?> FindAsync(TenantTransaction tx, string name, string locale, CancellationToken ct) =>
        tx.FindAsync(Select, [("name", name), ("locale", locale)], row => new StoredTemplate(new(row.Text(0), row.Text(1), row.Text(2)), row.Time(3)), ct);

    /// <param name="seen">What is replaced; null: the shipped words.</param>
    /// <returns>What is stored now; null when somebody changed it meanwhile.</returns>
    internal static async ValueTask<StoredTemplate?> TrySaveAsync(TenantTransaction tx, string name, string locale, MailTemplate template, StoredTemplate? seen, DateTimeOffset now, CancellationToken ct)
    {
        // Its time is its version, so it only rises, whatever the clock says.
        if (seen is not null && now <= seen.ChangedAt) now = seen.ChangedAt.AddMicroseconds(1);
        (string, object?)[] values = [("name", name), ("locale", locale), ("subject", template.Subject), ("text", template.Text), ("html", template.Html), ("now", now)];
        var written = seen is null ? await tx.ExecuteAsync(Insert, values, ct) : await tx.ExecuteAsync(Update, [.. values, ("seen", seen.ChangedAt)], ct);
        return written == 1 ? new StoredTemplate(template, now) : null;
    }

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, string name, string locale, StoredTemplate seen, CancellationToken ct) =>
        await tx.ExecuteAsync(Remove, [("name", name), ("locale", locale), ("seen", seen.ChangedAt)], ct) == 1;
}

/// <summary>A tenant's own words and since when they are that.</summary>
internal sealed record StoredTemplate(MailTemplate Template, DateTimeOffset ChangedAt)
{
    /// <summary>The entity tag's number; the shipped words are 0. A time and not a count: after words were taken back, a count would begin anew.</summary>
    internal static long VersionOf(StoredTemplate? stored) => stored is null ? 0 : (stored.ChangedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
