namespace Gatehouse.Protocols.E164;

/// <summary>
/// A telephone number that has been read: ITU-T E.164, a plus and at most fifteen digits, of a country, with as many digits as that
/// country's numbers have. Whether somebody answers there is another matter.
/// </summary>
public readonly record struct PhoneNumber
{
    private const int MaxTyped = 64, MaxDigits = 15;

    private PhoneNumber(string value, NumberingPlan.Code code, string country) => (Value, Country, codeLength) = (value, country, code.Digits.Length);

    private readonly int codeLength;

    /// <summary><c>+491701234567</c>: how it is stored, compared and sent to.</summary>
    public string Value { get; }

    /// <summary>ISO 3166-1 alpha-2, for example <c>DE</c>. Of codes that are shared, as far as the leading digits tell.</summary>
    public string Country { get; }

    /// <summary>
    /// Reads a number as people write it: with spaces, hyphens, dots and brackets, in European, Persian or Arabic digits, with
    /// <c>+</c> or <c>00</c> before the country, with or without the zero that is dialled at home.
    /// </summary>
    /// <param name="home">ISO 3166-1 alpha-2 of the country whose numbers may be written without it; empty: none.</param>
    /// <returns>Null when it can be no number.</returns>
    public static PhoneNumber? Parse(string? typed, string home = "")
    {
        if (Digits(typed) is not var (international, digits)) return null;
        if (!international)
        {
            if (digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
            else if (!NumberingPlan.Current.Countries.TryGetValue(home, out var at)) return null;
            // Where a zero is dialled first at home, a number without one is one of the neighbourhood: not ours to guess.
            else if (at.DropsZero && !at.KeepsZero && !digits.StartsWith('0')) return null;
            else digits = at.Digits + digits;
        }
        if (NumberingPlan.Current.Find(digits) is not { } code) return null;
        var national = digits[code.Digits.Length..];
        if (national.StartsWith('0') && !code.KeepsZero)
        {
            if (!code.DropsZero) return null;
            national = national[1..];
            if (national.StartsWith('0')) return null;
        }
        if (!code.Lengths.Contains(national.Length) || code.Digits.Length + national.Length > MaxDigits) return null;
        // North America: neither area nor exchange begins with 0 or 1.
        if (code.Digits == "1" && (national[0] < '2' || national[3] < '2')) return null;
        return new("+" + code.Digits + national, code, CountryOf(code, national));
    }

    /// <summary>
    /// A number of that country (ISO 3166-1 alpha-2) like any other, always the same for a seed of at least 16 bytes: for messages that are written to nobody
    /// and never sent. Somebody may have it.
    /// </summary>
    /// <returns>Null for unknown countries, and where none of a few tries is one.</returns>
    public static PhoneNumber? StandIn(string country, ReadOnlySpan<byte> seed)
    {
        if (!NumberingPlan.Current.Countries.TryGetValue(country, out var code)) return null;
        Span<char> national = stackalloc char[Math.Min(code.Lengths.Max(), MaxDigits - code.Digits.Length)];
        for (var attempt = 0; attempt < 16; attempt++)
        {
            for (var i = 0; i < national.Length; i++) national[i] = (char)('2' + (seed[(i + attempt) % seed.Length] % 8));
            if (Parse($"+{code.Digits}{national}") is { } number && number.Country == country) return number;
        }
        return null;
    }

    /// <summary>Whether numbers of this country (ISO 3166-1 alpha-2) are known.</summary>
    public static bool IsCountry(string? country) => country is not null && NumberingPlan.Current.Countries.ContainsKey(country);

    /// <summary>Calling code and the first digits after it: numbers that are given out together.</summary>
    public string Block(int digits) => Value[..Math.Min(Value.Length, 1 + codeLength + digits)];

    /// <summary>For showing to whoever may be somebody else: the country and the last two digits, <c>+49 ••• 67</c>.</summary>
    public string Masked => $"{Value[..(1 + codeLength)]} \u2022\u2022\u2022 {Value[^2..]}";

    public override string ToString() => Value ?? "";

    private static string CountryOf(NumberingPlan.Code code, string national)
    {
        foreach (var (prefix, country) in code.Shared)
            if (national.StartsWith(prefix, StringComparison.Ordinal)) return country;
        return code.Country;
    }

    private static (bool International, string Digits)? Digits(string? typed)
    {
        if (typed is null or { Length: > MaxTyped }) return null;
        Span<char> digits = stackalloc char[MaxTyped];
        var (count, plus) = (0, false);
        foreach (var c in typed)
        {
            switch (c)
            {
                case >= '0' and <= '9': digits[count++] = c; break;
                case >= '\u06F0' and <= '\u06F9': digits[count++] = (char)('0' + (c - '\u06F0')); break;
                case >= '\u0660' and <= '\u0669': digits[count++] = (char)('0' + (c - '\u0660')); break;
                case '+' or '\uFF0B' when count == 0 && !plus: plus = true; break;
                case '-' or '.' or '/' or '(' or ')' or '\u00A0' or '\u202F' or '\u200C' or '\u200E' or '\u200F' or ' ' or '\t': break;
                case >= '\u2000' and <= '\u200A' or >= '\u2010' and <= '\u2015' or >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069': break;
                default: return null;
            }
        }
        return count == 0 ? null : (plus, new string(digits[..count]));
    }
}
