namespace Gatehouse.Protocols.Otp;

/// <summary>A key as people and applications pass it on: base32 of RFC 4648 §6, upper case, without padding.</summary>
public static class KeyText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(ReadOnlySpan<byte> key)
    {
        var text = new char[((key.Length * 8) + 4) / 5];
        var (bits, held, at) = (0u, 0, 0);
        foreach (var value in key)
        {
            bits = (bits << 8) | value;
            for (held += 8; held >= 5; held -= 5) text[at++] = Alphabet[(int)((bits >> (held - 5)) & 31)];
        }
        if (held > 0) text[at] = Alphabet[(int)((bits << (5 - held)) & 31)];
        return new string(text);
    }

    /// <summary>In groups of four: for reading and typing.</summary>
    public static string Grouped(string text) => string.Join(' ', text.Chunk(4).Select(group => new string(group)));

    /// <summary>Reads what <see cref="Encode"/> or <see cref="Grouped"/> wrote, in either case; null for anything else.</summary>
    public static byte[]? Decode(string text)
    {
        var key = new List<byte>(text.Length * 5 / 8);
        var (bits, held) = (0u, 0);
        foreach (var character in text)
        {
            if (character == ' ') continue;
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0) return null;
            bits = (bits << 5) | (uint)digit;
            held += 5;
            if (held < 8) continue;
            held -= 8;
            key.Add((byte)(bits >> held));
        }
        // What is left over is filling: less than a character of it, and zero.
        return held < 5 && (bits & ((1u << held) - 1)) == 0 ? [.. key] : null;
    }
}
