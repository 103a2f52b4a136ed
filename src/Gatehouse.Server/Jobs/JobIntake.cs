using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Jobs;

/// <summary>Starts jobs for later rooms.</summary>
public sealed class JobIntake(TenantVault vault, AuditLog audit, TimeProvider clock)
{
    public const int MaxRows = 10_000;

    /// <summary>Most jobs of one tenant that are under way: beyond them a caller waits.</summary>
    public const int MaxOpen = 20;

    /// <summary>Stores a job in the caller's transaction; it begins within a second or two of its commit.</summary>
    /// <returns>The job; 422 <c>rows_invalid</c>, 429 <c>jobs_too_many</c>.</returns>
    public async ValueTask<Result<JobView, Problem>> StartAsync(TenantTransaction tx, NewJob job, CancellationToken ct)
    {
        if (job.Rows.Count is 0 or > MaxRows) return Problem.Invalid("rows_invalid", $"A job has 1 to {MaxRows} rows.");
        if (await JobStore.CountOpenAsync(tx, MaxOpen, ct) >= MaxOpen) return Problem.TooMany("jobs_too_many", $"{MaxOpen} jobs of this tenant are under way. Wait until one of them is done, or cancel one.");
        var now = clock.Now();
        var id = JobId.New(clock);
        var row = new StoredJob(id, job.Kind, "queued", null, job.Rows.Count, 0, 0, job.Parameters, job.Caller, now, null, null) { Facts = job.Facts, Organization = job.Organization };
        await JobStore.InsertAsync(tx, row, ct);
        List<(int Number, byte[] Input)> batch = [];
        for (var number = 1; number <= job.Rows.Count; number++)
        {
            batch.Add((number, await vault.SealAsync(tx, Place(id, number), job.Rows[number - 1], ct)));
            if (batch.Count < JobStore.RowsAtOnce && number < job.Rows.Count) continue;
            await JobStore.InsertRowsAsync(tx, id, batch, ct);
            batch.Clear();
        }
        await audit.AppendAsync(tx, new("job.started", AuditOutcome.Success, AuditActor.Of(job.Caller), "job", id.ToString(), job.Facts,
            new Dictionary<string, string> { ["kind"] = job.Kind, ["rows"] = job.Rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) }) { Organization = job.Organization }, ct);
        return JobView.Of(row);
    }

    internal static SealedAt Place(JobId job, int number) => new("job_rows", "input", $"{job}:{number}");
}
