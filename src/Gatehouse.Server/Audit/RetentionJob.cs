using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Audit;

/// <summary>
/// Removes what retention no longer keeps: a thousand entries at a time, each removal with a checkpoint at the end of the chain that says
/// which places are empty and why. Entries of class <c>audit</c>, checkpoints among them, stay; so does whatever is held.
/// </summary>
internal sealed class RetentionJob(ISystemDatabase system, IDatabase database, AuditSealer sealer, PersonKeys persons, AuditLog audit, TimeProvider clock, ILogger<RetentionJob> log)
    : RepeatingJob(TimeSpan.FromMinutes(10), clock, log, atStart: false)
{
    internal const string KeptClass = "audit", Others = "*";
    private const int BatchSize = 1000, MaxBatches = 100, MaxTenants = 1000;

    // Across tenants: who has asked for anything to be removed.
    private const string SelectTenants = "SELECT DISTINCT tenant_id FROM trail_retention ORDER BY tenant_id LIMIT @limit";

    private readonly TimeProvider clock = clock;

    protected override async Task RunOnceAsync(CancellationToken ct)
    {
        List<TenantId> tenants;
        await using (var tx = await system.ReadAsync(ct)) tenants = await tx.ListAsync(SelectTenants, [("limit", MaxTenants)], row => row.Id<TenantId>(0), ct);
        foreach (var tenant in tenants) await TrimAsync(tenant, ct);
    }

    internal async Task<long> TrimAsync(TenantId tenant, CancellationToken ct)
    {
        Dictionary<string, long> rules;
        List<string> classes;
        await using (var tx = await database.ReadAsync(tenant, ct))
        {
            rules = (await RetentionStore.ListRulesAsync(tx, ct)).ToDictionary(r => r.Class, r => r.Days, StringComparer.Ordinal);
            classes = [.. (await AuditStore.ListActionsAsync(tx, ct)).Select(AuditRow.ClassOf).Distinct(StringComparer.Ordinal)];
        }
        var removed = 0L;
        foreach (var name in classes.Where(c => c != KeptClass))
        {
            if (!rules.TryGetValue(name, out var days) && !rules.TryGetValue(Others, out days)) continue;
            for (int batch = 0, found = BatchSize; batch < MaxBatches && found == BatchSize; batch++) removed += found = await TrimAsync(tenant, name, clock.Now().AddDays(-days), ct);
        }
        return removed;
    }

    private async Task<int> TrimAsync(TenantId tenant, string name, DateTimeOffset before, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        // Whoever sets a hold takes this lock too: what is held is held from then on.
        await AuditStore.LockHeadAsync(tx, ct);
        var old = await AuditStore.ListExpiredAsync(tx, name, before, BatchSize, ct);
        if (old.Count == 0) return 0;
        old.Sort((a, b) => a.Seq!.Value.CompareTo(b.Seq!.Value));
        var checkpoint = audit.Row(new(ChainWalk.Checkpoint, AuditOutcome.Success, AuditActor.System, null, null, RequestFacts.None));
        var runs = Runs(old, checkpoint.Id);
        await TrimmedStore.InsertAsync(tx, runs, ct);
        await TrimmedStore.DeleteAddressesAsync(tx, await persons.AddressesAsync(tx, await persons.OpenAsync(tx, old, ct), ct), ct);
        if (await TrimmedStore.DeleteEntriesAsync(tx, old.Select(r => r.Id), ct) != old.Count) throw new InvalidOperationException("An audit entry was removed by two.");
        await sealer.AppendNowAsync(tx, checkpoint with { Details = Account(name, before, old, runs) }, ct);
        await tx.CommitAsync(ct);
        return old.Count;
    }

    private static List<TrimmedRun> Runs(List<AuditRow> old, AuditId checkpoint)
    {
        List<TrimmedRun> runs = [];
        foreach (var row in old)
        {
            var seq = row.Seq!.Value;
            if (runs.Count > 0 && runs[^1].Last == seq - 1) runs[^1] = runs[^1] with { Last = seq, Hash = row.Hash! };
            else runs.Add(new(seq, seq, row.Hash!, checkpoint));
        }
        return runs;
    }

    private static string Account(string name, DateTimeOffset before, List<AuditRow> old, List<TrimmedRun> runs) =>
        System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["class"] = name, ["before"] = AuditCanonical.Time(before), ["count"] = old.Count.ToString(CultureInfo.InvariantCulture),
            ["first_seq"] = runs[0].First.ToString(CultureInfo.InvariantCulture), ["last_seq"] = runs[^1].Last.ToString(CultureInfo.InvariantCulture),
            ["digest"] = Convert.ToHexStringLower(TrimmedRun.Digest(runs)),
        }, AuditJson.Default.DictionaryStringString);
}
