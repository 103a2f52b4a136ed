using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>The documentation comments of the server, as the compiler wrote them beside the assembly.</summary>
internal sealed partial class XmlComments
{
    private readonly Dictionary<string, XElement> members;

    internal XmlComments(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(file)) throw new InvalidOperationException($"The compiler's documentation file {file} is missing.");
        members = XDocument.Load(file).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    /// <summary>What an operation does: its class's summary after the route, or its method's where a class has several.</summary>
    internal string? SummaryOf(MethodInfo handler)
    {
        var text = Text(Member(handler)?.Element("summary")) ?? Text(Type(handler.DeclaringType)?.Element("summary"));
        return text is null ? null : Capital(RoutePrefix().Replace(text, ""));
    }

    internal string? ParameterOf(MethodInfo handler, string name) => Param(Member(handler), name);

    /// <summary>A property of a record is documented where the record lists it.</summary>
    internal string? PropertyOf(Type type, string name) => Param(Type(type), name) ?? Text(members.GetValueOrDefault($"P:{Name(type)}.{name}")?.Element("summary"));

    internal string? SummaryOf(Type type) => Text(Type(type)?.Element("summary"));

    /// <summary>The statuses of <c>returns</c> with the problem codes named after each: "201; 409 <c>email_taken</c>".</summary>
    internal IReadOnlyList<(int Status, IReadOnlyList<string> Codes)> AnswersOf(MethodInfo handler)
    {
        if (Member(handler)?.Element("returns") is not { } returns) return [];
        // "As DisableAsync": said once, there.
        if (returns.Value.Trim().StartsWith("As", StringComparison.Ordinal) && returns.Element("see")?.Attribute("cref")?.Value is { } elsewhere
            && members.GetValueOrDefault(elsewhere)?.Element("returns") is { } said) returns = said;
        var text = new StringBuilder();
        foreach (var node in returns.Nodes())
            text.Append(node switch
            {
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                // "422 … and what CreateApi says of values": its codes of the same status.
                XElement { Name.LocalName: "see" } see when Answer().Matches(text.ToString()) is [.., var last] => Codes(see.Attribute("cref")?.Value, last.Groups[1].Value),
                XElement other => other.Value,
                XText plain => plain.Value,
                _ => "",
            });
        List<(int, IReadOnlyList<string>)> answers = [];
        foreach (Match part in Answer().Matches(text.ToString()))
            answers.Add((int.Parse(part.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
                [.. Code().Matches(part.Groups[2].Value).Select(m => m.Groups[1].Value)]));
        return answers;
    }

    private string Codes(string? member, string status)
    {
        if (member is null || members.GetValueOrDefault(member)?.Element("returns") is not { } said) return "";
        var text = string.Concat(said.Nodes().Select(n => n switch { XElement { Name.LocalName: "c" } code => $"`{code.Value}`", XText plain => plain.Value, _ => "" }));
        return string.Join(", ", Answer().Matches(text).Where(m => m.Groups[1].Value == status).SelectMany(m => Code().Matches(m.Groups[2].Value)).Select(c => c.Value));
    }

    private XElement? Member(MethodInfo method)
    {
        var prefix = $"M:{Name(method.DeclaringType!)}.{method.Name}";
        return members.FirstOrDefault(m => m.Key == prefix || m.Key.StartsWith(prefix + "(", StringComparison.Ordinal)).Value;
    }

    private XElement? Type(Type? type) => type is null ? null : members.GetValueOrDefault("T:" + Name(type));

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string? Param(XElement? member, string name) =>
        Text(member?.Elements("param").FirstOrDefault(p => string.Equals(p.Attribute("name")?.Value, name, StringComparison.Ordinal)));

    private static string? Text(XElement? element)
    {
        if (element is null) return null;
        foreach (var see in element.Descendants().Where(e => e.Name.LocalName is "see" or "paramref").ToList())
            see.ReplaceWith((see.Attribute("cref")?.Value ?? see.Attribute("name")?.Value ?? "").Split('.', ':')[^1]);
        var text = Spaces().Replace(element.Value, " ").Trim();
        return text.Length == 0 ? null : text;
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"^(GET|POST|PUT|PATCH|DELETE) /\S+( and \S+)?(: |\. )")]
    private static partial Regex RoutePrefix();

    [GeneratedRegex(@"\b([1-5]\d\d)\b([^;]*)")]
    private static partial Regex Answer();

    [GeneratedRegex("`([a-z_…]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
