using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>
/// The one byte form of an entry that its hash covers: JSON by RFC 8785 (members sorted by UTF-16, no white space, least escaping), made
/// anew from the columns each time, so that a change of any column shows. Anybody can repeat it from an export. An entry says which of
/// the two forms is its own, and keeps it for ever: form 1 has address and browser in plain, form 2 has them sealed, so that the hash
/// stays true when the key that opens them is destroyed.
/// </summary>
internal static class AuditCanonical
{
    /// <summary><c>SHA-256(previous hash ‖ canonical form)</c>.</summary>
    internal static byte[] Hash(TenantId tenant, AuditRow entry, long seq, ReadOnlySpan<byte> previous)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(previous);
        sha.AppendData(Encoding.UTF8.GetBytes(Text(tenant, entry, seq)));
        return sha.GetHashAndReset();
    }

    internal static string Text(TenantId tenant, AuditRow entry, long seq)
    {
        var plain = entry.Form == AuditRow.PlainForm;
        // In the order of RFC 8785 §3.2.3 already: the names are ASCII and sorted here by hand.
        var json = new StringBuilder(512).Append('{');
        Member(json, "action", entry.Action);
        Member(json, "actor_id", entry.ActorId);
        Member(json, "actor_kind", entry.ActorKind);
        Member(json, "at", Time(entry.At));
        Details(json, entry.Details);
        if (!plain) Number(json, "form", entry.Form);
        Member(json, "id", entry.Id.ToString());
        if (plain) Member(json, "ip", entry.Ip);
        if (!plain) Member(json, "organization_id", entry.Organization?.ToString());
        Member(json, "outcome", entry.Outcome);
        Member(json, "request_id", entry.RequestId);
        if (!plain) Member(json, "sealed_origin", Sealed(entry.SealedOrigin));
        if (!plain) Member(json, "sealed_personal", Sealed(entry.SealedPersonal));
        Number(json, "seq", seq);
        Member(json, "target_id", entry.TargetId);
        Member(json, "target_kind", entry.TargetKind);
        Member(json, "tenant", tenant.ToString());
        if (plain) Member(json, "user_agent", entry.UserAgent);
        json[^1] = '}';
        return json.ToString();
    }

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    internal static string? Sealed(byte[]? bytes) => bytes is null ? null : Base64Url.EncodeToString(bytes);

    private static void Number(StringBuilder json, string name, long value) =>
        json.Append('"').Append(name).Append("\":").Append(value.ToString(CultureInfo.InvariantCulture)).Append(',');

    private static void Details(StringBuilder json, string? details)
    {
        json.Append("\"details\":");
        if (details is null)
        {
            json.Append("null,");
            return;
        }
        using var document = JsonDocument.Parse(details);
        json.Append('{');
        // PostgreSQL keeps jsonb in an order of its own; what we wrote was an object of strings, and anything else will not match.
        foreach (var member in document.RootElement.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
            Member(json, member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText());
        if (json[^1] == ',') json.Length--;
        json.Append("},");
    }

    private static void Member(StringBuilder json, string name, string? value)
    {
        Quote(json, name);
        json.Append(':');
        if (value is null) json.Append("null");
        else Quote(json, value);
        json.Append(',');
    }

    /// <summary>RFC 8785 §3.2.2.2.</summary>
    private static void Quote(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\b': json.Append("\\b"); break;
                case '\t': json.Append("\\t"); break;
                case '\n': json.Append("\\n"); break;
                case '\f': json.Append("\\f"); break;
                case '\r': json.Append("\\r"); break;
                case < ' ': json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)); break;
                default: json.Append(c); break;
            }
        }
        json.Append('"');
    }
}
