using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Audit;

/// <summary>An export's first line.</summary>
internal sealed record ExportHeader(TenantId Tenant, bool Whole, bool Masked, long After, byte[] Previous, long LastSeq, byte[] LastHash, string? SignedHead);

/// <summary>Reads the lines that <see cref="AuditExport"/> writes. Whatever is not exactly so is <see cref="FormatException"/>: nothing is guessed in a proof.</summary>
internal static class ExportLine
{
    internal static ExportHeader ReadHeader(string line)
    {
        using var document = Parse(line);
        var json = document.RootElement;
        if (!json.TryGetProperty(AuditExport.Format, out var version) || version.ValueKind != JsonValueKind.Number || version.GetInt32() != 1) throw new FormatException("The file does not begin as an export in ndjson does.");
        return Read(() => new ExportHeader(
            TenantId.TryParse(Text(json, "tenant"), out var tenant) ? tenant : throw new FormatException("The export names no tenant."),
            json.GetProperty("whole").GetBoolean(), json.GetProperty("masked").GetBoolean(), json.GetProperty("after_seq").GetInt64(), Hash(json, "previous"),
            json.GetProperty("last_seq").GetInt64(), Hash(json, "last_hash"), Text(json, "signed_head")));
    }

    /// <param name="proof">Null, or what about the shown personal part is not what was sealed.</param>
    internal static ChainReader.Link Read(string line, TenantId tenant, bool masked, out string? proof)
    {
        using var document = Parse(line);
        var json = document.RootElement;
        proof = null;
        if (json.TryGetProperty("trimmed", out var run))
            return new(null, Read(() => new TrimmedRun(run.GetProperty("first_seq").GetInt64(), run.GetProperty("last_seq").GetInt64(), Hash(run, "hash"), Id(run, "checkpoint"))));
        var row = Read(() => new AuditRow(Id(json, "id"), Time(json), Required(json, "action"), Required(json, "outcome"), Required(json, "actor_kind"), Text(json, "actor_id"),
            Text(json, "target_kind"), Text(json, "target_id"), Required(json, "ip"), Required(json, "user_agent"), Required(json, "request_id"), Object(json, "details"),
            json.GetProperty("seq").GetInt64(), Hash(json, "hash"))
        {
            Form = json.GetProperty("form").GetInt32(),
            Organization = Text(json, "organization_id") is not { } organization ? null : OrganizationId.TryParse(organization, out var inside) ? inside : throw new FormatException("organization_id is none."),
            Personal = Object(json, "personal"), SealedOrigin = Bytes(json, "sealed_origin"), SealedPersonal = Bytes(json, "sealed_personal"),
            OriginKey = json.TryGetProperty("origin_key", out _) ? Bytes(json, "origin_key") : null, PersonalKey = json.TryGetProperty("personal_key", out _) ? Bytes(json, "personal_key") : null,
        });
        proof = row.Form == AuditRow.PlainForm ? Plain(row, masked) : Shown(row, tenant, masked);
        return new(row, null);
    }

    private static string? Plain(AuditRow row, bool masked) =>
        masked && (row.Ip.Length > 0 || row.UserAgent.Length > 0 || row.Details is not null) ? $"Entry {row.Id} is older than envelopes and its export is masked: only one by a caller with audit:pii can be verified." : null;

    // What the hash covers is sealed; what is shown beside it must be what opens.
    private static string? Shown(AuditRow row, TenantId tenant, bool masked)
    {
        var fault = $"Entry {row.Id} shows something else of a person than what was sealed.";
        if (row.Form != AuditRow.SealedForm) return $"Entry {row.Id} has the form {row.Form}, which this version does not know.";
        if (row.OriginKey is not null)
        {
            if (Open(row.OriginKey, tenant, row.Id, PersonEnvelope.Origin, row.SealedOrigin) is not { } text || JsonSerializer.Deserialize(text, AuditJson.Default.AuditOrigin) is not { } origin
                || origin.Ip != row.Ip || origin.UserAgent != row.UserAgent) return fault;
        }
        else if ((row.Ip.Length > 0 || row.UserAgent.Length > 0) && (!masked || row.SealedOrigin is null)) return fault;
        if (row.PersonalKey is not null)
        {
            if (Open(row.PersonalKey, tenant, row.Id, PersonEnvelope.Personal, row.SealedPersonal) is not { } text || row.Personal is null || !Same(text, row.Personal)) return fault;
        }
        else if (row.Personal is not null && (!masked || row.SealedPersonal is null)) return fault;
        return null;
    }

    private static string? Open(byte[] key, TenantId tenant, AuditId id, string part, byte[]? value)
    {
        try { return value is null || key.Length != PersonEnvelope.KeySize ? null : PersonEnvelope.Open(key, tenant, id, part, value); }
        catch (CryptographicException) { return null; }
    }

    private static bool Same(string left, string right)
    {
        using JsonDocument a = JsonDocument.Parse(left), b = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(a.RootElement, b.RootElement);
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new FormatException("A line is not an object.");
        }
        catch (JsonException e)
        {
            throw new FormatException("A line is not JSON.", e);
        }
    }

    private static T Read<T>(Func<T> read)
    {
        try { return read(); }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or OverflowException) { throw new FormatException("A line is not what an export has.", e); }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Null } ? null : json.GetProperty(name).GetString();
    private static string Required(JsonElement json, string name) => Text(json, name) ?? throw new FormatException($"{name} is missing.");
    private static string? Object(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Null } ? null : json.GetProperty(name).GetRawText();
    private static byte[] Hash(JsonElement json, string name) => Convert.FromHexString(Required(json, name)) is { Length: 32 } hash ? hash : throw new FormatException($"{name} is no hash.");
    private static byte[]? Bytes(JsonElement json, string name) => Text(json, name) is not { } text ? null : Base64UrlStrict.TryDecode(text, out var bytes) ? bytes : throw new FormatException($"{name} is not base64url.");
    private static AuditId Id(JsonElement json, string name) => AuditId.TryParse(Text(json, name), out var id) ? id : throw new FormatException($"{name} is no entry's id.");
    private static DateTimeOffset Time(JsonElement json) => DateTimeOffset.TryParseExact(Text(json, "at"), "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at.ToUniversalTime() : throw new FormatException("at is no time.");
}
