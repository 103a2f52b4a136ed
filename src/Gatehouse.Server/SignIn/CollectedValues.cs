using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gatehouse.Flows.Definitions;
using Gatehouse.Kernel;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>The values that a person gave for fields of a flow, checked: what may become hers, or what is wrong and where.</summary>
internal sealed record CollectedValues(IReadOnlyDictionary<string, string> Typed, IReadOnlyDictionary<string, JsonValue> Values, IReadOnlyDictionary<string, bool> Claims, IReadOnlyList<StepFault> Faults)
{
    internal bool IsEmpty => Values.Count == 0;

    internal static CollectedValues Read(IReadOnlyList<CollectField> fields, StepInput input)
    {
        Dictionary<string, string> typed = new(StringComparer.Ordinal);
        Dictionary<string, JsonValue> values = new(StringComparer.Ordinal);
        List<StepFault> faults = [];
        foreach (var field in fields)
        {
            var text = typed[field.Name] = input[field.Name].Trim();
            if (text.Length == 0)
            {
                if (field.Required) faults.Add(new(field.Name, "value_missing"));
            }
            else if (field.Schema.Read(text).TryGet(out var value, out var code)) values[field.Name] = value;
            else faults.Add(new(field.Name, code));
        }
        return new(typed, values, fields.ToDictionary(f => f.Name, f => f.IsClaim, StringComparer.Ordinal), faults);
    }

    /// <summary>What the Users room has against a value.</summary>
    internal CollectedValues With(Problem problem) => this with { Faults = [new(problem.Field is { } field ? field == "display_name" ? "name" : field : "", problem.Code)] };

    /// <summary>Her profile with what is still missing in it.</summary>
    internal (Profile Profile, IReadOnlyList<string> Written) ProfileOf(User user, IReadOnlyList<CollectField> missing)
    {
        string[] written = [.. missing.Where(f => Values.ContainsKey(f.Name)).Select(f => f.Name)];
        string? Claim(string name, string? present) => written.Contains(name, StringComparer.Ordinal) && Claims[name] ? Values[name].GetValue<string>() : present;
        JsonObject patch = [];
        foreach (var name in written)
            if (!Claims[name]) patch[name] = Values[name].DeepClone();
        return (new Profile(Claim("name", user.DisplayName), Claim("given_name", user.GivenName), Claim("family_name", user.FamilyName), Claim("locale", user.Locale), Claim("zoneinfo", user.Zoneinfo),
            patch.Count == 0 ? null : JsonElement.Parse(patch.ToJsonString())), written);
    }

    /// <summary>The attributes among them, as a JSON object.</summary>
    internal string AttributesOf(IReadOnlyList<CollectField> fields)
    {
        JsonObject attributes = [];
        foreach (var field in fields)
            if (!field.IsClaim && Values.TryGetValue(field.Name, out var value)) attributes[field.Name] = value.DeepClone();
        return attributes.ToJsonString();
    }

    internal static IReadOnlyList<StepField> Fields(IReadOnlyList<CollectField> fields) =>
        [.. fields.Select(f => new StepField(f.Name, f.Schema.Type == "string" ? "text" : f.Schema.Type, FieldSchema.LongestText, !f.Required))];

    internal static IReadOnlyList<CollectQuestion> Questions(IReadOnlyList<CollectField> fields, string locale, CollectedValues? answered) =>
    [
        .. fields.Select(f => new CollectQuestion(f.Name, In(f.Label, locale), f.Help is { } help ? In(help, locale) : null, f.Required, f.Schema.Type, f.Schema.Format, f.IsClaim,
            f.Schema.Choices is { } choices ? [.. choices.Select(c => new CollectChoice(c, f.ChoiceLabels is { } labels && labels.TryGetValue(c, out var words) ? In(words, locale) : c))] : null)
        {
            Schema = f.Schema, Value = answered?.Typed.GetValueOrDefault(f.Name), Problem = answered?.Faults.FirstOrDefault(p => p.Field == f.Name)?.Code,
        }),
    ];

    /// <summary>JSON Schema of the answer.</summary>
    internal static JsonObject Describe(IReadOnlyList<CollectField> fields, string locale)
    {
        JsonObject properties = [];
        foreach (var field in fields)
        {
            var schema = field.Schema.Describe();
            schema["title"] = In(field.Label, locale);
            if (field.Help is { } help) schema["description"] = In(help, locale);
            properties[field.Name] = schema;
        }
        return new()
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray([.. fields.Where(f => f.Required).Select(f => (JsonNode)JsonValue.Create(f.Name))]), ["additionalProperties"] = false,
        };
    }

    internal static string In(IReadOnlyDictionary<string, string> texts, string locale) => texts.TryGetValue(locale, out var text) ? text : texts["en"];
}

/// <summary>One field as a person sees it.</summary>
/// <param name="Type"><c>string</c>, <c>boolean</c>, <c>integer</c>, <c>number</c>.</param>
/// <param name="Choices">The only values there are, in words; null: any.</param>
public sealed record CollectQuestion(string Name, string Label, string? Help, bool Required, string Type, string? Format, bool Claim, IReadOnlyList<CollectChoice>? Choices)
{
    [JsonIgnore] public FieldSchema Schema { get; init; } = FieldSchema.Text;
    [JsonIgnore] public string? Value { get; init; }
    [JsonIgnore] public string? Problem { get; init; }
}

public sealed record CollectChoice(string Value, string Label);
