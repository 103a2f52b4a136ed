using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Jobs;

/// <summary>The rows of a request that starts a job, each a JSON value: of one JSON document, or a line of JSON for each (<c>application/x-ndjson</c>).</summary>
public sealed record RowsBody(IReadOnlyList<ReadOnlyMemory<byte>> Rows, Problem? Problem)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <param name="member">The one member of the document, a list.</param>
    /// <returns>The rows; or 415 <c>media_type_unsupported</c>, 400 <c>body_invalid</c>, 422 <c>rows_invalid</c>.</returns>
    public static RowsBody Read(string? contentType, byte[] body, string member) => MediaTypeOf(contentType) switch
    {
        "application/x-ndjson" => OfLines(body, member),
        "application/json" => OfDocument(body, member),
        _ => Of(new Problem("media_type_unsupported", 415, $"Send {member} as application/json or application/x-ndjson.")),
    };

    public static RowsBody Of(Problem problem) => new([], problem);

    public static Problem TooMany(string member) => Problem.Invalid("rows_invalid", $"A job has 1 to {JobIntake.MaxRows} rows.", member);

    /// <summary>Without parameters, in lower case.</summary>
    public static string MediaTypeOf(string? contentType) => (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private static RowsBody OfDocument(byte[] body, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(member, out var rows) || rows.ValueKind != JsonValueKind.Array
                || document.RootElement.GetPropertyCount() != 1) return Malformed(member);
            if (rows.GetArrayLength() > JobIntake.MaxRows) return Of(TooMany(member));
            return new([.. rows.EnumerateArray().Select(o => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(o.GetRawText()))], null);
        }
        catch (JsonException) { return Malformed(member); }
    }

    private static RowsBody OfLines(byte[] body, string member)
    {
        List<ReadOnlyMemory<byte>> rows = [];
        for (var rest = body.AsMemory(); !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.IsEmpty) continue;
            if (rows.Count == JobIntake.MaxRows) return Of(TooMany(member));
            rows.Add(line);
        }
        return new(rows, null);
    }

    private static RowsBody Malformed(string member) => Of(Problem.BadRequest("body_invalid", $"The body is an object with the one member {member}, a list, and names no member twice."));
}
