using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Messaging;

/// <summary>What a path <c>/mail-templates/{name}/{locale}</c> names.</summary>
internal static class MailTemplateRoute
{
    /// <summary>A template as the management API shows it.</summary>
    /// <param name="Customized">False: these are the shipped words.</param>
    /// <param name="Placeholders">What the parts may name in double braces.</param>
    internal sealed record View(string Name, string Locale, bool Customized, string Subject, string Text, string Html, IReadOnlyList<string> Placeholders);

    internal static Result<MailKind, Problem> Find(string name, string locale) =>
        MailKinds.Find(name) is { } kind && MailKinds.Locales.Contains(locale)
            ? kind
            : Problem.NotFound("mail_template_not_found",
                $"There is a template for each of {string.Join(", ", MailKinds.All.Select(k => k.Name))} in {string.Join(", ", MailKinds.Locales)}.");

    /// <param name="own">The tenant's words; null: the shipped ones are in use.</param>
    internal static View Show(HttpContext http, MailKind kind, string locale, StoredTemplate? own)
    {
        ETags.Set(http, StoredTemplate.VersionOf(own));
        var template = own?.Template ?? MailKinds.Shipped(kind.Name, locale);
        return new(kind.Name, locale, own is not null, template.Subject, template.Text, template.Html, kind.Placeholders);
    }
}
