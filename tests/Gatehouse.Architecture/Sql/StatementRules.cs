using Gatehouse.Architecture.Schema;

namespace Gatehouse.Architecture.Sql;

/// <summary>What every statement of the product must keep to.</summary>
/// <param name="exceptions">Statements that cross tenants on purpose, as <c>Room: Type.Member</c>, each with its reason.</param>
internal sealed class StatementRules(DatabaseSchema schema, IReadOnlyDictionary<string, string> exceptions)
{
    private readonly HashSet<string> needed = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> Faults(IReadOnlyList<Statement> statements)
    {
        var faults = statements.SelectMany(Faults).Distinct().Order(StringComparer.Ordinal).ToList();
        faults.AddRange(exceptions.Keys.Where(e => !needed.Contains(e)).Select(e => $"the exception for {e} is needed by nothing"));
        return faults;
    }

    private IEnumerable<string> Faults(Statement statement)
    {
        var verdict = TenantRule.Judge(statement.Text, schema);
        // The room that makes a table is the only one that speaks to it; others ask what the room exports.
        foreach (var table in verdict.Tables.Select(t => schema.Find(t)!).Where(t => t.Room != statement.Room))
            yield return $"{Place(statement)} touches {table.Name}, which belongs to {table.Room}";

        var excepted = $"{statement.Room}: {statement.Owner}";
        if (statement.Everywhere && SqlTokenizer.Read(statement.Text).Any(t => t is { Kind: TokenKind.Parameter, Text: "tenant" }))
            yield return $"{Place(statement)} says @tenant where there is no one tenant";
        if (verdict.Faults.Count == 0 || (statement.Everywhere && AsksOnlyWhose(statement.Text))) yield break;
        if (exceptions.ContainsKey(excepted) && statement.Everywhere && !verdict.Faults.Any(f => f.StartsWith("cannot be read", StringComparison.Ordinal)))
        {
            needed.Add(excepted);
            yield break;
        }
        foreach (var fault in verdict.Faults) yield return $"{Place(statement)}: {fault}";
    }

    /// <summary>A bounded list of tenants and nothing about them: how background work learns whose turn it is.</summary>
    private static bool AsksOnlyWhose(string sql)
    {
        try
        {
            return SqlParser.Parse(sql) is SqlQuery { With: [], Tail.Count: > 0, Arms: [SelectArm { Items: [{ Value: ColumnName { Name: "tenant_id" } }], From: TableName, Rest: [] }] } query
                && sql.Contains("LIMIT ", StringComparison.Ordinal) && query.Tail.All(t => t is not NestedQuery);
        }
        catch (SqlSyntaxException) { return false; }    // the rule itself reports it
    }

    private static string Place(Statement statement) => $"{statement.At} {statement.Owner}";
}
