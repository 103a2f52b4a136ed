using Gatehouse.Architecture.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gatehouse.Architecture.Rooms;

/// <summary>One use of another room's declaration.</summary>
/// <param name="At">File and line.</param>
/// <param name="Exported">Whether everything on the way to the declaration is visible outside of its room.</param>
internal sealed record RoomReference(string At, string From, string To, string Name, bool Exported);

/// <summary>Finds every place where one room names, calls, constructs or writes something that another room declares.</summary>
internal static class RoomReferences
{
    internal static IEnumerable<RoomReference> Find(CSharpCompilation compilation, RoomList rooms)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (rooms.RoomOf(tree.FilePath) is not { } from) continue;
            var model = ProductCompilation.ModelOf(compilation, tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                // Expressions include type names, `new()`, indexers and operators, so a use without a name is seen too.
                if (node is not (ExpressionSyntax or ConstructorInitializerSyntax or AttributeSyntax or PrimaryConstructorBaseTypeSyntax)) continue;
                if (Used(model, node) is not { } symbol || RoomOf(symbol, rooms) is not { } to || to == from) continue;
                yield return new(Place(node), from, to, Outermost(symbol).Name + (symbol is INamedTypeSymbol ? "" : "." + symbol.Name), IsExported(symbol));
            }
        }
    }

    internal static string Place(SyntaxNode node)
    {
        var span = node.GetLocation().GetMappedLineSpan();
        var file = span.Path.StartsWith(Source.Repository.Root, StringComparison.Ordinal) ? Source.Repository.Relative(span.Path) : span.Path;
        return $"{file}:{span.StartLinePosition.Line + 1}";
    }

    private static ISymbol? Used(SemanticModel model, SyntaxNode node)
    {
        var info = model.GetSymbolInfo(node);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        if (symbol is IAliasSymbol alias) symbol = alias.Target;
        // A public property may have a setter that is not.
        if (symbol is IPropertySymbol { SetMethod: { } setter } && node is ExpressionSyntax left && IsWritten(left)) return setter;
        return symbol is INamespaceSymbol ? null : symbol;
    }

    private static bool IsWritten(ExpressionSyntax node)
    {
        var target = node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? access : node;
        return target.Parent is AssignmentExpressionSyntax assignment && assignment.Left == target;
    }

    // A partial type has a generated half; the written one says where it lives.
    private static string? RoomOf(ISymbol symbol, RoomList rooms) =>
        Outermost(symbol).DeclaringSyntaxReferences.Select(r => rooms.RoomOf(r.SyntaxTree.FilePath)).FirstOrDefault(r => r is not null);

    private static ISymbol Outermost(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        while (symbol.ContainingType is { } outer) symbol = outer;
        return symbol;
    }

    private static bool IsExported(ISymbol symbol)
    {
        for (var at = symbol.OriginalDefinition; at is not (null or INamespaceSymbol); at = at.ContainingSymbol)
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable))
                return false;
        return true;
    }
}
