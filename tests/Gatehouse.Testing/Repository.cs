namespace Gatehouse.Testing;

/// <summary>The folder that the sources, samples and peers are in.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Gatehouse.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Gatehouse.slnx above {AppContext.BaseDirectory}: tests of peers run inside the repository.");
    }
}
