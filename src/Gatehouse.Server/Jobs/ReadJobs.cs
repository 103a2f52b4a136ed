using System.Buffers.Binary;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Jobs;

/// <summary>
/// <c>GET /api/v1/jobs</c>, <c>/jobs/{id}</c>, <c>/jobs/{id}/results</c>. A caller sees the jobs she started, and those of others whose kind she could have
/// started herself: how rows went tells what they were about. The same below <c>/organizations/{organization}</c>, for what is about that one.
/// </summary>
internal static class ReadJobs
{
    private static readonly ListShape<StoredJob> Shape = new(
        job => job.Id.Value,
        [new("created_at")],
        [
            ListField<StoredJob>.Exact("id", job => job.Id.ToString()),
            ListField<StoredJob>.Exact("kind", job => job.Kind),
            ListField<StoredJob>.Exact("state", job => job.State, "queued", "running", "done", "cancelled", "stopped"),
            ListField<StoredJob>.Exact("started_by", job => job.Caller.Id),
            ListField<StoredJob>.Number("failed", job => job.Failed),
            ListField<StoredJob>.Time("created_at", job => job.CreatedAt),
            ListField<StoredJob>.Time("finished_at", job => job.FinishedAt),
        ]);

    private static readonly ListShape<StoredRow> RowShape = new(
        row => IdOf(row.Number),
        [new("number")],
        [
            ListField<StoredRow>.Exact("state", row => row.State, "waiting", "done", "failed", "cancelled"),
            ListField<StoredRow>.Exact("code", row => row.Code),
            ListField<StoredRow>.Number("number", row => row.Number),
        ],
        Descending: false);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs", ListAsync).WithName("jobs.list").WithSummary("List jobs").RequirePermission(Scopes.JobsRead).Lists(Shape);
        api.MapGet("/organizations/{organization}/jobs", ListAsync).WithName("organizations.jobs.list").WithSummary("List jobs about an organization").RequirePermission(Scopes.JobsRead).InOrganization().Lists(Shape);
        api.MapGet("/organizations/{organization}/jobs/{id}", GetAsync).WithName("organizations.jobs.get").WithSummary("Get a job about an organization").RequirePermission(Scopes.JobsRead).InOrganization().SelectsFields();
        api.MapGet("/organizations/{organization}/jobs/{id}/results", ResultsAsync).WithName("organizations.jobs.results").WithSummary("List how the rows of a job about an organization went")
            .RequirePermission(Scopes.JobsRead).InOrganization().Lists(RowShape);
        api.MapGet("/jobs/{id}", GetAsync).WithName("jobs.get").WithSummary("Get a job and how far it is").RequirePermission(Scopes.JobsRead).SelectsFields();
        api.MapGet("/jobs/{id}/results", ResultsAsync).WithName("jobs.results").WithSummary("List how the rows of a job went").RequirePermission(Scopes.JobsRead).Lists(RowShape);
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    internal static async Task<Results<Ok<Page<JobView>>, ProblemHttpResult>> ListAsync(HttpContext http, TenantContext tenant, Caller caller, IDatabase database, Lists lists,
        JobSight sight, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = await query.ReadAsync((after, limit) => JobStore.ListAsync(tx, query.Descending, after?.Id, limit, ct), job => sight.MaySee(http, caller, job));
        return TypedResults.Ok(new Page<JobView>([.. found.Items.Select(JobView.Of)], found.Next));
    }

    /// <returns>200; 400 <c>fields_invalid</c>; 404 <c>job_not_found</c>, also for one the caller may not see.</returns>
    internal static async Task<Results<Ok<JobView>, ProblemHttpResult>> GetAsync(string id, HttpContext http, TenantContext tenant, Caller caller, IDatabase database, JobSight sight, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await sight.FindAsync(tx, http, id, caller, ct) is { } job ? TypedResults.Ok(JobView.Of(job)) : JobSight.NotFound.ToHttp();
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>job_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<JobRowView>>, ProblemHttpResult>> ResultsAsync(string id, HttpContext http, TenantContext tenant, Caller caller, IDatabase database, Lists lists,
        JobSight sight, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(RowShape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await sight.FindAsync(tx, http, id, caller, ct) is not { } job) return JobSight.NotFound.ToHttp();
        var state = query.Find("state", FilterOperator.Equal)?.Value as string;
        var found = await query.ReadAsync((after, limit) => JobStore.ListRowsAsync(tx, job.Id, NumberOf(after), query.Descending, state, limit, ct));
        return TypedResults.Ok(new Page<JobRowView>([.. found.Items.Select(JobRowView.Of)], found.Next));
    }

    // A row has a number where others have an id; a cursor carries it as one.
    private static Guid IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], number);
        return new(bytes, bigEndian: true);
    }

    private static long? NumberOf(ListPosition? after)
    {
        if (after is null) return null;
        Span<byte> bytes = stackalloc byte[16];
        after.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
    }
}
