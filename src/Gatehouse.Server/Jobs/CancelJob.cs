using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Jobs;

/// <summary><c>POST /api/v1/jobs/{id}/cancel</c>: after the answer no row of it happens any more. What has happened stays.</summary>
internal static class CancelJob
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/jobs/{id}/cancel", HandleAsync).WithName("jobs.cancel").WithSummary("Cancel a job").RequirePermission(Scopes.JobsWrite);
        api.MapPost("/organizations/{organization}/jobs/{id}/cancel", HandleAsync).WithName("organizations.jobs.cancel").WithSummary("Cancel a job about an organization").RequirePermission(Scopes.JobsWrite).InOrganization();
    }

    /// <returns>200; 404 <c>job_not_found</c>; 409 <c>job_over</c>.</returns>
    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> HandleAsync(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, JobSight sight,
        AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await sight.FindAsync(tx, http, id, caller, ct) is not { } job) return JobSight.NotFound.ToHttp();
        if (!await JobStore.TryCancelAsync(tx, job.Id, clock.Now(), ct)) return Problem.Conflict("job_over", "This job is over already.").ToHttp();
        await audit.AppendAsync(tx, new("job.cancelled", AuditOutcome.Success, AuditActor.Of(caller), "job", job.Id.ToString(), facts, new Dictionary<string, string> { ["kind"] = job.Kind }) { Organization = job.Organization }, ct);
        var cancelled = await JobStore.FindAsync(tx, job.Id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(JobView.Of(cancelled ?? job));
    }
}
