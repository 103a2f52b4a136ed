namespace Gatehouse.Architecture.Source;

/// <summary>The working tree these tests look at: found upwards from the test's own binaries.</summary>
internal static class Repository
{
    // Made by builds, package managers and running servers; nobody wrote what is in them.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal) { ".git", "bin", "obj", "node_modules", "artifacts", "TestResults", ".vs", ".idea" };

    internal static string Root { get; } = FindRoot();

    internal static string PathOf(string relative) => Path.Combine(Root, relative);

    internal static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Every file somebody wrote below a folder, as paths relative to the root, sorted.</summary>
    internal static IReadOnlyList<string> Files(string folder = "")
    {
        List<string> files = [];
        Collect(new DirectoryInfo(PathOf(folder)), files);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Collect(DirectoryInfo folder, List<string> files)
    {
        foreach (var file in folder.EnumerateFiles()) files.Add(Relative(file.FullName));
        foreach (var inner in folder.EnumerateDirectories())
        {
            // /data is where a server started from the tree keeps its database.
            if (Ignored.Contains(inner.Name) || Relative(inner.FullName) == "data") continue;
            Collect(inner, files);
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx"))) return folder.FullName;
        throw new InvalidOperationException($"No Gatehouse.slnx above {AppContext.BaseDirectory}: these tests read the working tree they were built in.");
    }
}
