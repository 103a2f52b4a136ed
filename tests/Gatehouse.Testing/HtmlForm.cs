using System.Net;
using System.Text.RegularExpressions;

namespace Gatehouse.Testing;

/// <summary>One form of a page, as a program without scripts sees it: where it goes, what it carries, which buttons it has.</summary>
public sealed partial record HtmlForm(string Action, string Method, IReadOnlyList<HtmlInput> Inputs)
{
    public IEnumerable<HtmlInput> Buttons => Inputs.Where(i => i.Button);

    /// <summary>What is posted when nothing is filled in.</summary>
    public Dictionary<string, string> Fields()
    {
        Dictionary<string, string> fields = [];
        foreach (var input in Inputs)
            if (!input.Button && input.Name.Length > 0 && (input.Type != "checkbox" || input.Checked)) fields[input.Name] = input.Value;
        return fields;
    }

    public static IReadOnlyList<HtmlForm> Parse(string html)
    {
        List<HtmlForm> forms = [];
        foreach (Match form in FormElement().Matches(html))
        {
            var inputs = InputElement().Matches(form.Groups["inner"].Value).Select(m => HtmlInput.Parse(m.Value)).ToArray();
            forms.Add(new(Attribute(form.Groups["tag"].Value, "action") ?? "", (Attribute(form.Groups["tag"].Value, "method") ?? "get").ToLowerInvariant(), inputs));
        }
        return forms;
    }

    internal static string? Attribute(string tag, string name)
    {
        foreach (Match attribute in AttributeText().Matches(tag))
            if (attribute.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase)) return WebUtility.HtmlDecode(attribute.Groups["value"].Value);
        return null;
    }

    [GeneratedRegex("(?<tag><form\\b[^>]*>)(?<inner>.*?)</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex FormElement();

    [GeneratedRegex("<(input|button)\\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex InputElement();

    [GeneratedRegex("\\s(?<name>[a-zA-Z-]+)(=\"(?<value>[^\"]*)\")?")]
    private static partial Regex AttributeText();
}

/// <summary>An input or a button of a form.</summary>
public sealed record HtmlInput(string Name, string Type, string Value, bool Button, bool Checked)
{
    internal static HtmlInput Parse(string tag)
    {
        var type = HtmlForm.Attribute(tag, "type") ?? "text";
        var button = tag.StartsWith("<button", StringComparison.OrdinalIgnoreCase);
        return new(HtmlForm.Attribute(tag, "name") ?? "", type, HtmlForm.Attribute(tag, "value") ?? "", button || type == "submit", HtmlForm.Attribute(tag, "checked") is not null);
    }
}
