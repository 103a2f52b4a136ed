using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>The only SQL over <c>mail_templates</c> and <c>organization_mail_templates</c>.</summary>
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

    private const string SelectOwned = """
        SELECT subject, body_text, body_html, updated_at FROM organization_mail_templates
        WHERE tenant_id = @tenant AND organization_id = @organization AND name = @name AND locale = @locale
        """;
    private const string InsertOwned = """
        INSERT INTO organization_mail_templates (tenant_id, organization_id, name, locale, subject, body_text, body_html, updated_at)
        VALUES (@tenant, @organization, @name, @locale, @subject, @text, @html, @now) ON CONFLICT DO NOTHING
        """;
    private const string UpdateOwned = """
        UPDATE organization_mail_templates SET subject = @subject, body_text = @text, body_html = @html, updated_at = @now
        WHERE tenant_id = @tenant AND organization_id = @organization AND name = @name AND locale = @locale AND updated_at = @seen
        """;
    private const string RemoveOwned = """
        DELETE FROM organization_mail_templates
        WHERE tenant_id = @tenant AND organization_id = @organization AND name = @name AND locale = @locale AND updated_at = @seen
        """;

    /// <param name="organization">Whose words; null: the tenant's.</param>
    internal static ValueTask<StoredTemplate?> FindAsync(TenantTransaction tx, OrganizationId? organization, string name, string locale, CancellationToken ct) =>
        organization is { } owner ? tx.FindAsync(SelectOwned, [("organization", owner), ("name", name), ("locale", locale)], Read, ct) : tx.FindAsync(Select, [("name", name), ("locale", locale)], Read, ct);

    /// <param name="seen">What is replaced; null: there is none of their own.</param>
    /// <returns>What is stored now; null when somebody changed it meanwhile.</returns>
    internal static async ValueTask<StoredTemplate?> TrySaveAsync(TenantTransaction tx, OrganizationId? organization, string name, string locale, MailTemplate template, StoredTemplate? seen, DateTimeOffset now, CancellationToken ct)
    {
        // Its time is its version, so it only rises, whatever the clock says.
        if (seen is not null && now <= seen.ChangedAt) now = seen.ChangedAt.AddMicroseconds(1);
        List<(string, object?)> values = [("name", name), ("locale", locale), ("subject", template.Subject), ("text", template.Text), ("html", template.Html), ("now", now)];
        if (organization is { } owner) values.Add(("organization", owner));
        if (seen is not null) values.Add(("seen", seen.ChangedAt));
        var written = seen is null
            ? await tx.ExecuteAsync(organization is null ? Insert : InsertOwned, [.. values], ct)
            : await tx.ExecuteAsync(organization is null ? Update : UpdateOwned, [.. values], ct);
        return written == 1 ? new StoredTemplate(template, now) : null;
    }

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, OrganizationId? organization, string name, string locale, StoredTemplate seen, CancellationToken ct) =>
        organization is { } owner
            ? await tx.ExecuteAsync(RemoveOwned, [("organization", owner), ("name", name), ("locale", locale), ("seen", seen.ChangedAt)], ct) == 1
            : await tx.ExecuteAsync(Remove, [("name", name), ("locale", locale), ("seen", seen.ChangedAt)], ct) == 1;

    private static StoredTemplate Read(SqlRow row) => new(new(row.Text(0), row.Text(1), row.Text(2)), row.Time(3));
}

/// <summary>A tenant's own words and since when they are that.</summary>
internal sealed record StoredTemplate(MailTemplate Template, DateTimeOffset ChangedAt)
{
    /// <summary>The entity tag's number; the shipped words are 0. A time and not a count: after words were taken back, a count would begin anew.</summary>
    internal static long VersionOf(StoredTemplate? stored) => stored is null ? 0 : (stored.ChangedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
