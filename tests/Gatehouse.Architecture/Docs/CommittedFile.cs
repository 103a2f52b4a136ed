using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Docs;

/// <summary>A document made from the code: committed, so that people read it, and compared, so that it stays true.</summary>
internal static class CommittedFile
{
    /// <summary>Fails when the committed file differs; with <c>GATEHOUSE_UPDATE_DOCS=1</c> writes it instead.</summary>
    internal static void ShouldBe(string file, string made)
    {
        var path = Repository.PathOf(file);
        if (Environment.GetEnvironmentVariable("GATEHOUSE_UPDATE_DOCS") == "1") File.WriteAllText(path, made);
        var committed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        committed.ShouldBe(made, $"{file} is not what the code says. Run the tests once with GATEHOUSE_UPDATE_DOCS=1 and commit what it wrote.");
    }
}
