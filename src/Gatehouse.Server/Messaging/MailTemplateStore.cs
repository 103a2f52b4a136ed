using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>The only SQL over <c>mail_templates</c>.</summary>
internal static class MailTemplateStore
{
    private const string Select = """
        SELECT subject, body_text, body_html FROM mail_templates WHERE tenant_id = @tenant AND name = @name AND locale = @locale
        """;
    private const string Upsert = """
        INSERT INTO mail_templates (tenant_id, name, locale, subject, body_text, body_html, updated_at)
        VALUES (@tenant, @name, @locale, @subject, @text, @html, @now)
        ON CONFLICT (tenant_id, name, locale) DO UPDATE SET subject = excluded.subject, body_text = excluded.body_text,
          body_html = excluded.body_html, updated_at = excluded.updated_at
        """;
    private const string Remove = "DELETE FROM mail_templates WHERE tenant_id = @tenant AND name = @name AND locale = @locale";

    internal static ValueTask<MailTemplate?> FindAsync(TenantTransaction tx, string name, string locale, CancellationToken ct) =>
        tx.FindAsync(Select, [("name", name), ("locale", locale)], row => new MailTemplate(row.Text(0), row.Text(1), row.Text(2)), ct);

    internal static async ValueTask SaveAsync(TenantTransaction tx, string name, string locale, MailTemplate template, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Upsert, [("name", name), ("locale", locale), ("subject", template.Subject), ("text", template.Text), ("html", template.Html), ("now", now)], ct);

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, string name, string locale, CancellationToken ct) =>
        await tx.ExecuteAsync(Remove, [("name", name), ("locale", locale)], ct) == 1;
}
