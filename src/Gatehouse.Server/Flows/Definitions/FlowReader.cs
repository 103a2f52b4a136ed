using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// Reads a definition strictly: an unknown member, step or condition is a mistake, never ignored, since a policy that is not understood must not
/// look as if it were in force. Says where the mistake is.
/// </summary>
public sealed class FlowReader
{
    private const int MaxSteps = 30, MaxId = 40, MaxText = 4000, MaxUrl = 500;
    private static readonly string[] firstFactors = ["password", "passkey", "email_code", "sms_code"], secondFactors = ["totp", "sms", "passkey"];

    private readonly List<Problem> problems = [];

    private FlowReader()
    {
    }

    /// <returns>The definition, or everything that is wrong with it: <c>flow_invalid</c>, each with the path of its member.</returns>
    public static Result<FlowDefinition, IReadOnlyList<Problem>> Read(JsonElement json)
    {
        var reader = new FlowReader();
        var steps = reader.ReadSteps(json);
        return reader.problems.Count > 0 ? reader.problems : new FlowDefinition(steps, json.GetRawText());
    }

    private List<FlowStep> ReadSteps(JsonElement json)
    {
        List<FlowStep> steps = [];
        if (!IsObject(json, "definition", "steps")) return steps;
        if (!json.TryGetProperty("steps", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is < 1 or > MaxSteps)
        {
            Fault("steps", $"steps is a list of 1 to {MaxSteps} steps.");
            return steps;
        }
        var i = 0;
        foreach (var element in array.EnumerateArray())
            if (ReadStep(element, $"steps[{i++}]") is { } step) steps.Add(step);
        foreach (var twice in steps.GroupBy(s => s.Id, StringComparer.Ordinal).Where(g => g.Count() > 1)) Fault("steps", $"The id {twice.Key} occurs twice.");
        if (problems.Count == 0 && !steps.OfType<FirstFactorStep>().Any(s => s.When is null)) Fault("steps", "One first_factor step has no condition: without it some people could not even begin.");
        return steps;
    }

    private FlowStep? ReadStep(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) return Fault(path, "A step is an object.");
        var id = Text(json, "id", path, MaxId);
        var type = Text(json, "type", path, MaxId);
        FlowCondition? when = null;
        if (json.TryGetProperty("when", out var condition) && (when = new ConditionReader(Fault).Read(condition, path + ".when")) is null) return null;
        switch (type)
        {
            case "first_factor":
                return IsObject(json, path, "id", "type", "when", "any_of") && Names(json, path, firstFactors) is { } first ? new FirstFactorStep(id, when, first) : null;
            case "second_factor":
                if (!IsObject(json, path, "id", "type", "when", "any_of", "enrol", "enrol_from")) return null;
                var any = json.TryGetProperty("any_of", out _) ? Names(json, path, secondFactors) : null;
                var enrol = json.TryGetProperty("enrol", out var flag);
                if (enrol && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return Fault(path + ".enrol", "enrol is true or false.");
                DateTimeOffset? from = null;
                if (json.TryGetProperty("enrol_from", out var date))
                {
                    if (date.ValueKind != JsonValueKind.String || !date.TryGetDateTimeOffset(out var read)) return Fault(path + ".enrol_from", "enrol_from is a time as RFC 3339 writes it.");
                    from = read.ToUniversalTime();
                }
                if (enrol && flag.ValueKind == JsonValueKind.True && any is not null && !any.Contains("totp", StringComparer.Ordinal))
                    return Fault(path + ".enrol", "In the middle of a sign-in only totp can be set up: name it in any_of, or leave any_of out.");
                return new SecondFactorStep(id, when, any, enrol && flag.ValueKind == JsonValueKind.True, from);
            case "terms":
                if (!IsObject(json, path, "id", "type", "when", "terms", "version", "title", "text", "url")) return null;
                var url = json.TryGetProperty("url", out _) ? Text(json, "url", path, MaxUrl) : null;
                if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var target) && target.Scheme == "https")) Fault(path + ".url", "url is an https address.");
                return new TermsStep(id, when, Text(json, "terms", path, MaxId), Text(json, "version", path, MaxId), Texts(json, "title", path, 200), Texts(json, "text", path, MaxText), url);
            case "deny":
                return IsObject(json, path, "id", "type", "when") ? new DenyStep(id, when) : null;
            default:
                return Fault(path + ".type", "type is first_factor, second_factor, terms or deny.");
        }
    }

    private List<string>? Names(JsonElement json, string path, string[] known)
    {
        if (json.TryGetProperty("any_of", out var array) && array.ValueKind == JsonValueKind.Array && array.GetArrayLength() is > 0 and <= 10
            && array.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && known.Contains(e.GetString(), StringComparer.Ordinal)))
            return [.. array.EnumerateArray().Select(e => e.GetString()!).Distinct(StringComparer.Ordinal)];
        Fault(path + ".any_of", $"any_of is a list of {string.Join(", ", known)}.");
        return null;
    }

    private string Text(JsonElement json, string name, string path, int max)
    {
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= max && !text.Any(char.IsControl)) return text;
        Fault($"{path}.{name}", $"{name} is a text of 1 to {max} characters on one line.");
        return "";
    }

    /// <summary>Words by language; English at least, which everybody falls back to.</summary>
    private Dictionary<string, string> Texts(JsonElement json, string name, string path, int max)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject())
                if (member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { Length: > 0 } text && text.Length <= max && !text.Contains('\0') && member.Name is "en" or "fa") texts[member.Name] = member.Value.GetString()!;
                else Fault($"{path}.{name}", $"{name} has texts of 1 to {max} characters, named by language: en, fa.");
        if (!texts.ContainsKey("en")) Fault($"{path}.{name}", $"{name} has at least an English text, en.");
        return texts;
    }

    private bool IsObject(JsonElement json, string path, params ReadOnlySpan<string> members)
    {
        if (json.ValueKind != JsonValueKind.Object) { Fault(path, $"{path} is an object."); return false; }
        foreach (var member in json.EnumerateObject())
            if (!members.Contains(member.Name)) { Fault($"{path}.{(member.Name.Length > MaxId ? "…" : member.Name)}", "There is no such member here."); return false; }
        return true;
    }

    private FlowStep? Fault(string path, string detail)
    {
        if (problems.Count < 20) problems.Add(Problem.Invalid("flow_invalid", detail, path));
        return null;
    }
}
