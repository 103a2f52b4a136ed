using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>What an export holds.</summary>
/// <param name="After">The place after which it begins; 0: from the first entry.</param>
/// <param name="Previous">The hash at that place.</param>
/// <param name="Masked">Whether what tells of persons is masked.</param>
internal sealed record AuditExportPlan(TenantId Tenant, AuditFilter Filter, long After, byte[] Previous, AuditHead Last, string? SignedHead, bool Masked, DateTimeOffset At)
{
    /// <summary>Without filters it is a piece of the chain and can be verified; with them it is an excerpt.</summary>
    internal bool IsWhole => Filter == AuditFilter.All;
}

/// <summary>
/// Writes a tenant's chain to a stream in its order, a page in memory at a time. The end is set before the first byte: what is sealed
/// meanwhile belongs to the next export.
/// </summary>
internal sealed class AuditExport(IDatabase database, PersonKeys persons)
{
    internal const string Format = "gatehouse_audit_export";

    internal async Task WriteAsync(AuditExportPlan plan, string format, Stream output, CancellationToken ct)
    {
        await using var lines = new BufferedStream(output, 64 * 1024);
        var (csv, array) = (format == "csv", format == "json");
        if (csv) await WriteAsync(lines, AuditCsv.Header, ct);
        else if (array) await WriteAsync(lines, $"{{\"export\":{Header(plan)},\"items\":[", ct);
        else await WriteAsync(lines, Header(plan) + "\n", ct);
        var first = true;
        await foreach (var (entry, run) in ChainReader.ReadAsync(database, plan.Tenant, plan.After, plan.Last.Seq, persons, ct))
        {
            if (entry is null ? csv || !plan.IsWhole : !Fits(plan.Filter, entry)) continue;
            var shown = entry is null ? null : plan.Masked ? AuditMask.Mask(entry) : entry;
            if (csv) await WriteAsync(lines, AuditCsv.Line(shown!), ct);
            else
            {
                if (array && !first) await WriteAsync(lines, ",\n", ct);
                await WriteAsync(lines, shown is null ? Line(run!) : Line(shown), ct);
                if (!array) await WriteAsync(lines, "\n", ct);
            }
            first = false;
        }
        if (array) await WriteAsync(lines, "]}\n", ct);
        await lines.FlushAsync(ct);
    }

    /// <summary>The filters of the list, over entries in the chain's own order.</summary>
    private static bool Fits(AuditFilter filter, AuditRow row) =>
        (filter.Actor is null || filter.Actor == row.ActorId) && (filter.Target is null || filter.Target == row.TargetId)
        && (filter.Action is null || (filter.IsClass ? filter.Action[..^2] == row.Class : filter.Action == row.Action))
        && (filter.Outcome is null || filter.Outcome == row.Outcome) && (filter.Organization is null || filter.Organization == row.Organization)
        && (filter.Ip is null || filter.Ip == row.Ip) && (filter.From is null || row.At >= filter.From) && (filter.To is null || row.At < filter.To);

    private static string Header(AuditExportPlan plan) => Json(json =>
    {
        json.WriteNumber(Format, 1);
        json.WriteString("tenant", plan.Tenant.ToString());
        json.WriteBoolean("whole", plan.IsWhole);
        json.WriteBoolean("masked", plan.Masked);
        json.WriteNumber("after_seq", plan.After);
        json.WriteString("previous", Convert.ToHexStringLower(plan.Previous));
        json.WriteNumber("last_seq", plan.Last.Seq);
        json.WriteString("last_hash", Convert.ToHexStringLower(plan.Last.Hash));
        json.WriteString("exported_at", AuditCanonical.Time(plan.At));
        json.WriteString("signed_head", plan.SignedHead);
    });

    private static string Line(TrimmedRun run) => Json(json =>
    {
        json.WriteStartObject("trimmed");
        json.WriteNumber("first_seq", run.First);
        json.WriteNumber("last_seq", run.Last);
        json.WriteString("hash", Convert.ToHexStringLower(run.Hash));
        json.WriteString("checkpoint", run.Checkpoint.ToString());
        json.WriteEndObject();
    });

    /// <summary>What the hash covers, under the names of the canonical form; beside it what was sealed, opened, with the keys that prove it.</summary>
    internal static string Line(AuditRow row) => Json(json =>
    {
        json.WriteNumber("seq", row.Seq!.Value);
        json.WriteNumber("form", row.Form);
        json.WriteString("id", row.Id.ToString());
        json.WriteString("at", AuditCanonical.Time(row.At));
        json.WriteString("action", row.Action);
        json.WriteString("outcome", row.Outcome);
        json.WriteString("actor_kind", row.ActorKind);
        json.WriteString("actor_id", row.ActorId);
        json.WriteString("target_kind", row.TargetKind);
        json.WriteString("target_id", row.TargetId);
        json.WriteString("organization_id", row.Organization?.ToString());
        json.WriteString("request_id", row.RequestId);
        Object(json, "details", row.Details);
        json.WriteString("ip", row.Ip);
        json.WriteString("user_agent", row.UserAgent);
        Object(json, "personal", row.Personal);
        json.WriteString("sealed_origin", AuditCanonical.Sealed(row.SealedOrigin));
        json.WriteString("sealed_personal", AuditCanonical.Sealed(row.SealedPersonal));
        if (row.OriginKey is { } origin) json.WriteString("origin_key", Base64Url.EncodeToString(origin));
        if (row.PersonalKey is { } personal) json.WriteString("personal_key", Base64Url.EncodeToString(personal));
        json.WriteString("hash", Convert.ToHexStringLower(row.Hash!));
    });

    private static void Object(Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        if (text is null) json.WriteNullValue();
        else
        {
            using var document = JsonDocument.Parse(text);
            document.RootElement.WriteTo(json);
        }
    }

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static Task WriteAsync(Stream output, string text, CancellationToken ct) => output.WriteAsync(Encoding.UTF8.GetBytes(text), ct).AsTask();
}

/// <summary>The table for spreadsheets: RFC 4180, and nothing in it is a formula.</summary>
internal static class AuditCsv
{
    internal const string Header = "seq,id,at,action,outcome,actor_kind,actor_id,target_kind,target_id,organization_id,ip,user_agent,request_id,details,hash\r\n";

    internal static string Line(AuditRow row) => string.Join(',', ((string?[])
    [
        row.Seq?.ToString(CultureInfo.InvariantCulture), row.Id.ToString(), AuditCanonical.Time(row.At), row.Action, row.Outcome, row.ActorKind, row.ActorId, row.TargetKind, row.TargetId,
        row.Organization?.ToString(), row.Ip, row.UserAgent, row.RequestId, AuditItem.AllDetails(row) is { } details ? JsonSerializer.Serialize(details, AuditJson.Default.DictionaryStringString) : "",
        Convert.ToHexStringLower(row.Hash ?? []),
    ]).Select(Cell)) + "\r\n";

    private static readonly System.Buffers.SearchValues<char> quoted = System.Buffers.SearchValues.Create(",\"\r\n\t'");

    // What a spreadsheet would take for a formula begins with an apostrophe instead.                       OWASP, "CSV Injection"
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var text = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + value : value;
        return text.AsSpan().IndexOfAny(quoted) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
