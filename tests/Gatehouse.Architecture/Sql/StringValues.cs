using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gatehouse.Architecture.Sql;

/// <param name="Text">One text the expression can be.</param>
/// <param name="At">File and line of what it is written as.</param>
/// <param name="Owner">The member it is written in, as <c>UserStore.SelectById</c>.</param>
internal sealed record StringValue(string Text, string At, string Owner);

/// <summary>The value of a string cannot be told from the sources.</summary>
public sealed class UnknownValueException(string message) : Exception(message);

/// <summary>
/// Every text that a string expression can be, read from the sources: constants, interpolations, choices, and what private ways (locals,
/// fields, parameters, helper methods) bring from elsewhere. Whatever depends on data has no answer, which is the answer wanted.
/// </summary>
internal sealed class StringValues(CSharpCompilation compilation)
{
    private const int MaxTexts = 256;
    private readonly HashSet<ISymbol> active = new(SymbolEqualityComparer.Default);
    private ILookup<string, SyntaxNode>? calls;

    /// <summary>The literals and constants that answers were made of, by place: what is not among them is never run.</summary>
    internal HashSet<SyntaxNode> Used { get; } = [];

    /// <exception cref="UnknownValueException">It depends on something else than sources.</exception>
    internal IReadOnlyList<StringValue> Of(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner: return Of(inner.Expression);
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure: return Of(sure.Operand);
            case LiteralExpressionSyntax { Token.Value: string text } literal:
                Used.Add(literal);
                return [Value(literal, text)];
            case InterpolatedStringExpressionSyntax interpolated: return Interpolated(interpolated);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum: return Product(sum, [Of(sum.Left), Of(sum.Right)]);
            case ConditionalExpressionSyntax choice: return [.. Of(choice.WhenTrue), .. Of(choice.WhenFalse)];
            case SwitchExpressionSyntax choice: return [.. choice.Arms.Select(a => a.Expression).Where(e => e is not ThrowExpressionSyntax).SelectMany(Of)];
            case CollectionExpressionSyntax list: return [.. list.Elements.OfType<ExpressionElementSyntax>().SelectMany(e => Of(e.Expression))];
            case ImplicitArrayCreationExpressionSyntax array: return [.. array.Initializer.Expressions.SelectMany(Of)];
            case ArrayCreationExpressionSyntax { Initializer: { } items }: return [.. items.Expressions.SelectMany(Of)];
            case ElementAccessExpressionSyntax element: return Of(element.Expression);
            case InvocationExpressionSyntax call: return Symbol(call, Model(call).GetSymbolInfo(call).Symbol);
            case IdentifierNameSyntax or MemberAccessExpressionSyntax: return Symbol(expression, Model(expression).GetSymbolInfo(expression).Symbol);
            default: throw Unknown(expression);
        }
    }

    private List<StringValue> Symbol(ExpressionSyntax use, ISymbol? symbol)
    {
        symbol = symbol?.OriginalDefinition;
        // A way that leads back to itself adds nothing.
        if (symbol is null || !active.Add(symbol)) return symbol is null ? throw Unknown(use) : [];
        try
        {
            var found = symbol switch
            {
                IFieldSymbol { IsConst: true } or IFieldSymbol { IsReadOnly: true } => Initializers(symbol),
                IPropertySymbol { SetMethod: null } or IMethodSymbol => Bodies(symbol),
                ILocalSymbol local => Local(local),
                IParameterSymbol parameter => Arguments(parameter),
                _ => throw Unknown(use),
            };
            return found.Count > 0 ? found : throw Unknown(use);
        }
        finally { active.Remove(symbol); }
    }

    private List<StringValue> Initializers(ISymbol field) =>
        [.. field.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<VariableDeclaratorSyntax>().Where(v => v.Initializer is not null).SelectMany(v => Of(v.Initializer!.Value))];

    private List<StringValue> Bodies(ISymbol member)
    {
        List<StringValue> values = [];
        foreach (var node in member.DeclaringSyntaxReferences.Select(r => r.GetSyntax()))
        {
            if (node is PropertyDeclarationSyntax { Initializer: { } initial }) values.AddRange(Of(initial.Value));
            foreach (var arrow in node.DescendantNodes().OfType<ArrowExpressionClauseSyntax>()) if (arrow.Expression is not ThrowExpressionSyntax) values.AddRange(Of(arrow.Expression));
            foreach (var exit in node.DescendantNodes().OfType<ReturnStatementSyntax>()) if (exit.Expression is { } value) values.AddRange(Of(value));
        }
        return values;
    }

    private List<StringValue> Local(ILocalSymbol local)
    {
        List<StringValue> values = [];
        foreach (var node in local.DeclaringSyntaxReferences.Select(r => r.GetSyntax()))
        {
            if (node is VariableDeclaratorSyntax { Initializer: { } initial }) values.AddRange(Of(initial.Value));
            else if (node is ForEachStatementSyntax each) values.AddRange(Of(each.Expression));
            else if (node is not VariableDeclaratorSyntax) throw Unknown(node);
            var body = node.Ancestors().First(n => n is MemberDeclarationSyntax or LocalFunctionStatementSyntax);
            foreach (var assignment in body.DescendantNodes().OfType<AssignmentExpressionSyntax>())
                if (SymbolEqualityComparer.Default.Equals(Model(assignment).GetSymbolInfo(assignment.Left).Symbol, local))
                    values.AddRange(assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? Of(assignment.Right) : throw Unknown(assignment));
        }
        return values;
    }

    private List<StringValue> Arguments(IParameterSymbol parameter)
    {
        List<StringValue> values = [];
        if (parameter.ContainingSymbol is not IMethodSymbol method || method.MethodKind is MethodKind.AnonymousFunction) throw new UnknownValueException($"{parameter} is a lambda's parameter");
        foreach (var call in CallsOf(method.OriginalDefinition))
        {
            var arguments = call switch
            {
                InvocationExpressionSyntax invocation => invocation.ArgumentList,
                BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
                _ => null,
            } ?? throw Unknown(call);
            var named = arguments.Arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == parameter.Name);
            var argument = named ?? arguments.Arguments.Where(a => a.NameColon is null).ElementAtOrDefault(parameter.Ordinal);
            values.AddRange(argument is not null ? Of(argument.Expression) : parameter.HasExplicitDefaultValue && parameter.ExplicitDefaultValue is string text ? [Value(call, text)] : throw Unknown(call));
        }
        return values;
    }

    /// <summary>Every call of a method. Those that are written with another name are not looked at; a constructor's may have none.</summary>
    private IEnumerable<SyntaxNode> CallsOf(IMethodSymbol method) => Calls()[method.MethodKind == MethodKind.Constructor ? ".ctor" : method.Name].Concat(Calls()[""])
        .Where(n => Model(n).GetSymbolInfo(n).Symbol is IMethodSymbol m && SymbolEqualityComparer.Default.Equals((m.ReducedFrom ?? m).OriginalDefinition, method));

    private ILookup<string, SyntaxNode> Calls() => calls ??= compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes())
        .Where(n => n is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax)
        .ToLookup(n => n is InvocationExpressionSyntax call ? StatementCalls.NameOf(call) ?? "" : ".ctor", StringComparer.Ordinal);

    private List<StringValue> Interpolated(InterpolatedStringExpressionSyntax text)
    {
        List<IReadOnlyList<StringValue>> pieces = [];
        foreach (var part in text.Contents)
            pieces.Add(part switch
            {
                InterpolatedStringTextSyntax literal => [Value(text, literal.TextToken.ValueText)],
                InterpolationSyntax { AlignmentClause: null, FormatClause: null } hole => Hole(hole.Expression),
                _ => throw Unknown(part),
            });
        Used.Add(text);
        return Product(text, pieces);
    }

    // A constant number may stand in a statement; a string is followed to where it is written.
    private IReadOnlyList<StringValue> Hole(ExpressionSyntax expression) =>
        Model(expression).GetConstantValue(expression) is { HasValue: true, Value: int or long } number
            ? [Value(expression, Convert.ToString(number.Value, System.Globalization.CultureInfo.InvariantCulture)!)]
            : Of(expression);

    private List<StringValue> Product(SyntaxNode whole, IReadOnlyList<IReadOnlyList<StringValue>> pieces)
    {
        List<string> texts = [""];
        foreach (var piece in pieces) texts = [.. texts.SelectMany(t => piece.Select(p => t + p.Text))];
        if (texts.Count > MaxTexts) throw new UnknownValueException($"{texts.Count} statements in one expression at {Rooms.RoomReferences.Place(whole)}");
        return [.. texts.Distinct().Select(t => Value(whole, t))];
    }

    internal SemanticModel Model(SyntaxNode node) => Source.ProductCompilation.ModelOf(compilation, node.SyntaxTree);

    internal static StringValue Value(SyntaxNode node, string text) => new(text, Rooms.RoomReferences.Place(node), OwnerOf(node));

    internal static string OwnerOf(SyntaxNode node)
    {
        var member = node.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault();
        var type = node.Ancestors().OfType<TypeDeclarationSyntax>().FirstOrDefault()?.Identifier.Text;
        var name = member switch
        {
            FieldDeclarationSyntax => node.AncestorsAndSelf().OfType<VariableDeclaratorSyntax>().First().Identifier.Text,
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            _ => "",
        };
        return $"{type}.{name}";
    }

    private static UnknownValueException Unknown(SyntaxNode node) => new($"'{node.ToString().Split('\n')[0]}' at {Rooms.RoomReferences.Place(node)} is not written in the sources");
}
