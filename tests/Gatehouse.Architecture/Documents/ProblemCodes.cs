using Gatehouse.Architecture.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gatehouse.Architecture.Documents;

/// <param name="Meaning">The detail as written, with … for what is filled in.</param>
internal sealed record ProblemUse(string Code, int Status, string Meaning);

/// <summary>Every place where the product makes a <c>Problem</c>, and what it says there.</summary>
internal sealed class ProblemCodes
{
    private const string Type = "Gatehouse.Kernel.Problem";

    private static readonly Dictionary<string, int> factories = new(StringComparer.Ordinal)
    {
        ["BadRequest"] = 400, ["Unauthorized"] = 401, ["Forbidden"] = 403, ["NotFound"] = 404, ["Conflict"] = 409,
        ["PreconditionFailed"] = 412, ["Invalid"] = 422, ["TooMany"] = 429, ["Unavailable"] = 503,
    };

    internal List<ProblemUse> Uses { get; } = [];

    /// <summary>Places whose code or status is not written there: a code nobody can find by searching for it.</summary>
    internal List<string> Unreadable { get; } = [];

    internal static ProblemCodes Of(CSharpCompilation compilation)
    {
        var codes = new ProblemCodes();
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = ProductCompilation.ModelOf(compilation, tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
                if (node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax) codes.Read(node, model);
        }
        return codes;
    }

    private void Read(SyntaxNode node, SemanticModel model)
    {
        if (model.GetSymbolInfo(node).Symbol is not IMethodSymbol method || method.ContainingType.ToDisplayString() != Type) return;
        var made = method.MethodKind == MethodKind.Constructor;
        if (!made && !factories.ContainsKey(method.Name)) return;
        var arguments = node is InvocationExpressionSyntax call ? call.ArgumentList : ((BaseObjectCreationExpressionSyntax)node).ArgumentList;
        if (arguments is null) return;

        ExpressionSyntax? Argument(string name) => arguments.Arguments.Select((a, i) => (a, Name: a.NameColon?.Name.Identifier.ValueText ?? method.Parameters[i].Name))
            .FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)).a?.Expression;
        object? Constant(string name) => Argument(name) is { } expression && model.GetConstantValue(expression) is { HasValue: true } value ? value.Value : null;

        var status = made ? Constant("status") as int? : factories[method.Name];
        if (Constant("code") is string code && status is { } number) Uses.Add(new(code, number, Meaning(Argument("detail"), model)));
        else Unreadable.Add($"{node.GetLocation().GetLineSpan().Path}({node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}): {node}");
    }

    private static string Meaning(ExpressionSyntax? detail, SemanticModel model) => detail switch
    {
        null => "",
        _ when model.GetConstantValue(detail) is { HasValue: true, Value: string text } => text,
        InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(part => part switch
        {
            InterpolatedStringTextSyntax text => text.TextToken.ValueText,
            InterpolationSyntax hole when model.GetConstantValue(hole.Expression) is { HasValue: true, Value: { } value } => value.ToString(),
            _ => "…",
        })),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => Meaning(sum.Left, model) + Meaning(sum.Right, model),
        _ => "",
    };
}
