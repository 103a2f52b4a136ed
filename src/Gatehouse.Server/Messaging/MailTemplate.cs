using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Gatehouse.Kernel;

namespace Gatehouse.Messaging;

/// <summary>The three parts of a message, with <c>{{placeholders}}</c>. The HTML is what stands inside the common frame.</summary>
internal sealed record MailTemplate(string Subject, string Text, string Html)
{
    internal const int MaxSubject = 200, MaxText = 20_000, MaxHtml = 40_000;

    private static readonly HtmlEncoder Html5 = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>
    /// Puts the values in, each escaped for its part. Values are not read again, so one that looks like a placeholder stays what it is,
    /// and no value can begin a line of its own: neither a header nor a sentence.
    /// </summary>
    internal MailTemplate Render(IReadOnlyDictionary<string, string> values) => new(
        OneLine(Fill(Subject, values, OneLine)), Fill(Text, values, OneLine), Fill(Html, values, value => Html5.Encode(OneLine(value))));

    /// <summary>Whether a template may be stored: sizes, known placeholders, and those without which the message has no purpose.</summary>
    internal Problem? Check(MailKind kind)
    {
        if (Subject.Length is 0 or > MaxSubject || Subject.Any(char.IsControl))
            return Problem.Invalid("template_invalid", $"A subject is one line of 1 to {MaxSubject} characters.", "subject");
        if (Text.Length is 0 or > MaxText) return Problem.Invalid("template_invalid", $"The text has 1 to {MaxText} characters.", "text");
        if (Html.Length is 0 or > MaxHtml) return Problem.Invalid("template_invalid", $"The HTML has 1 to {MaxHtml} characters.", "html");
        foreach (var (part, field) in new[] { (Subject, "subject"), (Text, "text"), (Html, "html") })
        {
            if (part.Contains('\0', StringComparison.Ordinal)) return Problem.Invalid("template_invalid", "The character U+0000 cannot be sent.", field);
            foreach (var name in Names(part))
                if (!kind.Placeholders.Contains(name))
                    return Problem.Invalid("placeholder_unknown", $"This template knows {string.Join(", ", kind.Placeholders.Select(p => "{{" + p + "}}"))}.", field);
        }
        foreach (var (part, field) in new[] { (Text, "text"), (Html, "html") })
            if (!Names(part).Contains(MailKinds.Link))
                return Problem.Invalid("placeholder_missing", "This part needs {{link}}: without it the message leads nowhere.", field);
        return null;
    }

    /// <summary>What stands between double braces; an opening pair without an end counts as the unknown name it begins.</summary>
    private static IEnumerable<string> Names(string part)
    {
        for (var at = part.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = part.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var end = part.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0)
            {
                yield return part[(at + 2)..Math.Min(part.Length, at + 32)];
                yield break;
            }
            yield return part[(at + 2)..end];
            at = end + 2;
        }
    }

    private static string Fill(string part, IReadOnlyDictionary<string, string> values, Func<string, string> escape)
    {
        var filled = new StringBuilder(part.Length + 256);
        var done = 0;
        for (var at = part.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = part.IndexOf("{{", done, StringComparison.Ordinal))
        {
            var end = part.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0) break;
            filled.Append(part, done, at - done).Append(escape(values[part[(at + 2)..end]]));
            done = end + 2;
        }
        return filled.Append(part, done, part.Length - done).ToString();
    }

    private static string OneLine(string value) => value.Any(Breaks) ? new string([.. value.Select(c => Breaks(c) ? ' ' : c)]) : value;

    private static bool Breaks(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
