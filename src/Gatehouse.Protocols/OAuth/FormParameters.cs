using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.OAuth;

/// <summary>
/// Parameters of a query or of an <c>application/x-www-form-urlencoded</c> body, read as RFC 6749 appendix B and §3.1 want it: strict
/// percent-encoding, valid UTF-8, an empty value is an absent one, and what is named twice is remembered so that it can be refused.
/// </summary>
public sealed class FormParameters
{
    /// <summary>Bounds the linear look-ups; no request of any OAuth specification comes near.</summary>
    public const int MaxParameters = 100;

    // The names every request uses are not allocated again for each of them.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> commonNames = FrozenSet.Create(StringComparer.Ordinal,
        "grant_type", "scope", "resource", "client_id", "client_secret", "client_assertion", "client_assertion_type", "code", "code_verifier", "redirect_uri", "refresh_token", "token",
        "token_type_hint", "response_type", "response_mode", "state", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age",
        "id_token_hint", "login_hint", "ui_locales", "acr_values", "interaction", "csrf").GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<KeyValuePair<string, string>> items = [];

    private FormParameters()
    {
    }

    /// <summary>No parameter at all.</summary>
    public static FormParameters Empty { get; } = new();

    /// <summary>Parameters that came in another form, such as JSON; empty values are absent ones here too.</summary>
    public static FormParameters Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        var parameters = new FormParameters();
        parameters.items.AddRange(values.Where(v => v.Value.Length > 0).Take(MaxParameters));
        return parameters;
    }

    /// <summary>Reads a body.</summary>
    /// <returns>The parameters, or what is wrong with the encoding, in words for a developer.</returns>
    public static Result<FormParameters, string> Parse(ReadOnlySpan<byte> body)
    {
        var parameters = new FormParameters();
        var rest = body;
        var count = 0;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'&');
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (pair.IsEmpty) continue;
            if (++count > MaxParameters) return $"There are more than {MaxParameters} parameters.";
            var equals = pair.IndexOf((byte)'=');
            var value = equals < 0 ? default : pair[(equals + 1)..];
            if (!TryReadName(equals < 0 ? pair : pair[..equals], out var name)) return "A parameter's name is not valid form encoding of UTF-8.";
            if (value.IsEmpty) continue;
            if (!FormDecoder.TryDecode(value, out var text)) return $"The value of {Shown(name)} is not valid form encoding of UTF-8.";
            parameters.items.Add(new(name, text));
        }
        return parameters;
    }

    /// <summary>Reads a query, with or without its question mark.</summary>
    public static Result<FormParameters, string> ParseQuery(string? query)
    {
        if (string.IsNullOrEmpty(query) || query == "?") return Empty;
        var rented = ArrayPool<byte>.Shared.Rent(query.Length);
        try
        {
            // A query is ASCII (RFC 3986 §3.4); anything else was never percent-encoded.
            return Ascii.FromUtf16(query.AsSpan(query[0] == '?' ? 1 : 0), rented, out var length) == OperationStatus.Done
                ? Parse(rented.AsSpan(0, length))
                : "The query has characters that are not percent-encoded.";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The parameter's value; null when it is absent or empty. Of one that was repeated, the first.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in items)
                if (string.Equals(key, name, StringComparison.Ordinal)) return value;
            return null;
        }
    }

    /// <summary>Every value of a parameter that may be repeated, in order.</summary>
    public IReadOnlyList<string> All(string name)
    {
        List<string>? all = null;
        foreach (var (key, value) in items)
            if (string.Equals(key, name, StringComparison.Ordinal)) (all ??= []).Add(value);
        return all ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Whether a parameter occurs more than once.</summary>
    public bool IsRepeated(string name)
    {
        var seen = 0;
        foreach (var (key, _) in items)
            if (string.Equals(key, name, StringComparison.Ordinal)) seen++;
        return seen > 1;
    }

    /// <summary>RFC 6749 §3.1: the first parameter that occurs more than once, but for the one that may (RFC 8707's <c>resource</c>).</summary>
    public string? FindRepeated(string allowed = "resource")
    {
        for (var i = 1; i < items.Count; i++)
        {
            var name = items[i].Key;
            if (string.Equals(name, allowed, StringComparison.Ordinal)) continue;
            for (var j = 0; j < i; j++)
                if (string.Equals(items[j].Key, name, StringComparison.Ordinal)) return Shown(name);
        }
        return null;
    }

    private static bool TryReadName(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out string? name)
    {
        Span<char> chars = stackalloc char[32];
        if (encoded.Length <= chars.Length && Ascii.ToUtf16(encoded, chars, out var length) == OperationStatus.Done
            && commonNames.TryGetValue(chars[..length], out name)) return true;
        return FormDecoder.TryDecode(encoded, out name);
    }

    // A name comes from outside and goes into an error description: RFC 6749 §5.2 allows few characters there.
    private static string Shown(string name) => name.Length <= 40 && name.AsSpan().IndexOfAnyExcept(FormDecoder.PlainName) < 0 ? name : "a parameter";
}

/// <summary>RFC 6749 appendix B: form encoding of UTF-8, strictly.</summary>
internal static class FormDecoder
{
    internal static readonly SearchValues<char> PlainName = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    /// <summary>False for a broken escape, for bytes that are not UTF-8, and for NUL, which no database keeps in a text.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (encoded.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            if (!Utf8.IsValid(encoded) || encoded.Contains((byte)0)) return false;
            text = Encoding.UTF8.GetString(encoded);
            return true;
        }
        var rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            if (!TryUnescape(encoded, rented, out var length)) return false;
            var bytes = rented.AsSpan(0, length);
            if (!Utf8.IsValid(bytes) || bytes.Contains((byte)0)) return false;
            text = Encoding.UTF8.GetString(bytes);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);   // it may have held a secret
        }
    }

    private static bool TryUnescape(ReadOnlySpan<byte> encoded, Span<byte> destination, out int length)
    {
        length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var b = encoded[i];
            if (b == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2])) return false;
                b = (byte)(HexValue(encoded[i + 1]) << 4 | HexValue(encoded[i + 2]));
                i += 2;
            }
            else if (b == '+') b = (byte)' ';
            destination[length++] = b;
        }
        return true;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
