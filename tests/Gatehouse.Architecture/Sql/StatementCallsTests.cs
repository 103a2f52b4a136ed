using Gatehouse.Architecture.Schema;
using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Sql;

/// <summary>Statements hidden in code: found however they are put together, refused when they cannot be told.</summary>
public sealed class StatementCallsTests
{
    private static readonly DatabaseSchema Schema = new([new("users", "Users", true), new("tenants", "Tenants", false)]);

    private static StatementCalls.Findings Read(string members) => StatementCalls.Read(ProductCompilation.FromMemory(("/p/Users/Store.cs", $$"""
        using Gatehouse.Storage;
        namespace P.Users;
        internal static class Store { {{members}} }
        """)), _ => "Users");

    private static string Run(string expression, string more = "") =>
        $"internal static async Task M(TenantTransaction tx, bool yes, string data, CancellationToken ct) {{ await tx.ExecuteAsync({expression}, [], ct); }} {more}";

    [Theory]
    [InlineData("\"A\"", "", "A")]
    [InlineData("Sql", "const string Sql = \"A\";", "A")]
    [InlineData("Sql", "static readonly string Sql = \"A\";", "A")]
    [InlineData("Sql", "static string Sql => \"A\";", "A")]
    [InlineData("$\"A {Columns} {Limit}\"", "const string Columns = \"b, c\"; const int Limit = 7;", "A b, c 7")]
    [InlineData("\"A \" + Rest", "const string Rest = \"B\";", "A B")]
    [InlineData("yes ? \"A\" : \"B\"", "", "A|B")]
    [InlineData("$\"A {(yes ? \"x\" : \"y\")}\"", "", "A x|A y")]
    [InlineData("yes switch { true => \"A\", _ => \"B\" }", "", "A|B")]
    [InlineData("Choose(yes)", "static string Choose(bool yes) { if (yes) return \"A\"; return \"B\"; }", "A|B")]
    [InlineData("All[0]", "static readonly string[] All = [\"A\", \"B\"];", "A|B")]
    public void A_statement_is_put_together(string expression, string more, string texts) =>
        Read(Run(expression, more)).Statements.Select(s => s.Text).ShouldBe(texts.Split('|'));

    [Fact]
    public void A_parameter_is_followed_to_every_caller()
    {
        var found = Read("""
            static async Task M(StorageTransaction tx, string sql, CancellationToken ct) => await tx.ExecuteAsync(sql, [], ct);
            static Task A(TenantTransaction tx) => M(tx, "A", default);
            static Task B(TenantTransaction tx) => M(ct: default, sql: "B", tx: tx);
            """);
        found.Statements.Select(s => s.Text).ShouldBe(["A", "B"]);
        found.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public void A_local_is_followed_through_its_assignments() =>
        Read("""
            static async Task M(TenantTransaction tx, bool yes, CancellationToken ct)
            {
                var sql = "A";
                if (yes) sql = "B";
                foreach (var each in new[] { "C", "D" }) { await tx.ExecuteAsync(each, [], ct); }
                await tx.ExecuteAsync(sql, [], ct);
            }
            """).Statements.Select(s => s.Text).ShouldBe(["C", "D", "A", "B"]);

    [Theory]
    [InlineData("data")]
    [InlineData("$\"SELECT {data}\"")]
    [InlineData("\"SELECT \" + data")]
    [InlineData("string.Concat(\"SELECT \", data)")]
    [InlineData("data.Trim()")]
    [InlineData("Mutable")]
    [InlineData("Loaded")]
    [InlineData("$\"SELECT {yes}\"")]
    public void A_statement_that_depends_on_data_is_refused(string expression) =>
        Read(Run(expression, "static string Mutable = \"A\"; static readonly string Loaded = File.ReadAllText(\"x\");")).Unreadable.ShouldContain(f => f.Why.Contains("cannot be read"));

    [Fact]
    public void A_lambdas_parameter_is_refused() =>
        Read("static Func<string, ValueTask<int>> M(TenantTransaction tx) => sql => tx.ExecuteAsync(sql, [], default);").Unreadable.ShouldContain(f => f.Why.Contains("cannot be read"));

    [Fact]
    public void Rules_of_expiry_are_read() =>
        Read("static ExpiredRows Old { get; } = new(\"users\", \"A\", Delete: \"B\", KeptFor: TimeSpan.Zero);").Statements.Select(s => (s.Text, s.Everywhere)).ShouldBe([("A", true), ("B", false)]);

    [Fact]
    public void A_method_handed_on_is_refused() =>
        Read("static object M(TenantTransaction tx) { Func<string, (string, object?)[], CancellationToken, ValueTask<int>> run = tx.ExecuteAsync; return run; }")
            .Unreadable.ShouldContain(f => f.Why.Contains("hands ExecuteAsync on"));

    [Fact]
    public void Binding_the_tenant_by_hand_is_refused() =>
        Read("static ValueTask<int> M(TenantTransaction tx, Guid other) => tx.ExecuteAsync(\"A\", [(\"tenant\", other)], default);").Unreadable.ShouldContain(f => f.Why.Contains("by hand"));

    [Theory]
    [InlineData("const string Sql = \"SELECT id FROM users\";")]
    [InlineData("static string M(int id) => $\"DELETE FROM users WHERE id = {id}\";")]
    [InlineData("static string M() => \"update users set x = 1\";")]
    public void A_statement_run_by_another_way_is_noticed(string members) => Read(members).Unreadable.ShouldContain(f => f.Why.Contains("nothing runs"));

    [Theory]
    [InlineData("const string Text = \"Select a language from the list\";")]
    [InlineData("const string Text = \"Update your password\";")]
    [InlineData("const string Text = \"Delete\";")]
    public void Plain_words_are_not_statements(string members) => Read(members).Unreadable.ShouldBeEmpty();

    private static IReadOnlyList<string> Judge(string members, Dictionary<string, string>? exceptions = null) => new StatementRules(Schema, exceptions ?? []).Faults(Read(members).Statements);

    private const string Prune = """
        private const string All = "SELECT tenant_id FROM users";
        internal static ValueTask<int> M(SystemTransaction tx) => tx.ExecuteAsync(All, [], default);
        """;

    [Fact]
    public void A_system_transaction_needs_an_exception_for_a_tenants_table()
    {
        Judge(Prune).ShouldContain(f => f.Contains("users is not limited to @tenant"));
        Judge(Prune, new() { ["Users: Store.All"] = "counts" }).ShouldBeEmpty();
    }

    // Background work asks whose turn it is, and does the work in a transaction of that tenant.
    [Theory]
    [InlineData("SELECT DISTINCT tenant_id FROM users WHERE created_at < @before LIMIT 100", true)]
    [InlineData("SELECT DISTINCT tenant_id FROM users WHERE created_at < @before", false)]
    [InlineData("SELECT DISTINCT tenant_id, id FROM users LIMIT 100", false)]
    [InlineData("SELECT DISTINCT id AS tenant_id FROM users LIMIT 100", false)]
    [InlineData("SELECT tenant_id FROM users UNION SELECT id FROM users LIMIT 100", false)]
    [InlineData("DELETE FROM users RETURNING tenant_id", false)]
    public void A_system_transaction_may_ask_whose_turn_it_is_and_no_more(string sql, bool passes)
    {
        Judge($"static ValueTask<int> M(SystemTransaction tx) => tx.ExecuteAsync(\"{sql}\", [], default);").Count.ShouldBe(passes ? 0 : 1);
        Judge(Run($"\"{sql}\"")).ShouldNotBeEmpty();
    }

    [Fact]
    public void An_exception_does_not_cover_a_tenants_transaction() =>
        Judge(Prune.Replace("SystemTransaction", "TenantTransaction"), new() { ["Users: Store.All"] = "counts" }).ShouldContain(f => f.Contains("users is not limited to @tenant"));

    [Fact]
    public void An_exception_that_nothing_needs_is_a_fault() => Judge("", new() { ["Users: Store.Gone"] = "was" }).ShouldContain(f => f.Contains("needed by nothing"));

    [Fact]
    public void A_system_transaction_has_no_tenant() =>
        Judge("internal static ValueTask<int> M(SystemTransaction tx) => tx.ExecuteAsync(\"DELETE FROM users WHERE tenant_id = @tenant\", [], default);").ShouldContain(f => f.Contains("no one tenant"));

    [Fact]
    public void A_room_leaves_other_rooms_tables_alone() =>
        Judge(Run("\"SELECT id FROM tenants WHERE id = @id\"")).ShouldContain(f => f.Contains("touches tenants, which belongs to Tenants"));
}
