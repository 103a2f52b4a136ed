using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;

namespace Gatehouse.Architecture.Source;

/// <summary>
/// What source generators wrote into an assembly (Razor components, JSON, logging, options validation). The compiler embeds exactly those
/// files in the symbol file, so they are always those of this build, never the left-overs of an earlier one.
/// </summary>
internal static class GeneratedSources
{
    // Portable PDB specification, "Embedded Source".
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    internal static IReadOnlyList<(string Path, string Text)> Of(string assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly + ".pdb");
        if (!File.Exists(file)) throw new InvalidOperationException($"{file} is missing: build with portable symbols (the default) to run these tests.");
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(file));
        var reader = provider.GetMetadataReader();
        List<(string, string)> sources = [];
        foreach (var handle in reader.Documents)
            foreach (var custom in reader.GetCustomDebugInformation(handle))
            {
                var information = reader.GetCustomDebugInformation(custom);
                if (reader.GetGuid(information.Kind) != EmbeddedSource) continue;
                sources.Add((reader.GetString(reader.GetDocument(handle).Name), Decode(reader.GetBlobBytes(information.Value))));
            }
        return sources;
    }

    // Four bytes of length, zero when the text follows as it is; then UTF-8, deflated when there was a length.
    private static string Decode(byte[] blob)
    {
        using Stream content = BitConverter.ToInt32(blob, 0) == 0
            ? new MemoryStream(blob, 4, blob.Length - 4)
            : new DeflateStream(new MemoryStream(blob, 4, blob.Length - 4), CompressionMode.Decompress);
        using var text = new StreamReader(content, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
