using System.Buffers;
using System.Text;

namespace Gatehouse.Http;

/// <summary>
/// <c>application/x-www-form-urlencoded</c>, strictly: a percent sign must begin an escape, the bytes must be UTF-8, and there is no NUL
/// (databases refuse it). A lenient reader would let two programs see two different values in one request.
/// </summary>
internal static class FormText
{
    /// <summary>More than any form of ours has; bounds the work of looking for duplicates.</summary>
    internal const int MaxFields = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>Null when the text is malformed or has too many fields.</returns>
    internal static FormValues? TryParse(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return FormValues.Empty;
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            List<KeyValuePair<string, string>> fields = [];
            foreach (var range in text.Split((byte)'&'))
            {
                var field = text[range];
                if (field.IsEmpty) continue;
                if (fields.Count == MaxFields) return null;
                var equals = field.IndexOf((byte)'=');
                var name = equals < 0 ? field : field[..equals];
                var value = equals < 0 ? default : field[(equals + 1)..];
                if (Decode(name, buffer) is not { } key || Decode(value, buffer) is not { } decoded) return null;
                fields.Add(new(key, decoded));
            }
            return new(fields);
        }
        finally
        {
            // Forms carry passwords and secrets.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static string? Decode(ReadOnlySpan<byte> text, byte[] buffer)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == '+') b = (byte)' ';
            else if (b == '%')
            {
                if (i + 2 >= text.Length) return null;
                var (high, low) = (HexDigit(text[i + 1]), HexDigit(text[i + 2]));
                if (high < 0 || low < 0) return null;
                b = (byte)(high << 4 | low);
                i += 2;
            }
            if (b == 0) return null;
            buffer[length++] = b;
        }
        try { return Strict.GetString(buffer, 0, length); }
        catch (DecoderFallbackException) { return null; }
    }

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
