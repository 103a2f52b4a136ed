using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Gatehouse.Architecture.Docs;

/// <summary>A declaration's summary as one line of Markdown.</summary>
internal static partial class DocComment
{
    internal static string Summary(ISymbol symbol)
    {
        var xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrEmpty(xml) || XElement.Parse(xml).Element("summary") is not { } summary) return "";
        return Space().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "paramref" } see => $"`{Last(see.Attribute("cref")?.Value ?? see.Attribute("name")?.Value ?? see.Attribute("langword")?.Value ?? "")}`",
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    private static string Last(string cref) => cref[(cref.LastIndexOfAny([':', '.']) + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
