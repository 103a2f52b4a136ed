using System.Xml.Linq;
using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Rooms;

/// <summary>Kernel ← Protocols, Storage ← Server ← Host; and which packages each may bring in.</summary>
public sealed class ProjectsTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Gatehouse.Kernel"] = [],
        ["Gatehouse.Protocols"] = ["Gatehouse.Kernel"],
        ["Gatehouse.Storage"] = ["Gatehouse.Kernel"],
        ["Gatehouse.Server"] = ["Gatehouse.Kernel", "Gatehouse.Protocols", "Gatehouse.Storage"],
        ["Gatehouse.Host"] = ["Gatehouse.Kernel", "Gatehouse.Protocols", "Gatehouse.Storage", "Gatehouse.Server"],
    };

    // A new dependency is a decision: it is added here in the change that says why. Kernel and Protocols stay on the base library alone.
    private static readonly Dictionary<string, string[]> MayBring = new()
    {
        ["Gatehouse.Kernel"] = [],
        ["Gatehouse.Protocols"] = [],
        ["Gatehouse.Storage"] = ["Npgsql", "Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3"],
        ["Gatehouse.Server"] = ["Microsoft.AspNetCore.OpenApi", "Swashbuckle.AspNetCore.SwaggerUI", "QRCoder", "CsvHelper", "OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol"],
        ["Gatehouse.Host"] = ["System.CommandLine"],
    };

    [Fact]
    public void The_product_is_the_five_projects_known_here() => Projects().Keys.Order(StringComparer.Ordinal).ShouldBe(MayUse.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Projects_use_only_projects_below_them()
    {
        var faults = Projects().SelectMany(p => References(p.Value, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r))
            .Where(r => !MayUse[p.Key].Contains(r)).Select(r => $"{p.Key} uses {r}"));
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Projects_bring_in_only_packages_decided_on()
    {
        var faults = Projects().SelectMany(p => References(p.Value, "PackageReference").Where(r => !MayBring[p.Key].Contains(r)).Select(r => $"{p.Key} brings in {r}"));
        faults.ShouldBeEmpty();
    }

    // The databases' own types stay in Storage: a room that opened its own connection would escape the tenant.
    [Theory]
    [InlineData("Npgsql"), InlineData("Microsoft.Data"), InlineData("SQLitePCL"), InlineData("System.Data.SqlClient"), InlineData("System.Data.Odbc")]
    public void No_room_speaks_to_a_database_past_Storage(string names)
    {
        var faults = Repository.Files("src/Gatehouse.Server").Concat(Repository.Files("src/Gatehouse.Host")).Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => File.ReadLines(Repository.PathOf(f)).Any(l => l.Contains(names + ".", StringComparison.Ordinal) || l.Contains($"using {names};", StringComparison.Ordinal)));
        faults.ShouldBeEmpty();
    }

    private static Dictionary<string, XDocument> Projects() => Repository.Files("src").Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => XDocument.Load(Repository.PathOf(f)));

    private static IEnumerable<string> References(XDocument project, string kind) =>
        project.Descendants(kind).Select(e => e.Attribute("Include")?.Value).OfType<string>();
}
