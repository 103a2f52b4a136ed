using System.Buffers;
using System.Globalization;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// The PHC string format for Argon2id: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$tag</c>. One text per hash: parameters in that order,
/// integers without leading zeros, base64 of the standard alphabet without padding or stray bits. Keys and data fields are refused:
/// nothing we store or import has them, and a field we ignore is a field that changes the hash.
/// </summary>
public static class PhcString
{
    private const int MinSaltBytes = 8, MaxSaltBytes = 64;
    private const int MinTagBytes = 12, MaxTagBytes = 128; // 12 is the format's least: a shorter tag matches by chance too soon
    private const int MaxLength = 512;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    public static string Format(Argon2Parameters p, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> tag)
    {
        if (tag.Length != p.TagLength) throw new ArgumentException("The tag's length is a parameter of the hash.", nameof(tag));
        return string.Create(CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={p.MemoryKiB},t={p.Iterations},p={p.Parallelism}${Encode(salt)}${Encode(tag)}");
    }

    public static string Format(PhcHash hash) => Format(hash.Parameters, hash.Salt.Span, hash.Tag.Span);

    public static Result<PhcHash, PhcError> Parse(string text) => Parse(text, PhcLimits.Default);

    public static Result<PhcHash, PhcError> Parse(string text, PhcLimits limits)
    {
        if (text.Length > MaxLength) return new PhcError("too long");
        Span<Range> fields = stackalloc Range[7];
        var all = text.AsSpan();
        if (all.Split(fields, '$') != 6 || fields[0].End.Value != 0) return new PhcError("not five fields, each after a $");
        if (!all[fields[1]].SequenceEqual("argon2id")) return new PhcError("not argon2id");
        if (!all[fields[2]].SequenceEqual("v=19")) return new PhcError("not version 19");

        Span<Range> costs = stackalloc Range[4];
        var cost = all[fields[3]];
        if (cost.Split(costs, ',') != 3) return new PhcError("not the three parameters m, t and p");
        if (!TryParameter(cost[costs[0]], "m=", limits.MaxMemoryKiB, out var m)) return new PhcError("m is malformed or too large");
        if (!TryParameter(cost[costs[1]], "t=", limits.MaxIterations, out var t)) return new PhcError("t is malformed or too large");
        if (!TryParameter(cost[costs[2]], "p=", limits.MaxParallelism, out var p)) return new PhcError("p is malformed or too large");

        if (Decode(all[fields[4]], MinSaltBytes, MaxSaltBytes) is not { } salt) return new PhcError("the salt is not base64 of 8 to 64 bytes");
        if (Decode(all[fields[5]], MinTagBytes, MaxTagBytes) is not { } tag) return new PhcError("the tag is not base64 of 12 to 128 bytes");
        if (!Argon2Parameters.AreValid(m, t, p, tag.Length)) return new PhcError("m is less than 8 KiB per lane");
        return new PhcHash(new Argon2Parameters(m, t, p, tag.Length), salt, tag);
    }

    private static bool TryParameter(ReadOnlySpan<char> text, string name, int most, out int value)
    {
        value = 0;
        if (!text.StartsWith(name, StringComparison.Ordinal)) return false;
        var digits = text[name.Length..];
        return digits is [>= '1' and <= '9', ..]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= most;
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Decode(ReadOnlySpan<char> text, int least, int most)
    {
        if (text.Length > ((most * 4) + 2) / 3 || text.Length % 4 == 1 || text.ContainsAnyExcept(Base64)) return null;
        var bytes = Convert.FromBase64String(string.Concat(text, "==".AsSpan(0, (4 - (text.Length % 4)) % 4)));
        // The last character may carry bits of no byte; a second text for the same hash is refused.
        return bytes.Length >= least && bytes.Length <= most && text.SequenceEqual(Encode(bytes)) ? bytes : null;
    }
}
