using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Jobs;

/// <summary>Which jobs a caller sees: her own, and of others those of a kind that she could start.</summary>
internal sealed class JobSight(IEnumerable<IJobKind> kinds)
{
    /// <summary>Absent, another tenant's, or not the caller's to see: she cannot tell which.</summary>
    internal static Problem NotFound { get; } = Problem.NotFound("job_not_found", "There is no such job in this tenant that you may see.");

    internal bool MaySee(Caller caller, StoredJob job) =>
        JobStore.KeyOf(caller) == JobStore.KeyOf(job.Caller) || kinds.FirstOrDefault(k => k.Name == job.Kind) is { } kind && caller.Permitted.Contains(kind.Permission, StringComparer.Ordinal);

    internal async ValueTask<StoredJob?> FindAsync(TenantTransaction tx, string id, Caller caller, CancellationToken ct) =>
        JobId.TryParse(id, out var jobId) && await JobStore.FindAsync(tx, jobId, ct) is { } job && MaySee(caller, job) ? job : null;
}
