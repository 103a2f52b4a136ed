using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Messaging;

/// <summary>What a path <c>/mail-templates/{name}/{locale}</c> names.</summary>
internal static class MailTemplateRoute
{
    /// <summary>A template as the management API shows it.</summary>
    /// <param name="Customized">False: these are the words in use where there are none of one's own: the tenant's for an organization, else the shipped ones.</param>
    /// <param name="Placeholders">What the parts may name in double braces.</param>
    internal sealed record View(string Name, string Locale, bool Customized, string Subject, string Text, string Html, IReadOnlyList<string> Placeholders);

    internal static Result<MailKind, Problem> Find(string name, string locale) =>
        MailKinds.Find(name) is { } kind && MailKinds.Locales.Contains(locale)
            ? kind
            : Problem.NotFound("mail_template_not_found",
                $"There is a template for each of {string.Join(", ", MailKinds.All.Select(k => k.Name))} in {string.Join(", ", MailKinds.Locales)}.");

    /// <summary>The organization's words, or else the tenant's, or else the shipped ones.</summary>
    internal static async ValueTask<MailTemplate> InUseAsync(TenantTransaction tx, MailKind kind, string locale, OrganizationId? organization, CancellationToken ct)
    {
        if (organization is not null && await MailTemplateStore.FindAsync(tx, organization, kind.Name, locale, ct) is { } theirs) return theirs.Template;
        return (await MailTemplateStore.FindAsync(tx, null, kind.Name, locale, ct))?.Template ?? MailKinds.Shipped(kind.Name, locale);
    }

    /// <param name="own">The words of whom the route is about; null: others are in use.</param>
    internal static View Show(HttpContext http, MailKind kind, string locale, StoredTemplate? own, MailTemplate template)
    {
        ETags.Set(http, StoredTemplate.VersionOf(own));
        return new(kind.Name, locale, own is not null, template.Subject, template.Text, template.Html, kind.Placeholders);
    }
}
