using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Gatehouse.Pages;

/// <summary>A file shipped inside the assembly, named by its content so that browsers may keep it for ever.</summary>
internal sealed class Asset
{
    private readonly Lazy<byte[]> brotli, gzip;

    private Asset(string name, string extension, string contentType)
    {
        ContentType = contentType;
        Bytes = Read($"{name}.{extension}");
        Path = $"/assets/{name}.{Base64Url.EncodeToString(SHA256.HashData(Bytes).AsSpan(0, 9))}.{extension}";
        // On first use: the highest level takes longer than a start should wait for.
        brotli = new(() => Compress(output => new BrotliStream(output, CompressionLevel.SmallestSize)));
        gzip = new(() => Compress(output => new GZipStream(output, CompressionLevel.SmallestSize)));
    }

    internal static Asset Style { get; } = new("app", "css", "text/css; charset=utf-8");
    internal static Asset Script { get; } = new("app", "js", "text/javascript; charset=utf-8");
    internal static Asset Passkeys { get; } = new("passkeys", "js", "text/javascript; charset=utf-8");
    internal static Asset Icon { get; } = new("icon", "svg", "image/svg+xml");
    internal static IReadOnlyList<Asset> All { get; } = [Style, Script, Passkeys, Icon];

    /// <summary><c>/assets/app.hash.css</c>: outside every tenant, so that all of them share it.</summary>
    internal string Path { get; }
    internal string ContentType { get; }
    internal byte[] Bytes { get; }
    internal byte[] Brotli => brotli.Value;
    internal byte[] Gzip => gzip.Value;

    private static byte[] Read(string file)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream($"pages/{file}")
            ?? throw new InvalidOperationException($"{file} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private byte[] Compress(Func<Stream, Stream> open)
    {
        using var output = new MemoryStream();
        using (var compressor = open(output)) compressor.Write(Bytes);
        return output.ToArray();
    }
}
