using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary>
/// <c>POST /api/v1/users/bulk</c>: up to ten thousand creations, changes, disablings, enablings and deletions as one job. Each is done and refused as the
/// operation for one would be, in a transaction of its own.
/// </summary>
internal static class BulkUsers
{
    internal const int MaxBytes = 5 * 1024 * 1024, MaxOperationBytes = 64 * 1024;
    internal const string Create = "create", Update = "update", Disable = "disable", Enable = "enable", Delete = "delete", Skip = "skip", Fail = "fail";

    /// <param name="Operations">1 to 10000, done in this order.</param>
    internal sealed record Request(IReadOnlyList<Operation>? Operations);

    /// <param name="Op"><c>create</c>, <c>update</c>, <c>disable</c>, <c>enable</c> or <c>delete</c>.</param>
    /// <param name="Id">Whom; not for <c>create</c>.</param>
    /// <param name="User">For <c>create</c>, what <c>POST /users</c> takes; for <c>update</c>, what <c>PATCH /users/{id}</c> takes.</param>
    /// <param name="IfExists">For <c>create</c>, when an address is taken: <c>fail</c> (default) or <c>skip</c>, which makes the row safe to repeat.</param>
    internal sealed record Operation(string? Op, string? Id = null, JsonElement? User = null, string? IfExists = null);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/bulk", HandleAsync).WithName("users.bulk").WithSummary("Create, change, disable, enable or delete many users")
            .Accepts<Request>("application/json", "application/x-ndjson").RequirePermission(Scopes.UsersWrite).RequireFreshProof().Idempotent().WithMetadata(new BodyLimit(MaxBytes));

    /// <returns>202; 422 <c>rows_invalid</c>, <c>operation_invalid</c>; 429 <c>jobs_too_many</c>.</returns>
    internal static async Task<Results<Accepted<JobView>, ProblemHttpResult>> HandleAsync(BulkBody body, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, JobIntake jobs, CancellationToken ct)
    {
        if (body.Problem is { } wrong) return wrong.ToHttp();
        for (var i = 0; i < body.Rows.Count; i++)
            if (!Parse(body.Rows[i]).TryGet(out _, out var problem)) return (problem with { Detail = $"Operation {i + 1}: {problem.Detail}" }).ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await jobs.StartAsync(tx, new(BulkUsersJob.KindName, caller, facts, "{}", body.Rows), ct)).TryGet(out var job, out var refused)) return refused.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Accepted(tenant.Url($"/api/v1/jobs/{job.Id}"), job);
    }

    /// <summary>What can be said of an operation without asking the database.</summary>
    internal static Result<Operation, Problem> Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxOperationBytes) return Invalid("it has more than 64 KiB");
        Operation? operation;
        try
        {
            if (!JsonText.IsText(json.Span)) return Invalid("it holds text that is none");
            operation = JsonSerializer.Deserialize(json.Span, UsersJson.Default.Operation);
        }
        catch (JsonException) { return Invalid("it is not an object of op, id, user and if_exists"); }
        if (operation is null) return Invalid("it is null");
        if (operation.Op is not (Create or Update or Disable or Enable or Delete)) return Invalid("op is create, update, disable, enable or delete");
        if ((operation.Id is null) != (operation.Op == Create)) return Invalid(operation.Op == Create ? "create takes no id" : "id is missing");
        if ((operation.User is { ValueKind: JsonValueKind.Object }) != (operation.Op is Create or Update)) return Invalid(operation.Op is Create or Update ? "user is missing" : $"{operation.Op} takes no user");
        if (operation.IfExists is not (null or Fail or Skip) || (operation.IfExists is not null && operation.Op != Create)) return Invalid("if_exists is fail or skip, and for create only");
        return operation;
    }

    private static Problem Invalid(string what) => Problem.Invalid("operation_invalid", $"{what}.", "operations");
}

/// <summary>The operations of a bulk request.</summary>
internal sealed record BulkBody(IReadOnlyList<ReadOnlyMemory<byte>> Rows, Problem? Problem)
{
    public static async ValueTask<BulkBody?> BindAsync(HttpContext http)
    {
        var rows = RowsBody.Read(http.Request.ContentType, await RequestBody.ReadAsync(http.Request, BulkUsers.MaxBytes, http.RequestAborted), "operations");
        return new(rows.Rows, rows.Problem);
    }
}
