using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>
/// The body of a PATCH: an RFC 7396 merge patch over members that the handler names. What is absent stays, what is null is cleared where
/// the handler allows null. Typed reads remember the first mistake, so that a handler reads everything and then asks once.
/// </summary>
/// <remarks>Bind it as a parameter; declare the schema for the documentation with <c>.Accepts&lt;T&gt;("application/merge-patch+json")</c>.</remarks>
public sealed class MergePatch
{
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonElement root;

    private MergePatch(JsonElement root, Problem? problem) => (this.root, Problem) = (root, problem);

    /// <summary>The first thing wrong with the patch; null when everything read so far was right.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => root.ValueKind != JsonValueKind.Object || root.GetPropertyCount() == 0;

    public static async ValueTask<MergePatch?> BindAsync(HttpContext http)
    {
        if (!HasJsonType(http.Request.ContentType)) return new(default, new Problem("media_type_unsupported", 415, "Send a PATCH as application/merge-patch+json or application/json."));
        var body = await RequestBody.ReadAsync(http.Request, RequestBody.MaxBytes, http.RequestAborted);
        try
        {
            if (!JsonText.IsText(body)) return new(default, Kernel.Problem.BadRequest("body_invalid", "The body is not valid JSON, or names a member twice."));
            using var document = JsonDocument.Parse(body, strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(document.RootElement.Clone(), null)
                : new(default, Kernel.Problem.BadRequest("body_invalid", "The body of a PATCH is one JSON object (RFC 7396)."));
        }
        catch (JsonException)
        {
            return new(default, Kernel.Problem.BadRequest("body_invalid", "The body is not valid JSON, or names a member twice."));
        }
    }

    /// <summary>A patch inside a larger document, for operations on many.</summary>
    public static MergePatch Of(JsonElement patch) => patch.ValueKind == JsonValueKind.Object
        ? new(patch, null) : new(default, Kernel.Problem.BadRequest("body_invalid", "A patch is one JSON object (RFC 7396)."));

    /// <summary>Names every member that may be changed. Any other is a mistake: silently ignoring it would look like success.</summary>
    /// <returns>Null, or the first problem.</returns>
    public Problem? Expect(params ReadOnlySpan<string> members)
    {
        if (Problem is not null) return Problem;
        foreach (var member in root.EnumerateObject())
            if (!members.Contains(member.Name))
                return Problem = Kernel.Problem.Invalid("member_unknown", "This member does not exist or cannot be changed.", member.Name.Length <= 100 ? member.Name : member.Name[..100]);
        return null;
    }

    public bool Has(string member) => Problem is null && root.TryGetProperty(member, out _);

    /// <summary>The new text, or <paramref name="current"/> where the patch does not speak of it.</summary>
    public string Text(string member, string current) =>
        !Find(member, out var value) ? current : value.ValueKind == JsonValueKind.String ? value.GetString()! : Mistyped(member, "a text", current);

    /// <summary>As <see cref="Text"/>, and null clears.</summary>
    public string? TextOrNull(string member, string? current) =>
        !Find(member, out var value) ? current : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => Mistyped(member, "a text or null", current),
        };

    public bool Flag(string member, bool current) =>
        !Find(member, out var value) ? current : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Mistyped(member, "true or false", current);

    public int? NumberOrNull(string member, int? current) =>
        !Find(member, out var value) ? current : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            _ => Mistyped(member, "a whole number or null", current),
        };

    /// <summary>A list is replaced whole (RFC 7396 §1).</summary>
    public IReadOnlyList<string> Texts(string member, IReadOnlyList<string> current)
    {
        if (!Find(member, out var value)) return current;
        if (value.ValueKind != JsonValueKind.Array) return Mistyped(member, "a list of texts", current);
        List<string> texts = [];
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return Mistyped(member, "a list of texts", current);
            texts.Add(item.GetString()!);
        }
        return texts;
    }

    /// <summary>The member as it came, for values that their own room reads.</summary>
    public bool TryGet(string member, out JsonElement value)
    {
        value = default;
        return Find(member, out value);
    }

    /// <summary>The whole patch, for documents that their own room reads. Only without a <see cref="Problem"/>.</summary>
    public JsonObject ToObject() => JsonObject.Create(root) ?? throw new InvalidOperationException("A patch with a problem has no object.");

    private bool Find(string member, out JsonElement value)
    {
        value = default;
        return Problem is null && root.TryGetProperty(member, out value);
    }

    private T Mistyped<T>(string member, string expected, T current)
    {
        Problem = Kernel.Problem.Invalid("member_invalid", $"{member} is {expected}.", member);
        return current;
    }

    private static bool HasJsonType(string? contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase);
    }
}
