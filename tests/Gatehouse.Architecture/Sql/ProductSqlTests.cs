using Gatehouse.Architecture.Rooms;
using Gatehouse.Architecture.Schema;
using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Sql;

public sealed class ProductSqlTests
{
    /// <summary>
    /// Statements that cross tenants on purpose. They run in a system transaction only, and one that nothing needs any more fails the test.
    /// Lists of tenants that have work waiting need no exception: see <see cref="StatementRules"/>.
    /// </summary>
    private static readonly Dictionary<string, string> CrossTenant = new()
    {
        ["Messaging: MailStore.SelectDue"] = "The mail worker takes the oldest mails of all tenants in order; it claims each in its own tenant.",
        ["Audit: StreamJob.SelectDue"] = "Which streams have something to send is asked for all tenants; each is claimed in its own.",
        ["Jobs: JobStore.SelectDue"] = "The job worker takes what waited longest, whichever tenant's; it claims each job in its own tenant.",
        ["Credentials: RecoveryStore.SelectDue"] = "Reminders of recoveries are due in all tenants; each is claimed in its own.",
        ["Tenants: TenantStore.ByAddress"] = "Routing: which tenant an address belongs to is what it asks.",
        ["Tenants: TenantStore.InsertDomain"] = "A tenant's address is entered where the tenant itself is: an ancestor's administrator acts on a child.",
        ["Tenants: TenantStore.Domains"] = "As InsertDomain: an administrator lists the addresses of a child.",
        ["Tenants: TenantStore.DeleteDomain"] = "As InsertDomain.",
        ["Tenants: TenantStore.DeleteDomains"] = "As InsertDomain: with the tenant go its addresses.",
    };

    /// <summary>Members whose statements no reading of the sources can tell.</summary>
    private static readonly Dictionary<string, string> Unreadable = new()
    {
        ["TenantBundle.ReadPageAsync"] = "Names each table that the database's own catalogue lists, and its columns; says tenant_id = @tenant, in the tenant's own transaction.",
        ["TenantPurge.EmptyAsync"] = "Names each table that the database's own catalogue lists; all else in its text is constant and says @tenant twice.",
    };

    private static readonly RoomList Rooms = RoomList.Parse(File.ReadLines(Repository.PathOf("src/Gatehouse.Server/rooms.txt")), ProductCompilation.ServerRoot);
    private static readonly Lazy<StatementCalls.Findings> Server = new(() => StatementCalls.Read(ProductCompilation.Server, file => Rooms.RoomOf(file) ?? ""));

    [Fact]
    public void Every_statement_can_be_read_from_the_sources()
    {
        Server.Value.Statements.Count.ShouldBeGreaterThan(100);
        Server.Value.Unreadable.Where(u => !Unreadable.ContainsKey(u.Owner)).Select(u => u.Why).ShouldBeEmpty();
        Unreadable.Keys.Except(Server.Value.Unreadable.Select(u => u.Owner)).ShouldBeEmpty("an exception that nothing needs");
    }

    [Fact]
    public void Every_statement_on_a_tenants_table_is_limited_to_the_tenant() =>
        new StatementRules(DatabaseSchema.Product, CrossTenant).Faults(Server.Value.Statements).ShouldBeEmpty();

    [Fact]
    public void The_host_runs_no_statements()
    {
        var host = StatementCalls.Read(ProductCompilation.Host, _ => "Host");
        host.Statements.ShouldBeEmpty();
        host.Unreadable.ShouldBeEmpty();
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
