using System.Net;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>What is shown of persons to callers without <c>audit:pii</c>: enough to see that two entries differ in kind, not who it was.</summary>
internal static class AuditMask
{
    internal static bool SeesPersons(Caller caller) => caller.Permitted.Contains(Scopes.AuditPii, StringComparer.Ordinal);

    /// <summary>An address's network (/24, /48); of everything else that there is something.</summary>
    internal static AuditRow Mask(AuditRow row) => row with
    {
        Ip = Ip(row.Ip), UserAgent = row.UserAgent.Length == 0 ? "" : "***", OriginKey = null, PersonalKey = null,
        Personal = row.Personal is null ? null : Personal(row.Personal),
        // Form 1 knew no difference between details.
        Details = row.Form == AuditRow.PlainForm && row.Details is not null ? Personal(row.Details) : row.Details,
    };

    internal static string Ip(string text)
    {
        if (text.Length == 0) return "";
        if (!IPAddress.TryParse(text, out var address)) return "***";
        var bytes = address.GetAddressBytes();
        var kept = bytes.Length == 4 ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }

    private static string Personal(string details)
    {
        var shown = JsonSerializer.Deserialize(details, AuditJson.Default.DictionaryStringString)!;
        foreach (var (name, value) in shown.ToList()) shown[name] = new Pii(value).ToString();
        return JsonSerializer.Serialize(shown, AuditJson.Default.DictionaryStringString);
    }
}
