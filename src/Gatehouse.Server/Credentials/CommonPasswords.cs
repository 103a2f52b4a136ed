using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Credentials;

/// <summary>
/// The shipped list of common passwords (NOTICE.md says whose), loaded at first use. Kept as the first eight bytes of each entry's
/// SHA-256, sorted: 400 KB instead of several megabytes of strings. A chance collision would refuse one password in 10¹⁴.
/// </summary>
internal sealed class CommonPasswords
{
    private readonly Lazy<ulong[]> hashes = new(Load);

    internal int Count => hashes.Value.Length;

    /// <param name="folded">Lower case.</param>
    internal bool Contains(string folded) => Array.BinarySearch(hashes.Value, HashOf(folded)) >= 0;

    private static ulong[] Load()
    {
        using var resource = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt.gz")
            ?? throw new InvalidOperationException("The list of common passwords is not embedded.");
        using var lines = new StreamReader(new GZipStream(resource, CompressionMode.Decompress), Encoding.UTF8);
        List<ulong> all = new(50_000);
        while (lines.ReadLine() is { } line) all.Add(HashOf(line));
        all.Sort();
        return [.. all];
    }

    private static ulong HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
