using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>
/// Appends to a tenant's audit in the transaction of the change itself: one insert into the inbox, which waits for nobody. Texts from
/// outside are bounded and cleaned here.
/// </summary>
public sealed class AuditLog(TimeProvider clock)
{
    private const int MaxDetails = 32, MaxName = 64, MaxText = 400, MaxDetail = 1000;

    // Names that tell of a person wherever they stand: whoever forgets to say so is put right.
    private static readonly HashSet<string> personalNames = new(StringComparer.Ordinal)
    {
        "email", "mail", "phone", "phone_number", "address", "ip", "ip_address", "full_name", "display_name", "given_name", "family_name", "user_name", "birthdate",
    };

    /// <summary>The entry is written with the commit of <paramref name="tx"/>, whatever else it does, or not at all.</summary>
    public async ValueTask AppendAsync(TenantTransaction tx, AuditEntry entry, CancellationToken ct)
    {
        // Every change writes its entry in its own transaction, so this is where "the request has happened" becomes true with it.
        await entry.Request.JoinAsync(tx, ct);
        AuditInbox.InsertAtCommit(tx, Row(entry));
    }

    internal AuditRow Row(AuditEntry entry)
    {
        var all = entry.Details ?? new Dictionary<string, string>();
        var plain = all.Where(d => !personalNames.Contains(d.Key));
        var personal = all.Where(d => personalNames.Contains(d.Key)).Concat(entry.Personal ?? new Dictionary<string, string>());
        var (actor, target) = (AuditText.CleanOrNull(entry.Actor.Id, MaxText), AuditText.CleanOrNull(entry.TargetId, MaxText));
        var now = clock.GetUtcNow();
        return new AuditRow(
            AuditId.New(now), now.ToKept(), entry.Action, Name(entry.Outcome), entry.Actor.Kind, actor, entry.TargetKind, target,
            AuditText.Clean(entry.Request.IpAddress, MaxName), AuditText.Clean(entry.Request.UserAgent, MaxText),
            AuditText.Clean(entry.Request.RequestId, MaxText), Text(plain), null, null)
        {
            Organization = entry.Organization,
            Personal = Text(personal),
            // Where a request came from tells of who made it; who cannot be named is taken for whom she tried to be.
            OriginOf = entry.Actor.Kind == "user" ? actor ?? "" : entry is { Actor.Kind: "anonymous", TargetKind: "user" } ? target ?? "" : "",
            PersonalOf = entry.TargetKind == "user" ? target ?? "" : entry.Actor.Kind == "user" ? actor ?? "" : "",
        };
    }

    private static string? Text(IEnumerable<KeyValuePair<string, string>> details)
    {
        var clean = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            if (clean.Count == MaxDetails) break;
            clean[AuditText.Clean(name, MaxName)] = AuditText.Clean(value, MaxDetail);
        }
        return clean.Count == 0 ? null : JsonSerializer.Serialize(clean, AuditJson.Default.DictionaryStringString);
    }

    private static string Name(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Success => "success",
        AuditOutcome.Failure => "failure",
        AuditOutcome.Denied => "denied",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
