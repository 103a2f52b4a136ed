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
    private static readonly HashSet<string> Runs = new(StringComparer.Ordinal) { "ExecuteAsync", "ExecuteManyAsync", "ListAsync", "FindAsync", "FindValueAsync", "ExecuteAtCommit" };

    /// <param name="Unreadable">Members whose statements could not be told, as <c>Type.Member</c>, with the reason.</param>
    internal sealed record Findings(IReadOnlyList<Statement> Statements, IReadOnlyList<(string Owner, string Why)> Unreadable);

    /// <param name="roomOf">The room of a file.</param>
    internal static Findings Read(CSharpCompilation compilation, Func<string, string> roomOf)
    {
        List<Statement> statements = [];
        List<(string, string)> unreadable = [];
        var values = new StringValues(compilation);
        void Fault(SyntaxNode node, string what) => unreadable.Add((StringValues.OwnerOf(node), $"{Rooms.RoomReferences.Place(node)} {what}"));
        void Run(SyntaxNode node, ExpressionSyntax text, bool everywhere)
        {
            try { statements.AddRange(values.Of(text).Select(v => new Statement(v.Text, v.At, v.Owner, roomOf(node.SyntaxTree.FilePath), everywhere))); }
            catch (UnknownValueException e) { Fault(node, $"runs a statement that cannot be read: {e.Message}"); }
        }

        foreach (var node in compilation.SyntaxTrees.Where(ProductCompilation.IsWritten).SelectMany(t => t.GetRoot().DescendantNodes()))
            switch (node)
            {
                case TupleExpressionSyntax { Arguments: [{ Expression: LiteralExpressionSyntax { Token.Value: "tenant" } }, _] }:
                    Fault(node, "binds @tenant by hand: only the transaction does");
                    break;
                case SimpleNameSyntax name when Runs.Contains(name.Identifier.Text) && !IsCalled(name) && RunsStatement(values.Model(name).GetSymbolInfo(name).Symbol):
                    Fault(node, $"hands {name} on: what it will run cannot be told");
                    break;
                case InvocationExpressionSyntax call when NameOf(call) is not { } called || Runs.Contains(called):
                    if (!RunsStatement(values.Model(call).GetSymbolInfo(call).Symbol)) break;
                    Run(call, Argument(call.ArgumentList, "sql", 0), Receiver(values.Model(call), call) is { } receiver && Is(receiver, "SystemTransaction"));
                    break;
                // Storage runs the first across tenants, to learn whose rows have expired, and the second in each of those.
                case BaseObjectCreationExpressionSyntax { ArgumentList: { Arguments.Count: > 2 } arguments } made when Is(values.Model(made).GetTypeInfo(made).Type, "ExpiredRows"):
                    Run(made, Argument(arguments, "FindTenants", 1), everywhere: true);
                    Run(made, Argument(arguments, "Delete", 2), everywhere: false);
                    break;
            }
        // Texts that look like statements and that no call was seen to run: they are dead, or run by a way these rules do not know.
        foreach (var node in compilation.SyntaxTrees.Where(ProductCompilation.IsWritten).SelectMany(t => t.GetRoot().DescendantNodes()))
            if (node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax && !values.Used.Contains(node) && LooksLikeSql(Text(node)))
                Fault(node, "looks like a statement that nothing runs");
        return new([.. statements.Distinct()], [.. unreadable.Distinct()]);
    }

    private static ExpressionSyntax Argument(ArgumentListSyntax list, string name, int position) =>
        (list.Arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == name) ?? list.Arguments[position]).Expression;

    private static bool IsCalled(SimpleNameSyntax name) =>
        (name.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax ? name.Parent.Parent : name.Parent) is InvocationExpressionSyntax call
        && call.Expression.Span.End == name.Span.End;

    /// <summary>What is called, as it is written there; null where that is no name. Asked first: what a name means is dear.</summary>
    internal static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        SimpleNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        _ => null,
    };

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

    private static bool RunsStatement(ISymbol? symbol) => symbol is IMethodSymbol method && Runs.Contains(method.Name) && Is(method.ContainingType, "StorageTransaction");

    private static ITypeSymbol? Receiver(SemanticModel model, InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax access ? model.GetTypeInfo(access.Expression).Type : null;

    private static bool Is(ITypeSymbol? type, string name)
    {
        for (; type is not null; type = type.BaseType) if (type.Name == name && type.ContainingNamespace?.ToString() == "Gatehouse.Storage") return true;
        return false;
    }
}
