using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>An entry as rooms that show people their own past see it.</summary>
public sealed record AuditTrailEntry(AuditId Id, DateTimeOffset At, string Action, string Outcome, string ActorKind, string? ActorId, string IpAddress, string UserAgent);

#pragma warning disable CA1822 // asked as one thing, like the other directories
/// <summary>What one person did and what was done to her.</summary>
public sealed class AuditTrail
{
    /// <summary>
    /// Newest first. Two questions, of who did it and to whom it was done: each is answered by an index of its own, and "or" between them by
    /// neither.
    /// </summary>
    public async ValueTask<Page<AuditTrailEntry>> ListOfAsync(TenantTransaction tx, string person, PageRequest page, CancellationToken ct)
    {
        var by = await AuditStore.ListAsync(tx, new(person, null, null, null, null), page, ct);
        var to = await AuditStore.ListAsync(tx, new(null, person, null, null, null), page, ct);
        List<AuditTrailEntry> merged = [.. by.Concat(to).DistinctBy(e => e.Id).OrderByDescending(e => e.Id.ToString(), StringComparer.Ordinal).Take(page.Limit + 1)
            .Select(e => new AuditTrailEntry(e.Id, e.At, e.Action, e.Outcome, e.ActorKind, e.ActorId, e.Ip, e.UserAgent))];
        return page.ToPage(merged, e => e.Id.Value);
    }
}
