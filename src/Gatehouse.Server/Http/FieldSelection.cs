using System.Buffers;
using System.Text.Json;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Http;

/// <summary>
/// <c>?fields=id,emails</c>: answers with these members only; of a list, of its items. Done to the finished answer, so that it is the same everywhere and
/// nothing appears that the whole answer would not have had.
/// </summary>
internal static class FieldSelection
{
    private const int MaxLength = 1000, MaxNames = 50;

    internal static async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var asked = http.Request.Query["fields"];
        if (asked.Count == 0) { await next(http); return; }
        if (Read(asked[0]) is not { } names || asked.Count > 1)
        {
            await Invalid($"fields names 1 to {MaxNames} members of the answer, with commas between them.").ToHttp().ExecuteAsync(http);
            return;
        }
        var output = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var captured = new MemoryStream();
        var capture = new StreamResponseBodyFeature(captured);
        http.Features.Set<IHttpResponseBodyFeature>(capture);
        try
        {
            await next(http);
            await capture.CompleteAsync();
        }
        finally { http.Features.Set(output); }

        ReadOnlyMemory<byte> body = captured.GetBuffer().AsMemory(0, (int)captured.Length);
        if (http.Response is { StatusCode: StatusCodes.Status200OK, ContentType: { } type } && type.StartsWith("application/json", StringComparison.Ordinal))
        {
            if (!Cut(body, names).TryGet(out var cut, out var problem))
            {
                SecurityHeaders.StartAnew(http);
                await problem.ToHttp().ExecuteAsync(http);
                return;
            }
            body = cut;
            http.Response.ContentLength = null;
        }
        await output.Stream.WriteAsync(body, http.RequestAborted);
    }

    private static List<string>? Read(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength }) return null;
        List<string> names = [.. text.Split(',')];
        return names.Count <= MaxNames && names.TrueForAll(n => n.Length > 0 && n.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) ? names : null;
    }

    private static Result<byte[], Problem> Cut(ReadOnlyMemory<byte> json, List<string> names)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var root = document.RootElement;
            if (!root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
            {
                if (Unknown(root, names) is { } problem) return problem;
                Write(writer, root, names);
            }
            else
            {
                // All items have the same members; an empty page has nothing to be wrong about.
                if (items.GetArrayLength() > 0 && Unknown(items[0], names) is { } problem) return problem;
                writer.WriteStartObject();
                foreach (var member in root.EnumerateObject())
                {
                    if (!member.NameEquals("items")) { member.WriteTo(writer); continue; }
                    writer.WriteStartArray("items");
                    foreach (var item in items.EnumerateArray()) Write(writer, item, names);
                    writer.WriteEndArray();
                }
                writer.WriteEndObject();
            }
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement item, List<string> names)
    {
        writer.WriteStartObject();
        foreach (var member in item.EnumerateObject()) if (names.Contains(member.Name)) member.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static Problem? Unknown(JsonElement item, List<string> names)
    {
        foreach (var name in names)
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out _))
                return Invalid($"What is listed here has no member {name}; it has {string.Join(", ", item.ValueKind == JsonValueKind.Object ? item.EnumerateObject().Select(m => m.Name) : [])}.");
        return null;
    }

    private static Problem Invalid(string detail) => Problem.BadRequest("fields_invalid", detail, "fields");
}
