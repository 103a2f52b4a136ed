using Gatehouse.Audit;
using Gatehouse.Caching;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;

namespace Gatehouse.Keys;

/// <summary>
/// Turns keys over: what the schedule says, and what somebody orders. Any number of processes may try at once; each change names the state
/// it comes from, and who finds another state gives up its whole transaction.
/// </summary>
public sealed class KeyRotation
{
    /// <summary>How long the public half of a retired key is remembered, for whoever asks what an old token was signed with.</summary>
    private static readonly TimeSpan RememberRetired = TimeSpan.FromDays(365);

    private readonly IDatabase database;
    private readonly KeyMaker maker;
    private readonly AuditLog audit;
    private readonly TimeProvider clock;

    internal KeyRotation(IDatabase database, KeyMaker maker, AuditLog audit, TimeProvider clock) =>
        (this.database, this.maker, this.audit, this.clock) = (database, maker, audit, clock);

    /// <summary>
    /// Begins a rotation now: the next key is published and takes over after the tenant's prepublication time, or one already published
    /// takes over as soon as it has been published for that long.
    /// </summary>
    /// <param name="emergency">
    /// The keys of this algorithm may be known to somebody: all of them stop signing and verifying at once, a new one signs.
    /// Tokens they signed are worthless from then on.
    /// </param>
    public async Task RotateAsync(TenantContext tenant, JwsAlgorithm algorithm, bool emergency, AuditActor actor, RequestFacts facts, CancellationToken ct)
    {
        using var fresh = maker.New(algorithm);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var now = clock.Now();
        SigningKeyRow? key;
        if (emergency)
        {
            await SigningKeyStore.RetireAllAsync(tx, algorithm.Name, now, ct);
            key = await maker.TryStoreAsync(tx, fresh, KeyState.Active, now, ct);
        }
        else
        {
            var prepublish = TimeSpan.FromSeconds(tenant.Settings.Keys.PrepublishSeconds);
            key = (await SigningKeyStore.ListLiveAsync(tx, ct)).Find(k => k.State == KeyState.Next && k.Algorithm == algorithm.Name);
            if (key is null) key = await maker.TryStoreAsync(tx, fresh, KeyState.Next, now + prepublish, ct);
            else await SigningKeyStore.TryBringForwardAsync(tx, key.Id, Later(key.CreatedAt + prepublish, now), ct);
        }
        if (key is null) return;        // somebody else rotated in this very moment: what was wanted has happened
        await audit.AppendAsync(tx, Entry(emergency ? "key.rotated_emergency" : "key.rotation_ordered", key, actor, facts), ct);
        tx.Announce(CacheTopic.All(tenant.Id, SigningKeys.Topic));
        await tx.CommitAsync(ct);
    }

    /// <summary>Does what the schedule says for one tenant. Most of the time: nothing, after one small read.</summary>
    internal async Task ApplyAsync(TenantContext tenant, CancellationToken ct)
    {
        List<NewKey> fresh = [];
        try
        {
            await ApplyAsync(tenant, fresh, ct);
        }
        finally
        {
            foreach (var key in fresh) key.Dispose();
        }
    }

    private async Task ApplyAsync(TenantContext tenant, List<NewKey> fresh, CancellationToken ct)
    {
        IReadOnlyList<KeyStep> planned;
        await using (var reading = await database.ReadAsync(tenant.Id, ct))
            planned = KeySchedule.Decide(await SigningKeyStore.ListLiveAsync(reading, ct), tenant.Settings.Keys, clock.Now());
        if (planned.Count == 0) return;
        foreach (var step in planned)
            if (step is KeyStep.Create create) fresh.Add(maker.New(JwsAlgorithm.TryParse(create.Algorithm)!));
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var now = clock.Now();
        // Decided again on what is true inside: another process may have been here.
        foreach (var step in KeySchedule.Decide(await SigningKeyStore.ListLiveAsync(tx, ct), tenant.Settings.Keys, now))
            if (!await TryApplyAsync(tx, step, fresh, now, ct)) return;
        await SigningKeyStore.ForgetAsync(tx, now - RememberRetired, ct);
        tx.Announce(CacheTopic.All(tenant.Id, SigningKeys.Topic));
        await tx.CommitAsync(ct);
    }

    private async ValueTask<bool> TryApplyAsync(TenantTransaction tx, KeyStep step, List<NewKey> fresh, DateTimeOffset now, CancellationToken ct)
    {
        switch (step)
        {
            case KeyStep.Create create:
                if (fresh.Find(k => k.Algorithm == create.Algorithm) is not { } key) return true;       // due since a moment ago: next turn
                if (await maker.TryStoreAsync(tx, key, create.State, create.ActivatesAt, ct) is not { } made) return false;
                await audit.AppendAsync(tx, Entry("key.created", made, AuditActor.System, RequestFacts.None), ct);
                return true;
            case KeyStep.TakeOver(var next, var active, var retiresAt):
                if (active is not null && !await SigningKeyStore.TryDemoteAsync(tx, active.Id, retiresAt, ct)) return false;
                if (!await SigningKeyStore.TryPromoteAsync(tx, next.Id, ct)) return false;
                await audit.AppendAsync(tx, Entry("key.activated", next, AuditActor.System, RequestFacts.None), ct);
                return true;
            case KeyStep.Retire(var old):
                if (!await SigningKeyStore.TryRetireAsync(tx, old.Id, now, ct)) return false;
                await audit.AppendAsync(tx, Entry("key.retired", old, AuditActor.System, RequestFacts.None), ct);
                return true;
            default:
                throw new InvalidOperationException($"A schedule cannot say {step}.");
        }
    }

    internal static AuditEntry Entry(string action, SigningKeyRow key, AuditActor actor, RequestFacts facts) =>
        new(action, AuditOutcome.Success, actor, "key", key.Id.ToString(), facts, new Dictionary<string, string> { ["algorithm"] = key.Algorithm });

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
