using Gatehouse.Architecture.Rooms;
using Gatehouse.Architecture.Schema;
using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Sql;

public sealed class ProductSqlTests
{
    /// <summary>Statements that cross tenants on purpose. They run in a system transaction only; one that nothing needs any more fails the test.</summary>
    private static readonly Dictionary<string, string> CrossTenant = new()
    {
    };

    private static readonly RoomList Rooms = RoomList.Parse(File.ReadLines(Repository.PathOf("src/Gatehouse.Server/rooms.txt")), ProductCompilation.ServerRoot);
    private static readonly Lazy<StatementCalls.Findings> Server = new(() => StatementCalls.Read(ProductCompilation.Server, file => Rooms.RoomOf(file) ?? ""));

    [Fact]
    public void Every_statement_can_be_read_from_the_sources()
    {
        Server.Value.Statements.Count.ShouldBeGreaterThan(30);
        Server.Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_statement_on_a_tenants_table_is_limited_to_the_tenant() =>
        new StatementRules(DatabaseSchema.Product, CrossTenant).Faults(Server.Value.Statements).ShouldBeEmpty();

    [Fact]
    public void The_host_runs_no_statements()
    {
        var host = StatementCalls.Read(ProductCompilation.Host, _ => "Host");
        host.Statements.ShouldBeEmpty();
        host.Faults.ShouldBeEmpty();
    }

    // Storage's own statements are the runner's and the connections'; tenants' rows are none of its business.
    [Fact]
    public void Storage_names_no_table_of_a_tenant()
    {
        var owned = DatabaseSchema.Product.Tables.Where(t => t.TenantOwned).Select(t => t.Name).ToList();
        owned.Count.ShouldBeGreaterThan(5);
        var faults = Repository.Files("src/Gatehouse.Storage").Where(f => f.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(f => owned.Where(t => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(Repository.PathOf(f)), $@"(?i)\b(from|into|update|join)\s+{t}\b")).Select(t => $"{f}: {t}"));
        faults.ShouldBeEmpty();
    }
}
