using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Audit;

/// <summary>An entry as rooms that show people their own past see it.</summary>
public sealed record AuditTrailEntry(AuditId Id, DateTimeOffset At, string Action, string Outcome, string ActorKind, string? ActorId, string IpAddress, string UserAgent);

/// <summary>What one person did and what was done to her.</summary>
public sealed class AuditTrail(TenantVault vault, TimeProvider clock)
{
    private readonly PersonKeys persons = new(vault, clock);

    /// <summary>
    /// Newest first. Two questions, of who did it and to whom it was done: each is answered by an index of its own, and "or" between them by
    /// neither.
    /// </summary>
    public async ValueTask<Page<AuditTrailEntry>> ListOfAsync(TenantTransaction tx, string person, PageRequest page, CancellationToken ct)
    {
        var by = await AuditStore.ListAsync(tx, AuditFilter.All with { Actor = person }, page, ct);
        var to = await AuditStore.ListAsync(tx, AuditFilter.All with { Target = person }, page, ct);
        var opened = await persons.OpenAsync(tx, AuditStore.Newest(by.Concat(to), page.Limit + 1), ct);
        return page.ToPage(opened.ConvertAll(e => new AuditTrailEntry(e.Id, e.At, e.Action, e.Outcome, e.ActorKind, e.ActorId, e.Ip, e.UserAgent)), e => e.Id.Value);
    }
}
