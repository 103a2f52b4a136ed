using Gatehouse.Kernel;

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

    internal static View Show(MailKind kind, string locale, MailTemplate template, bool customized) =>
        new(kind.Name, locale, customized, template.Subject, template.Text, template.Html, kind.Placeholders);
}
