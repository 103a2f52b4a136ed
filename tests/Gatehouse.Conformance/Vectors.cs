using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Gatehouse.Conformance;

/// <summary>
/// Published test vectors, which are not part of the repository: <c>../shared/vectors</c> beside it, or where
/// <c>GATEHOUSE_VECTORS</c> points. A test that cannot find them fails; it never passes without having run.
/// </summary>
internal static class Vectors
{
    public static JsonElement Read(string path)
    {
        var file = Path.Combine(Root, path);
        if (!File.Exists(file))
            throw new FileNotFoundException($"Test vectors are missing: {file}. Set GATEHOUSE_VECTORS to the folder that holds wycheproof/ and jose-cookbook/.");
        return JsonElement.Parse(File.ReadAllBytes(file));
    }

    private static string Root =>
        Environment.GetEnvironmentVariable("GATEHOUSE_VECTORS") is { Length: > 0 } root ? root : Path.GetFullPath("../shared/vectors", RepositoryRoot);

    /// <summary>The folder of <c>Gatehouse.slnx</c>.</summary>
    public static string RepositoryRoot { get; } = FindRepository();

    private static string FindRepository([CallerFilePath] string source = "")
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Gatehouse.slnx"))) return folder;
        throw new DirectoryNotFoundException("The tests were built outside the repository.");
    }
}
