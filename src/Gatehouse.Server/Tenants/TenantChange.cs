using Gatehouse.Audit;
using Gatehouse.Caching;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>
/// What every management operation on a tenant shares: who may see it, where it is written down, who is told. A tenant is visible to
/// its own administrators and to those of the tenants above it; to everybody else it does not exist.
/// </summary>
internal sealed class TenantChange(ISystemDatabase database, TenantDirectory tenants, IEnumerable<ISettingsGuard> guards, AuditLog audit, EventOutbox events, TimeProvider clock)
{
    internal static readonly Problem Unknown = Problem.NotFound("tenant_not_found", "There is no such tenant here.");

    internal TimeProvider Clock => clock;
    internal ValueTask<SystemTransaction> BeginAsync(CancellationToken ct) => database.BeginAsync(ct);
    internal ValueTask<SystemTransaction> ReadAsync(CancellationToken ct) => database.ReadAsync(ct);

    /// <returns>The tenant, when it is <paramref name="acting"/> or below it; else null: the caller answers 404 and tells nothing.</returns>
    internal async ValueTask<TenantRow?> FindAsync(SystemTransaction tx, TenantContext acting, string id, CancellationToken ct) =>
        TenantId.TryParse(id, out var parsed) && await tenants.IsSelfOrAncestorAsync(acting.Id, parsed, ct) ? await TenantStore.FindAsync(tx, parsed, ct) : null;

    /// <summary>Whether later rooms take these settings, now that nobody else changes them; if not, the caller must not commit.</summary>
    internal async ValueTask<Problem?> CheckSettingsAsync(SystemTransaction tx, TenantRow row, string document, RequestFacts facts, CancellationToken ct)
    {
        var (before, after) = (row.ToContext(), (row with { Settings = document }).ToContext());
        foreach (var guard in guards)
            if (await guard.CheckAsync(tx.For(row.Id), before, after, facts, ct) is { } refused) return refused;
        return null;
    }

    /// <summary>
    /// Writes the entry into the acting tenant's audit and, when it is another, into the changed tenant's own; stores the event with it;
    /// has every process forget what it knew. The caller commits.
    /// </summary>
    internal async ValueTask RecordAsync<T>(SystemTransaction tx, TenantContext acting, TenantId target, AuditEntry entry, T occurrence, CancellationToken ct) where T : IDomainEvent
    {
        await WriteAsync(tx, acting, target, entry, ct);
        var own = tx.For(target);
        await events.PublishAsync(own, occurrence, ct);
        tx.Announce(CacheTopic.All(target, TenantDirectory.Topic));
    }

    /// <summary>The entry alone, where nothing of the tenant changes.</summary>
    internal async ValueTask WriteAsync(SystemTransaction tx, TenantContext acting, TenantId target, AuditEntry entry, CancellationToken ct)
    {
        await audit.AppendAsync(tx.For(acting.Id), entry, ct);
        if (acting.Id != target) await audit.AppendAsync(tx.For(target), entry, ct);
    }

    internal static AuditEntry Entry(string action, Caller caller, TenantId target, RequestFacts facts, IReadOnlyDictionary<string, string>? details = null) =>
        new(action, AuditOutcome.Success, AuditActor.Of(caller), "tenant", target.ToString(), facts, details);
}
