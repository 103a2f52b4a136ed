using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// Writes down what was refused. Of throttled attempts the first of a window: the rest would let a stranger fill the audit at no cost.
/// </summary>
internal sealed class Refusals(RateLimit limits, AuditLog audit)
{
    private static readonly TimeSpan window = TimeSpan.FromMinutes(10);

    internal async ValueTask RecordAsync(TenantTransaction tx, AuditEntry entry, bool throttled, CancellationToken ct)
    {
        if (throttled && !await limits.TryTakeAsync(tx, "throttled.audit", entry.TargetId ?? RateLimit.AddressKey(entry.Request.IpAddress), 1, window, ct)) return;
        await audit.AppendAsync(tx, entry, ct);
    }
}
