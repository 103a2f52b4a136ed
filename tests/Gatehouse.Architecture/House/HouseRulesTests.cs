using System.Text.RegularExpressions;
using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.House;

/// <summary>Rules of the house that a machine can see.</summary>
public sealed partial class HouseRulesTests
{
    private static readonly string[] TextEndings = [".cs", ".razor", ".md", ".sql", ".json", ".mjs", ".js", ".ts", ".sh", ".yml", ".yaml", ".props", ".csproj", ".slnx", ".txt", ".html", ".css", ".py", ".xml", ".targets"];

    private static IEnumerable<(string File, string Text)> Texts(params string[] folders) => folders.SelectMany(Repository.Files)
        .Where(f => TextEndings.Contains(Path.GetExtension(f)) || Path.GetExtension(f).Length == 0)
        .Select(f => (f, File.ReadAllText(Repository.PathOf(f))));

    private static IEnumerable<(string File, string Text)> Code(params string[] folders) => Texts(folders).Where(f => Path.GetExtension(f.File) is ".cs" or ".razor");

    [Fact]
    public void A_file_over_300_lines_says_in_its_first_comment_why() =>
        Code("src", "tests", "bench").Where(f => f.Text.Count(c => c == '\n') > 300 && !SaysWhy(f.Text)).Select(f => f.File).ShouldBeEmpty();

    private static bool SaysWhy(string text) => FirstComment().Match(text) is { Success: true, Length: > 80 };

    [GeneratedRegex(@"\A(?:\s*//[^\n]*\n)+")]
    private static partial Regex FirstComment();

    // Built from halves, so that this file passes its own rule.
    [Fact]
    public void Nothing_in_the_product_is_unfinished_or_hidden()
    {
        string[] marks = ["NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME", "Thread." + "Sleep"];
        Code("src").SelectMany(f => marks.Where(m => Regex.IsMatch(f.Text, $@"\b{Regex.Escape(m)}\b")).Select(m => $"{f.File}: {m}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_warning_silenced_in_place_says_why() =>
        Code("src").SelectMany(f => f.Text.Split('\n').Where(l => l.Contains("#pragma warning " + "disable", StringComparison.Ordinal) && !l.Contains("//", StringComparison.Ordinal)).Select(l => $"{f.File}: {l}")).ShouldBeEmpty();

    [Fact]
    public void No_exception_is_swallowed() =>
        Code("src").Where(f => EmptyCatch().IsMatch(f.Text)).Select(f => f.File).ShouldBeEmpty();

    [GeneratedRegex(@"catch\s*(\(\s*Exception[^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [Fact]
    public void No_test_is_skipped_or_cannot_fail()
    {
        string[] marks = ["Skip" + " = \"", "Assert." + "True(true)", "true." + "ShouldBeTrue"];
        Code("tests").SelectMany(f => marks.Where(m => f.Text.Contains(m, StringComparison.Ordinal)).Select(m => $"{f.File}: {m}")).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_passed_around_behind_the_parameters()
    {
        string[] marks = ["IHttpContext" + "Accessor", "Async" + "Local<", "CallContext"];
        Code("src").SelectMany(f => marks.Where(m => f.Text.Contains(m, StringComparison.Ordinal)).Select(m => $"{f.File}: {m}")).ShouldBeEmpty();
    }

    [Fact]
    public void Every_room_says_in_at_most_60_lines_what_it_is()
    {
        var rooms = File.ReadLines(Repository.PathOf("src/Gatehouse.Server/rooms.txt")).Where(l => l.Length > 0 && l[0] is not ('#' or '-')).Select(r => $"src/Gatehouse.Server/{r.Trim()}/README.md");
        var faults = rooms.Select(r => !File.Exists(Repository.PathOf(r)) ? $"{r} is missing" : File.ReadLines(Repository.PathOf(r)).Count() is > 60 and var lines ? $"{r} has {lines} lines" : null);
        faults.OfType<string>().ShouldBeEmpty();
    }

    // A clone builds anywhere: nothing in it knows the machine or the mirror it was written on.
    [Fact]
    public void Nothing_knows_where_it_was_written()
    {
        string[] places = ["/wo" + "rk/", "registry." + "npmjs", "nuget" + ".org", "/home/" + "user", "/tmp/" + "gh"];
        Texts("").Where(f => f.File != "LICENSE").SelectMany(f => places.Where(p => f.Text.Contains(p, StringComparison.OrdinalIgnoreCase)).Select(p => $"{f.File}: {p}")).ShouldBeEmpty();
    }

    [Fact]
    public void Lock_files_hold_hashes_and_no_hosts()
    {
        var locks = Repository.Files().Where(f => Path.GetFileName(f) is "package-lock.json" or "packages.lock.json").Select(f => (File: f, Text: File.ReadAllText(Repository.PathOf(f)))).ToList();
        locks.ShouldNotBeEmpty();
        locks.Where(f => f.Text.Contains("\"resolved\": \"http", StringComparison.Ordinal)).Select(f => f.File).ShouldBeEmpty();
        Repository.Files("src").Concat(Repository.Files("tests")).Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(f => Path.Combine(Path.GetDirectoryName(f)!, "packages.lock.json"))
            .Where(f => !File.Exists(Repository.PathOf(f))).ShouldBeEmpty();
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var faults = Texts("").Where(f => f.File.EndsWith(".md", StringComparison.Ordinal)).SelectMany(f => Link().Matches(f.Text).Select(m => m.Groups[1].Value)
            .Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(l => !Path.Exists(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(f.File)!, l)))).Select(l => $"{f.File}: {l}"));
        faults.ShouldBeEmpty();
    }

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
