using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>
/// Gives each operation an example of its request and of its answer. Requests are written by hand in <c>examples.json</c>, so that they can be sent; answers,
/// and requests that nobody wrote, are made from their schemas with that file's values. Each stands once, below <c>components/examples</c>.
/// </summary>
internal sealed partial class ExampleWriter
{
    /// <summary>The part of each example's ids after the prefix.</summary>
    internal const string Id = "01h455vb4pex5vsknk084sn02q";
    private const string Time = "2026-11-21T15:00:00Z";

    private readonly JsonObject schemas, examples = [];
    private readonly JsonObject requests, values, places;

    private ExampleWriter(JsonObject document)
    {
        var file = JsonNode.Parse(File.ReadAllText(Repository.Path("tests", "Gatehouse.Tests", "Http", "OpenApi", "examples.json")))!;
        (requests, values, places) = (file["requests"]!.AsObject(), file["values"]!.AsObject(), file["places"]!.AsObject());
        values["TenantSettings"] = JsonSerializer.SerializeToNode(new TenantSettings(), TenantSettingsJson.Default.TenantSettings);
        schemas = document["components"]!["schemas"]!.AsObject();
    }

    /// <param name="document">A description whose operations need examples; those that have some keep them.</param>
    internal static void Write(JsonObject document, string title)
    {
        var writer = new ExampleWriter(document);
        foreach (var (path, item) in document["paths"]!.AsObject())
            foreach (var (_, operation) in item!.AsObject())
                writer.Complete(title, path, operation!.AsObject());
        writer.schemas["Problem"]!["examples"] = new JsonArray(writer.Sample(writer.schemas["Problem"]!.AsObject(), "", "Problem"));
        if (writer.examples.Count > 0) document["components"]!["examples"] = new JsonObject(writer.examples.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, e.Value?.DeepClone())));
    }

    private void Complete(string title, string path, JsonObject operation)
    {
        var name = operation["operationId"]!.GetValue<string>();
        var segments = path.Split('/');
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            if (parameter!["in"]!.GetValue<string>() == "path")
            {
                var at = Array.IndexOf(segments, "{" + parameter["name"]!.GetValue<string>() + "}");
                parameter["example"] = (places[parameter["name"]!.GetValue<string>()] ?? places[segments[at - 1]])?.DeepClone()
                    ?? $"{parameter["name"]!.GetValue<string>()}-1";
            }
        foreach (var (type, content) in operation["requestBody"]?["content"]?.AsObject() ?? [])
        {
            if (content!["examples"] is not null) continue;
            // The same words may name an operation of another description.
            var wanted = requests[$"{title}/{name}"] is null ? name : $"{title}/{name}";
            if (type.StartsWith("text/", StringComparison.Ordinal))
            {
                content["schema"] = new JsonObject { ["type"] = "string" };
                content["example"] = requests[$"{wanted}, {type}"]?.DeepClone() ?? "";
                continue;
            }
            if (requests[wanted] is not { } body)
            {
                content["example"] = Sample(content["schema"]!.AsObject(), "", name);
                continue;
            }
            if (type == "application/x-ndjson")
            {
                // A document a line is no JSON document.
                content["schema"] = new JsonObject { ["type"] = "string" };
                content["example"] = string.Concat(body.AsObject().First().Value!.AsArray().Select(o => o!.ToJsonString() + "\n"));
                continue;
            }
            examples[name] ??= new JsonObject { ["value"] = body.DeepClone() };
            content["examples"] = Reference(name);
        }
        foreach (var (status, answer) in operation["responses"]!.AsObject())
            if (status[0] == '2')
                foreach (var (_, content) in answer!["content"]?.AsObject() ?? [])
                {
                    if (content!["examples"] is not null || content["example"] is not null || content["schema"] is not JsonObject schema) continue;
                    if (schema["$ref"]?.GetValue<string>().Split('/')[^1] is not { } shape || shape == "JsonElement")
                    {
                        content["example"] = values[name]?.DeepClone() ?? Sample(schema, name, name);
                        continue;
                    }
                    examples[shape] ??= new JsonObject { ["value"] = Sample(schema, "", shape) };
                    content["examples"] = Reference(shape);
                }
    }

    private static JsonObject Reference(string name) => new() { ["example"] = new JsonObject { ["$ref"] = "#/components/examples/" + name } };

    /// <summary>A value of a schema: the one that is written for the member, or for a member of its name, or the plainest there is.</summary>
    private JsonNode? Sample(JsonObject schema, string member, string owner, int depth = 0)
    {
        if (depth > 0 && (values[$"{owner}.{member}"] ?? values[member]) is { } written && Fits(schema, written)) return written.DeepClone();
        if (schema["$ref"] is { } reference)
        {
            var shape = reference.GetValue<string>().Split('/')[^1];
            return values[shape]?.DeepClone() ?? Sample(schemas[shape]!.AsObject(), member, shape, depth + 1);
        }
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choice) return choice.Any(IsNull) ? null : Sample(choice[0]!.AsObject(), member, owner, depth + 1);
        if (schema["enum"] is JsonArray allowed) return allowed[0]?.DeepClone();
        if (schema["default"] is { } usual) return usual.DeepClone();
        if (schema["type"] is JsonArray types && types.Any(t => t!.GetValue<string>() == "null")) return null;
        switch (TypeOf(schema))
        {
            case "object" when schema["properties"] is JsonObject properties:
                var required = schema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
                JsonObject made = [];
                foreach (var (name, property) in properties)
                {
                    var value = depth > 16 ? null : Sample(property!.AsObject(), name, owner, depth + 1);
                    if (value is not null || required.Contains(name)) made[name] = value;
                }
                return made;
            case "object": return new JsonObject();
            case "array":
                var items = schema["items"] as JsonObject ?? [];
                return Sample(items, "", owner, depth + 1) is { } item && TypeOf(items) != "string" ? new JsonArray(item) : [];
            case "boolean": return false;
            case "integer" or "number": return 1;
            case "string" when schema["pattern"]?.GetValue<string>() is { } pattern && Prefix().Match(pattern) is { Success: true } id: return $"{id.Groups[1].Value}_{Id}";
            case "string": return schema["format"]?.GetValue<string>() switch { "date-time" => Time, "date" => Time[..10], "uuid" => "ee882879-721c-4913-9775-3dfcce97072a", _ => member };
            default: return new JsonObject();
        }
    }

    private static bool Fits(JsonObject schema, JsonNode value)
    {
        var kind = value.GetValueKind() switch { JsonValueKind.String => "string", JsonValueKind.Number => "integer", JsonValueKind.Array => "array", JsonValueKind.Object => "object", _ => "boolean" };
        return schema["type"] switch
        {
            JsonArray types => types.Any(t => t!.GetValue<string>() == kind),
            JsonValue type => type.GetValue<string>() == kind,
            _ => schema["$ref"] is not null || schema["oneOf"] is not null ? kind == "object" : true,
        } && schema["format"] is null && (value is not JsonArray { Count: > 0 } list || schema["items"] is not JsonObject items || TypeOf(items) == "string" == (list[0]!.GetValueKind() == JsonValueKind.String));
    }

    private static bool IsNull(JsonNode? schema) => schema?["type"] is JsonValue type && type.GetValue<string>() == "null";

    private static string? TypeOf(JsonObject schema) => schema["type"] switch { JsonArray types => types.Select(t => t!.GetValue<string>()).First(t => t != "null"), JsonValue type => type.GetValue<string>(), _ => null };

    [GeneratedRegex("^\\^([a-z]{3})_")]
    private static partial Regex Prefix();
}
