using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>A name as a person writes it: NFC, trimmed, at most 200 characters; nothing that is invisible or reorders text. May be absent.</summary>
public readonly record struct PersonName(string? Value)
{
    public const int MaxLength = 200;

    /// <summary>What prefix search compares with.</summary>
    internal static string? KeyOf(string? name) => name is null ? null : PlainText.Fold(name);

    /// <returns>The name (absent for null or blank), or <c>name_invalid</c>.</returns>
    public static Result<PersonName, Problem> Parse(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return new PersonName(null);
        if (text.Length > 4 * MaxLength || !PlainText.IsWellFormed(text)) return Invalid(field);
        var name = text.Trim().Normalize(NormalizationForm.FormC);
        if (name.Length > MaxLength) return Invalid(field);
        foreach (var rune in name.EnumerateRunes()) if (PlainText.IsInvisibleInNames(rune)) return Invalid(field);
        return new PersonName(name);
    }

    private static Problem Invalid(string field) =>
        Problem.Invalid("name_invalid", $"A name has at most {MaxLength} characters and no invisible ones.", field);
}
