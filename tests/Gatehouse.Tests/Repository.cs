namespace Gatehouse.Tests;

/// <summary>The working tree that the tests were built from: documents that are generated and compared live there.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    /// <summary>Whether tests write generated documents instead of comparing them.</summary>
    internal static bool UpdatesDocuments => Environment.GetEnvironmentVariable("GATEHOUSE_UPDATE_DOCS") == "1";

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the working tree: no Gatehouse.slnx above them.");
    }
}
