using Gatehouse.Architecture.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gatehouse.Architecture.Sql;

/// <param name="Room">The room that runs it.</param>
/// <param name="Everywhere">Whether it runs in a transaction that may cross tenants.</param>
internal sealed record Statement(string Text, string At, string Owner, string Room, bool Everywhere);

/// <summary>Finds what a project's code runs: the first argument of every call on a transaction.</summary>
internal static class StatementCalls
{
    private static readonly HashSet<string> Runs = new(StringComparer.Ordinal) { "ExecuteAsync", "ListAsync", "FindAsync", "FindValueAsync" };

    internal sealed record Findings(IReadOnlyList<Statement> Statements, IReadOnlyList<string> Faults);

    /// <param name="roomOf">The room of a file.</param>
    internal static Findings Read(CSharpCompilation compilation, Func<string, string> roomOf)
    {
        List<Statement> statements = [];
        List<string> faults = [];
        var values = new StringValues(compilation);
        foreach (var tree in compilation.SyntaxTrees.Where(ProductCompilation.IsWritten))
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is TupleExpressionSyntax { Arguments: [{ Expression: LiteralExpressionSyntax { Token.Value: "tenant" } }, _] })
                    faults.Add($"{Rooms.RoomReferences.Place(node)} binds @tenant by hand: only the transaction does");
                if (node is IdentifierNameSyntax or GenericNameSyntax && node.Parent is not InvocationExpressionSyntax && node.Parent?.Parent is not InvocationExpressionSyntax
                    && model.GetSymbolInfo(node).Symbol is IMethodSymbol handed && RunsStatement(handed))
                    faults.Add($"{Rooms.RoomReferences.Place(node)} hands {handed.Name} on: what it will run cannot be told");
                if (node is not InvocationExpressionSyntax call || model.GetSymbolInfo(call).Symbol is not IMethodSymbol method || !RunsStatement(method)) continue;
                try
                {
                    var argument = call.ArgumentList.Arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == "sql") ?? call.ArgumentList.Arguments[0];
                    var everywhere = Receiver(model, call) is { } receiver && Is(receiver, "SystemTransaction");
                    statements.AddRange(values.Of(argument.Expression).Select(v => new Statement(v.Text, v.At, v.Owner, roomOf(tree.FilePath), everywhere)));
                }
                catch (UnknownValueException e) { faults.Add($"{Rooms.RoomReferences.Place(call)} runs a statement that cannot be read: {e.Message}"); }
            }
        }
        faults.AddRange(Idle(compilation, values));
        return new([.. statements.Distinct()], [.. faults.Distinct()]);
    }

    /// <summary>Texts that look like statements and that no call was seen to run: they are dead, or run by a way these rules do not know.</summary>
    private static IEnumerable<string> Idle(CSharpCompilation compilation, StringValues values) =>
        from tree in compilation.SyntaxTrees.Where(ProductCompilation.IsWritten)
        from node in tree.GetRoot().DescendantNodes()
        where node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax && !values.Used.Contains(node) && LooksLikeSql(Text(node))
        select $"{Rooms.RoomReferences.Place(node)} looks like a statement that nothing runs";

    private static string Text(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => text,
        InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(c => c is InterpolatedStringTextSyntax t ? t.TextToken.ValueText : " x ")),
        _ => "",
    };

    private static bool LooksLikeSql(string text)
    {
        var words = text.Split(default(char[]), 40, StringSplitOptions.RemoveEmptyEntries).Select(w => w.ToLowerInvariant()).ToList();
        return words.Count > 2 && words[0] switch
        {
            "select" => words.Contains("from") && text.Contains("FROM", StringComparison.Ordinal) || text.StartsWith("SELECT ", StringComparison.Ordinal),
            "insert" => words[1] == "into",
            "update" => words.Count > 3 && (words[2] == "set" || words[3] == "set" || words[4..].Contains("set") && text.StartsWith("UPDATE", StringComparison.Ordinal)),
            "delete" => words[1] == "from",
            "with" => words.Contains("as") && words.Exists(w => w.StartsWith("(select", StringComparison.Ordinal)),
            _ => false,
        };
    }

    private static bool RunsStatement(IMethodSymbol method) => Runs.Contains(method.Name) && Is(method.ContainingType, "StorageTransaction");

    private static ITypeSymbol? Receiver(SemanticModel model, InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax access ? model.GetTypeInfo(access.Expression).Type : null;

    private static bool Is(ITypeSymbol? type, string name)
    {
        for (; type is not null; type = type.BaseType) if (type.Name == name && type.ContainingNamespace?.ToString() == "Gatehouse.Storage") return true;
        return false;
    }
}
