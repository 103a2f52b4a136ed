using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Credentials;

/// <summary>
/// What a tenant asks of a password: length, not a common one, and classes of characters only where the tenant insists
/// (NIST SP 800-63B-4 §3.1.1.2).
/// </summary>
/// <remarks>
/// Common, ignoring case, is: a listed password; a listed or context word (the product's, the tenant's, the address's) with digits and
/// punctuation around it; a repeated piece of at most four characters, or of a listed word; a run of neighbouring characters.
/// </remarks>
internal sealed class PasswordPolicy(CommonPasswords common)
{
    private const int ShortestWord = 4;

    /// <returns>Null when the tenant accepts it.</returns>
    internal Problem? Check(TenantContext tenant, string password, string? email)
    {
        var rules = tenant.Settings.Passwords;
        if (password.Length > PasswordText.MaxUtf16) return TooLong(rules);
        if (PasswordText.Normalize(password) is not { } text)
            return Problem.Invalid("password_invalid", "That password contains something that is not text.", "password");
        var length = PasswordText.Length(text);
        if (length < rules.MinLength)
            return Problem.Invalid("password_too_short", $"A password has at least {rules.MinLength} characters. A few words in a row are easy to remember.", "password");
        if (length > rules.MaxLength) return TooLong(rules);
        if (rules.RefuseCommon && IsCommon(text.ToLowerInvariant(), tenant, email))
            return Problem.Invalid("password_common", "That password is among the first that an attacker tries. Choose another.", "password");
        if (Classes(text) < rules.RequiredClasses)
            return Problem.Invalid("password_too_simple", $"A password needs {rules.RequiredClasses} of: lower case, upper case, digits, other characters.", "password");
        return null;
    }

    private static Problem TooLong(PasswordSettings rules) =>
        Problem.Invalid("password_too_long", $"A password has at most {rules.MaxLength} characters.", "password");

    private bool IsCommon(string text, TenantContext tenant, string? email)
    {
        if (common.Contains(text) || IsRun(text)) return true;
        var core = Core(text);
        if (core.Length >= ShortestWord && common.Contains(core)) return true;
        if (Repeated(text) is { } piece && (piece.Length <= ShortestWord || common.Contains(piece) || common.Contains(Core(piece)))) return true;

        foreach (var word in ContextWords(tenant, email))
        {
            if (word.Length < ShortestWord || !text.Contains(word, StringComparison.Ordinal)) continue;
            if (Core(text.Replace(word, "", StringComparison.Ordinal)).Length < ShortestWord) return true;
        }
        return false;
    }

    private static IEnumerable<string> ContextWords(TenantContext tenant, string? email)
    {
        yield return "gatehouse";
        yield return tenant.Slug;
        yield return tenant.DisplayName.ToLowerInvariant();
        yield return tenant.DisplayName.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (email is null) yield break;
        var at = email.LastIndexOf('@');
        yield return email.ToLowerInvariant();
        if (at > 0) yield return email[..at].ToLowerInvariant();
        if (at > 0) yield return email[(at + 1)..].ToLowerInvariant();
    }

    /// <summary>Without the digits, spaces and punctuation around it.</summary>
    private static string Core(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && !char.IsLetter(text[start])) start++;
        while (end > start && !char.IsLetter(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary>The shortest piece of which the text is a whole number of copies; null when it is none.</summary>
    private static string? Repeated(string text)
    {
        // A text is periodic exactly where it occurs again inside itself doubled.
        var period = string.Concat(text, text).IndexOf(text, 1, StringComparison.Ordinal);
        return period < text.Length ? text[..period] : null;
    }

    /// <summary>Every character is the one before, the next or the previous of it: 12345678, hgfedcba.</summary>
    private static bool IsRun(string text)
    {
        var (up, down) = (true, true);
        for (var i = 1; i < text.Length; i++)
        {
            // 9 is followed by 0 on every keyboard.
            up &= text[i] == text[i - 1] + 1 || (text[i - 1] == '9' && text[i] == '0');
            down &= text[i] == text[i - 1] - 1 || (text[i - 1] == '0' && text[i] == '9');
        }
        return up || down;
    }

    private static int Classes(string text)
    {
        var (lower, upper, digit, other) = (0, 0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (System.Text.Rune.IsLower(rune)) lower = 1;
            else if (System.Text.Rune.IsUpper(rune)) upper = 1;
            else if (System.Text.Rune.IsDigit(rune)) digit = 1;
            else other = 1;
        }
        return lower + upper + digit + other;
    }
}
