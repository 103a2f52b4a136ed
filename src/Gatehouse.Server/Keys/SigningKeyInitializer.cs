using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Keys;

/// <summary>
/// Gives a new tenant a key for each algorithm, signing at once: nobody has cached the set before. The pairs of an attempt that was refused
/// before they were touched wait for the next one, so that refusals cost no computing; they are in memory only, and wiped when the
/// process ends.
/// </summary>
internal sealed class SigningKeyInitializer(KeyMaker maker, AuditLog audit, TimeProvider clock) : ITenantPreparation, IDisposable
{
    /// <summary>As many as come back from refusals at the same time; what is more than that is wiped.</summary>
    internal const int MaxKept = 16;

    private readonly Lock turn = new();
    private readonly Stack<NewKey[]> kept = [];
    private bool ended;

    public IPreparedInitializer Prepare()
    {
        lock (turn)
            if (kept.TryPop(out var waiting)) return new FirstKeys(this, waiting);
        return new FirstKeys(this, [.. KeySchedule.Algorithms.Select(a => maker.New(JwsAlgorithm.TryParse(a)!))]);
    }

    private void Keep(NewKey[] untouched)
    {
        lock (turn)
        {
            if (!ended && kept.Count < MaxKept) kept.Push(untouched);
            else Wipe(untouched);
        }
    }

    private static void Wipe(NewKey[] keys)
    {
        foreach (var key in keys) key.Dispose();
    }

    public void Dispose()
    {
        lock (turn)
        {
            ended = true;
            while (kept.TryPop(out var waiting)) Wipe(waiting);
        }
    }

    private async ValueTask StoreAsync(TenantTransaction tx, TenantContext tenant, NewKey[] keys, CancellationToken ct)
    {
        foreach (var fresh in keys)
        {
            var key = await maker.TryStoreAsync(tx, fresh, KeyState.Active, clock.Now(), ct)
                ?? throw new InvalidOperationException($"Tenant {tenant.Id} has an {fresh.Algorithm} key before it was created.");
            await audit.AppendAsync(tx, KeyRotation.Entry("key.created", key, AuditActor.System, RequestFacts.None), ct);
        }
    }

    /// <summary>One attempt's keys.</summary>
    private sealed class FirstKeys(SigningKeyInitializer owner, NewKey[] keys) : IPreparedInitializer
    {
        private bool touched, disposed;

        public ValueTask InitializeAsync(TenantTransaction tx, TenantContext tenant, CancellationToken ct)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (touched) throw new InvalidOperationException("Two tenants cannot have the same keys.");
            // Never another tenant's from here on: whether a commit whose answer got lost has happened, nobody can say.
            touched = true;
            return owner.StoreAsync(tx, tenant, keys, ct);
        }

        public void Dispose()
        {
            if (disposed) return;       // kept twice, they would be two tenants'
            disposed = true;
            if (touched) Wipe(keys);
            else owner.Keep(keys);
        }
    }
}
