namespace Gatehouse.Credentials;

/// <summary>Codes as people type them: with spaces and hyphens, in the digits of their keyboard.</summary>
internal static class CodeText
{
    /// <summary>Longest text that is looked at: a code with as much decoration as anybody would type.</summary>
    private const int MaxLength = 64;

    /// <summary>Lower case, without spaces and hyphens, with Persian and Arabic digits as ASCII's. Empty when it is too long to be a code.</summary>
    internal static string Plain(string typed) => typed.Length > MaxLength ? "" : string.Create(typed.Count(Counts), typed, static (plain, text) =>
    {
        var at = 0;
        foreach (var c in text)
            if (Counts(c)) plain[at++] = c switch
            {
                >= '\u06F0' and <= '\u06F9' => (char)('0' + (c - '\u06F0')),
                >= '\u0660' and <= '\u0669' => (char)('0' + (c - '\u0660')),
                _ => char.ToLowerInvariant(c),
            };
    });

    private static bool Counts(char c) => c is not ('-' or '\u200c' or '\u200e' or '\u200f') && !char.IsWhiteSpace(c);
}
