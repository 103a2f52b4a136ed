using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Jobs;

/// <summary>Which jobs a caller sees: her own, and of others those of a kind that she could start. Below an organization: of those that are about it.</summary>
internal sealed class JobSight(IEnumerable<IJobKind> kinds)
{
    /// <summary>Absent, another tenant's, or not the caller's to see: she cannot tell which.</summary>
    internal static Problem NotFound { get; } = Problem.NotFound("job_not_found", "There is no such job in this tenant that you may see.");

    internal bool MaySee(HttpContext http, Caller caller, StoredJob job) =>
        IsThere(http, job) && (JobStore.KeyOf(caller) == JobStore.KeyOf(job.Caller) || kinds.FirstOrDefault(k => k.Name == job.Kind) is { } kind && caller.Permitted.Contains(kind.Permission, StringComparer.Ordinal));

    private static bool IsThere(HttpContext http, StoredJob job) =>
        http.Request.RouteValues["organization"] is not string name || (OrganizationId.TryParse(name, out var organization) && job.Organization == organization);

    internal async ValueTask<StoredJob?> FindAsync(TenantTransaction tx, HttpContext http, string id, Caller caller, CancellationToken ct) =>
        JobId.TryParse(id, out var jobId) && await JobStore.FindAsync(tx, jobId, ct) is { } job && MaySee(http, caller, job) ? job : null;
}
