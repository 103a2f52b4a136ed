using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>Appends to a tenant's audit in the transaction of the change itself. Texts from outside are bounded and cleaned here.</summary>
public sealed class AuditLog(TimeProvider clock)
{
    private const int MaxDetails = 32, MaxName = 64, MaxText = 400, MaxDetail = 1000;

    public async ValueTask AppendAsync(TenantTransaction tx, AuditEntry entry, CancellationToken ct)
    {
        // Every change writes its entry in its own transaction, so this is where "the request has happened" becomes true with it.
        await entry.Request.JoinAsync(tx, ct);
        var now = clock.Now();
        await AuditStore.InsertAsync(tx, new AuditRow(
            AuditId.New(clock), now, entry.Action, Name(entry.Outcome), entry.Actor.Kind,
            AuditText.CleanOrNull(entry.Actor.Id, MaxText), entry.TargetKind, AuditText.CleanOrNull(entry.TargetId, MaxText),
            AuditText.Clean(entry.Request.IpAddress, MaxName), AuditText.Clean(entry.Request.UserAgent, MaxText),
            AuditText.Clean(entry.Request.RequestId, MaxText), Details(entry.Details), null, null), ct);
    }

    private static string? Details(IReadOnlyDictionary<string, string>? details)
    {
        if (details is null || details.Count == 0) return null;
        var clean = new Dictionary<string, string>(details.Count, StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            if (clean.Count == MaxDetails) break;
            clean[AuditText.Clean(name, MaxName)] = AuditText.Clean(value, MaxDetail);
        }
        return JsonSerializer.Serialize(clean, AuditJson.Default.DictionaryStringString);
    }

    private static string Name(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Success => "success",
        AuditOutcome.Failure => "failure",
        AuditOutcome.Denied => "denied",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
