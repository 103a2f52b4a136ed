using System.Buffers.Binary;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Protocols.Dns;

/// <summary>What a name server said to a question for TXT records.</summary>
/// <param name="Truncated">It did not fit: to be asked again over TCP (RFC 1035 §4.2.1, RFC 2181 §9).</param>
/// <param name="Texts">One for each record, its strings joined; none where there is no such name or record.</param>
public sealed record DnsTexts(bool Truncated, IReadOnlyList<string> Texts);

/// <summary>
/// Questions for TXT records and their answers: RFC 1035 §4, with EDNS(0) (RFC 6891) for longer datagrams. Reads what strangers send: every length and pointer is
/// checked, pointers only lead backwards, and an answer that does not repeat the question is none (RFC 5452 §9.1).
/// </summary>
public static class DnsText
{
    public const int MaxName = 255, MaxDatagram = 1232;

    private const ushort Txt = 16, Cname = 5, Internet = 1, Opt = 41;
    private const int HeaderLength = 12, MaxRecords = 200, MaxLinks = 10;

    /// <param name="name">In ASCII (A-labels), without the last point.</param>
    /// <param name="id">Random, new for each question.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static byte[] Ask(string name, ushort id)
    {
        var encoded = Encode(name);
        var message = new byte[HeaderLength + encoded.Length + 4 + 11];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        message[2] = 0x01;                                      // RD: a resolver is asked
        message[5] = 1;                                         // one question
        message[11] = 1;                                        // one additional: OPT
        encoded.CopyTo(message, HeaderLength);
        var at = HeaderLength + encoded.Length;
        message[at + 1] = (byte)Txt;
        message[at + 3] = (byte)Internet;
        message[at + 6] = (byte)Opt;                            // root name, type OPT, class: what we take
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 7), MaxDatagram);
        return message;
    }

    /// <returns>The texts; or why it is no answer to that question.</returns>
    public static Result<DnsTexts, string> Read(ReadOnlySpan<byte> message, string name, ushort id)
    {
        if (message.Length < HeaderLength) return "too short";
        if (BinaryPrimitives.ReadUInt16BigEndian(message) != id) return "another question's id";
        if ((message[2] & 0x80) == 0 || (message[2] & 0x78) != 0) return "no answer";
        var truncated = (message[2] & 0x02) != 0;
        var code = message[3] & 0x0F;
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]), answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        if (questions != 1) return "it does not repeat the question";
        var at = HeaderLength;
        if (!TryReadName(message, ref at, out var asked) || at + 4 > message.Length) return "malformed question";
        if (!string.Equals(asked, name, StringComparison.OrdinalIgnoreCase) || BinaryPrimitives.ReadUInt16BigEndian(message[at..]) != Txt || BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != Internet)
            return "the answer to another question";
        at += 4;
        if (code == 3) return new DnsTexts(false, []);          // NXDOMAIN
        if (code != 0) return $"the name server failed (RCODE {code})";
        if (truncated) return new DnsTexts(true, []);
        if (answers > MaxRecords) return "too many records";

        List<(string Owner, string Target)> links = [];
        List<(string Owner, string Text)> texts = [];
        for (var i = 0; i < answers; i++)
        {
            if (!TryReadName(message, ref at, out var owner) || at + 10 > message.Length) return "malformed record";
            var (type, cls, length) = (BinaryPrimitives.ReadUInt16BigEndian(message[at..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]));
            at += 10;
            if (at + length > message.Length) return "malformed record";
            if (cls == Internet && type == Txt)
            {
                if (ReadStrings(message.Slice(at, length)) is not { } text) return "malformed TXT record";
                texts.Add((owner, text));
            }
            else if (cls == Internet && type == Cname)
            {
                var inside = at;
                if (!TryReadName(message, ref inside, out var target) || inside != at + length) return "malformed CNAME record";
                links.Add((owner, target));
            }
            at += length;
        }

        // Only what is said of the name, or of where it leads: anything else a server adds is not believed.
        var current = name;
        for (var hops = 0; hops < MaxLinks && links.FirstOrDefault(l => Same(l.Owner, current)) is { Target: { } next }; hops++) current = next;
        return new DnsTexts(false, [.. texts.Where(t => Same(t.Owner, current)).Select(t => t.Text)]);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static byte[] Encode(string name)
    {
        var labels = name.Split('.');
        using var bytes = new MemoryStream();
        foreach (var label in labels)
        {
            if (label.Length is 0 or > 63 || !Ascii.IsValid(label)) throw new ArgumentException("It is no name.", nameof(name));
            bytes.WriteByte((byte)label.Length);
            bytes.Write(Encoding.ASCII.GetBytes(label));
        }
        bytes.WriteByte(0);
        return bytes.Length <= MaxName ? bytes.ToArray() : throw new ArgumentException("It is no name.", nameof(name));
    }

    /// <summary>RFC 1035 §4.1.4. A pointer leads to before where it stands, so that no message makes it run in a circle.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        int position = at, limit = at, total = 0;
        var jumped = false;
        while (true)
        {
            if (position >= message.Length) return false;
            var length = message[position];
            if (length == 0)
            {
                if (!jumped) at = position + 1;
                name = text.ToString();
                return true;
            }
            if ((length & 0xC0) == 0xC0)
            {
                if (position + 1 >= message.Length) return false;
                var target = ((length & 0x3F) << 8) | message[position + 1];
                if (target >= limit) return false;
                if (!jumped) at = position + 2;
                (jumped, position, limit) = (true, target, target);
                continue;
            }
            if ((length & 0xC0) != 0 || position + 1 + length > message.Length || (total += length + 1) > MaxName) return false;
            if (text.Length > 0) text.Append('.');
            foreach (var b in message.Slice(position + 1, length))
            {
                // A point or a control character inside a label would read as another name.
                if (b is <= 0x20 or (byte)'.' or >= 0x7F) return false;
                text.Append((char)b);
            }
            position += 1 + length;
        }
    }

    /// <summary>RFC 1035 §3.3.14: one or more strings, which belong together.</summary>
    private static string? ReadStrings(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        while (!data.IsEmpty)
        {
            var length = data[0];
            if (1 + length > data.Length) return null;
            text.Append(Encoding.Latin1.GetString(data.Slice(1, length)));
            data = data[(1 + length)..];
        }
        return text.ToString();
    }
}
