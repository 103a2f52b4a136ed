using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Flows.Definitions;

/// <summary>The parts that every step is made of, read strictly; keeps everything that is wrong, each with the path of its member.</summary>
internal sealed class DefinitionParts
{
    internal const int MaxId = 40;
    private const int MaxProblems = 20;
    private readonly List<Problem> problems = [];

    internal List<Problem> Problems => problems;

    internal void Fault(string path, string detail)
    {
        if (problems.Count < MaxProblems) problems.Add(Problem.Invalid("flow_invalid", detail, path));
    }

    /// <summary>An object with none but these members.</summary>
    internal bool IsObject(JsonElement json, string path, params ReadOnlySpan<string> members)
    {
        if (json.ValueKind != JsonValueKind.Object) { Fault(path, $"{path} is an object."); return false; }
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
            if (!members.Contains(member.Name)) { Fault($"{path}.{(member.Name.Length > MaxId ? "…" : member.Name)}", "There is no such member here."); return false; }
            else if (!seen.Add(member.Name)) { Fault($"{path}.{member.Name}", "This member occurs twice."); return false; }
        return true;
    }

    internal string Text(JsonElement json, string name, string path, int max)
    {
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= max && !text.Any(char.IsControl)) return text;
        Fault($"{path}.{name}", $"{name} is a text of 1 to {max} characters on one line.");
        return "";
    }

    /// <summary>Words by language; English at least, which everybody falls back to.</summary>
    internal Dictionary<string, string> Texts(JsonElement json, string name, string path, int max)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject())
                if (member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { Length: > 0 } text && text.Length <= max && !text.Contains('\0') && member.Name is "en" or "fa") texts[member.Name] = member.Value.GetString()!;
                else Fault($"{path}.{name}", $"{name} has texts of 1 to {max} characters, named by language: en, fa.");
        if (!texts.ContainsKey("en")) Fault($"{path}.{name}", $"{name} has at least an English text, en.");
        return texts;
    }

    internal bool Flag(JsonElement json, string name, string path)
    {
        if (!json.TryGetProperty(name, out var value)) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Fault($"{path}.{name}", $"{name} is true or false.");
        return value.ValueKind == JsonValueKind.True;
    }
}
