using System.Text.RegularExpressions;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>A well-formed BCP 47 language tag, or none. Whether we speak the language is the pages' question.</summary>
internal readonly partial record struct LocaleTag(string? Value)
{
    /// <returns>The tag (absent for null or empty), or <c>locale_invalid</c>.</returns>
    internal static Result<LocaleTag, Problem> Parse(string? text) =>
        string.IsNullOrEmpty(text) ? new LocaleTag(null)
        : text.Length <= 35 && Shape().IsMatch(text) ? new LocaleTag(text)
        : Problem.Invalid("locale_invalid", "A locale is a BCP 47 language tag such as en or pt-BR.", "locale");

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
