using System.Data.Common;
using System.Security.Cryptography;
using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Vault;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Jobs;

/// <summary>
/// Carries jobs out, a slice of each in turn, so that one of ten thousand rows does not keep the others waiting. A job belongs to the process that holds its
/// lease, and each row commits together with its mark and with the job's count, on condition of the lease: a row whose process was killed has not happened,
/// and one that was slow enough for another process to take over cannot commit.
/// </summary>
internal sealed partial class JobWorker(ISystemDatabase system, IDatabase database, TenantDirectory tenants, TenantVault vault, IEnumerable<IJobKind> kinds, IJobAuthority authority,
    AuditLog audit, TimeProvider clock, ILogger<JobWorker> log) : RepeatingJob(TimeSpan.FromSeconds(1), clock, log)
{
    internal const int MaxAttempts = 20;
    private const int AtOnce = 2, RowsAtOnce = 20, RowsOfSlice = 500;
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromSeconds(2);

    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override Task RunOnceAsync(CancellationToken ct) => RunDueAsync(ct);

    internal async Task RunDueAsync(CancellationToken ct)
    {
        List<(TenantId Tenant, JobId Job)> due;
        await using (var tx = await system.ReadAsync(ct)) due = await JobStore.ListDueAsync(tx, clock.Now(), 20, ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (job, stop) => await TurnAsync(job.Tenant, job.Job, stop));
    }

    // What one tenant's job meets does not cost the others their turn; its lease runs out, and it is tried again.
    private async Task TurnAsync(TenantId tenant, JobId id, CancellationToken ct)
    {
        try { await RunSliceAsync(tenant, id, ct); }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested) { LogTurnFailed(log, tenant, id, e); }
    }

    internal async Task RunSliceAsync(TenantId tenantId, JobId id, CancellationToken ct)
    {
        var owner = Guid.CreateVersion7(clock.Now());
        if (await ClaimAsync(tenantId, id, owner, ct) is not { } job) return;
        var kind = kinds.FirstOrDefault(k => k.Name == job.Kind);
        if (kind is null) { await FinishAsync(tenantId, job, owner, "stopped", "kind_unknown", ct); return; }
        // A suspended tenant's work waits.
        if (await tenants.FindAsync(tenantId, ct) is not { Status: Http.TenantStatus.Active } tenant) { await ReleaseAsync(tenantId, id, owner, clock.Now() + TimeSpan.FromMinutes(1), ct); return; }
        // What she may not begin any more does not go on either.
        if (await authority.FindAsync(job.Caller, tenantId, job.Organization, kind.Permission, ct) is not { } caller) { await FinishAsync(tenantId, job, owner, "stopped", "permission_withdrawn", ct); return; }

        var run = new JobRun(id, job.Kind, tenant, caller, job.Facts, job.Parameters);
        var end = clock.Now() + Slice;
        for (var done = 0; done < RowsOfSlice && clock.Now() < end;)
        {
            List<(int Number, byte[] Input, int Attempts)> rows;
            await using (var tx = await database.ReadAsync(tenantId, ct)) rows = await JobStore.ListWaitingAsync(tx, id, RowsAtOnce, ct);
            if (rows.Count == 0) { await FinishAsync(tenantId, job, owner, "done", null, ct); return; }
            foreach (var row in rows)
            {
                if (clock.Now() >= end) break;
                switch (await RunRowAsync(run, kind, owner, row.Number, row.Input, row.Attempts, ct))
                {
                    case Turn.Lost: return;
                    case Turn.Later: await ReleaseAsync(tenantId, id, owner, clock.Now() + Pause, ct); return;
                }
                done++;
            }
        }
        await ReleaseAsync(tenantId, id, owner, clock.Now(), ct);
    }

    private enum Turn { Done, Later, Lost }

    private async Task<Turn> RunRowAsync(JobRun run, IJobKind kind, Guid owner, int number, byte[] input, int attempts, CancellationToken ct)
    {
        RowResult result;
        try
        {
            ReadOnlyMemory<byte> opened;
            await using (var tx = await database.ReadAsync(run.Tenant.Id, ct)) opened = await vault.OpenAsync(tx, JobIntake.Place(run.Id, number), input, ct);
            var row = new JobRow(run, number, opened);
            if ((await kind.PrepareAsync(row, ct)).TryGet(out var prepared, out var problem))
            {
                await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
                result = await kind.RunAsync(tx, row, prepared, ct);
                if (result.Problem is null)
                {
                    if (!await MarkAsync(tx, run.Id, owner, number, result, ct)) return Turn.Lost;
                    await tx.CommitAsync(ct);
                    return Turn.Done;
                }
            }
            else result = problem;
        }
        catch (CryptographicException e)
        {
            LogRowFailed(log, run.Tenant.Id, run.Id, number, e);
            result = Problem.Invalid("row_unreadable", "What was stored of this row cannot be opened.");
        }
        catch (DbException e)
        {
            // Two rows of two jobs that wait for each other, or a database that is away: another time.
            LogRowFailed(log, run.Tenant.Id, run.Id, number, e);
            result = Problem.Unavailable("busy", "The server could not do this now.");
        }
        // What was tried has been rolled back; how it failed is another transaction.
        await using var mark = await database.BeginAsync(run.Tenant.Id, ct);
        if (result.Problem!.Status == 503 && attempts < MaxAttempts)
        {
            await JobStore.TryCountAttemptAsync(mark, run.Id, number, ct);
            await mark.CommitAsync(ct);
            return Turn.Later;
        }
        if (!await MarkAsync(mark, run.Id, owner, number, result with { ResourceId = null }, ct)) return Turn.Lost;
        await mark.CommitAsync(ct);
        return Turn.Done;
    }

    private async ValueTask<bool> MarkAsync(TenantTransaction tx, JobId job, Guid owner, int number, RowResult result, CancellationToken ct) =>
        // The job before its row, as where it is cancelled: two who want both never wait for each other.
        await JobStore.TryAdvanceAsync(tx, job, owner, result.Problem is null, clock.Now() + Lease, ct)
        && await JobStore.TryFinishRowAsync(tx, job, number, result, clock.Now(), ct);

    private async Task<StoredJob?> ClaimAsync(TenantId tenant, JobId id, Guid owner, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        var now = clock.Now();
        if (!await JobStore.TryClaimAsync(tx, id, owner, now, now + Lease, ct)) return null;
        var job = await JobStore.FindAsync(tx, id, ct);
        await tx.CommitAsync(ct);
        return job;
    }

    private async Task ReleaseAsync(TenantId tenant, JobId id, Guid owner, DateTimeOffset until, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        await JobStore.TryReleaseAsync(tx, id, owner, until, ct);
        await tx.CommitAsync(ct);
    }

    private async Task FinishAsync(TenantId tenant, StoredJob job, Guid owner, string state, string? reason, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        if (!await JobStore.TryFinishAsync(tx, job.Id, owner, state, reason, clock.Now(), ct)) return;
        var details = new Dictionary<string, string> { ["kind"] = job.Kind, ["state"] = state };
        if (reason is not null) details["reason"] = reason;
        await audit.AppendAsync(tx, new("job.finished", state == "done" ? AuditOutcome.Success : AuditOutcome.Failure, AuditActor.System, "job", job.Id.ToString(), job.Facts, details) { Organization = job.Organization }, ct);
        await tx.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Tenant {Tenant}, job {Job}: its turn failed.")]
    private static partial void LogTurnFailed(ILogger log, TenantId tenant, JobId job, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}, job {Job}: row {Row} failed.")]
    private static partial void LogRowFailed(ILogger log, TenantId tenant, JobId job, int row, Exception error);
}
