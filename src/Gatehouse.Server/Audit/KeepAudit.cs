using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>/api/v1/audit/retention</c>, <c>/holds</c> and <c>/erasures</c>: how long entries are kept, what must be, and what is told of a person no more.</summary>
internal static partial class KeepAudit
{
    private const int MaxRules = 100, MaxDays = 36_500, MaxReason = 400, MaxHolds = 1000;

    /// <param name="Classes">Days by class, the noun before the point of an action, such as <c>session</c>; <c>*</c> for every other. What is not named is kept for ever.</param>
    internal sealed record Retention(Dictionary<string, int>? Classes);

    /// <param name="Person">Whose entries are held; left out: all of the tenant's.</param>
    /// <param name="Reason">1 to 400 characters; a case number rather than a name.</param>
    internal sealed record HoldRequest(string? Person, string? Reason);

    internal sealed record Hold(string Id, string? Person, string Reason, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ReleasedAt, string? ReleasedBy);

    internal sealed record HoldList(IReadOnlyList<Hold> Items, string? Next);

    /// <param name="Person">A user's id, also one of an account that is gone.</param>
    internal sealed record ErasureRequest(string? Person);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit/retention", GetRetentionAsync).WithName("audit.retention.get").WithSummary("Read how long entries are kept").RequirePermission(Scopes.AuditRead);
        api.MapPut("/audit/retention", PutRetentionAsync).WithName("audit.retention.put").WithSummary("Set how long entries are kept").RequirePermission(Scopes.AuditWrite).RequireFreshProof();
        api.MapGet("/audit/holds", ListHoldsAsync).WithName("audit.holds.list").WithSummary("List legal holds").RequirePermission(Scopes.AuditRead);
        api.MapPost("/audit/holds", CreateHoldAsync).WithName("audit.holds.create").WithSummary("Set a legal hold").RequirePermission(Scopes.AuditWrite).Idempotent();
        api.MapDelete("/audit/holds/{id}", ReleaseHoldAsync).WithName("audit.holds.release").WithSummary("Release a legal hold").RequirePermission(Scopes.AuditWrite).RequireFreshProof();
        api.MapPost("/audit/erasures", EraseAsync).WithName("audit.erasures.create").WithSummary("Make unreadable what the audit tells of a person").RequirePermission(Scopes.AuditWrite).RequireFreshProof();
    }

    internal static async Task<Ok<Retention>> GetRetentionAsync(TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(new Retention((await RetentionStore.ListRulesAsync(tx, ct)).ToDictionary(r => r.Class, r => (int)r.Days, StringComparer.Ordinal)));
    }

    /// <returns>200; 422 <c>retention_invalid</c>, <c>class_kept</c>.</returns>
    internal static async Task<Results<Ok<Retention>, ProblemHttpResult>> PutRetentionAsync(Retention request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        if (request.Classes is not { Count: <= MaxRules } classes || classes.Any(c => (c.Key != RetentionJob.Others && !ClassName().IsMatch(c.Key)) || c.Value is < 1 or > MaxDays))
            return Problem.Invalid("retention_invalid", $"classes names at most {MaxRules} classes, such as session, or *, each with 1 to {MaxDays} days.", "classes").ToHttp();
        if (classes.ContainsKey(RetentionJob.KeptClass)) return Problem.Invalid("class_kept", "Entries of the class audit account for what was removed: they are always kept.", "classes").ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // One after the other: of two that came together the rules of the later one stand, whole.
        await AuditStore.LockHeadAsync(tx, ct);
        await RetentionStore.ReplaceRulesAsync(tx, classes, ct);
        await audit.AppendAsync(tx, new("audit.retention_changed", AuditOutcome.Success, AuditActor.Of(caller), null, null, facts,
            new Dictionary<string, string> { ["classes"] = string.Join(' ', classes.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}")) }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new Retention(classes));
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<HoldList>, ProblemHttpResult>> ListHoldsAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var holds = page.ToPage(await RetentionStore.ListHoldsAsync(tx, page, ct), h => h.Id);
        return TypedResults.Ok(new HoldList([.. holds.Items.Select(Of)], holds.Next));
    }

    /// <returns>201; 409 <c>holds_too_many</c>; 422 <c>reason_invalid</c>, <c>person_invalid</c>.</returns>
    internal static async Task<Results<Created<Hold>, ProblemHttpResult>> CreateHoldAsync(HoldRequest request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (request.Reason?.Trim() is not { Length: >= 1 and <= MaxReason } reason) return Problem.Invalid("reason_invalid", $"reason has 1 to {MaxReason} characters.", "reason").ToHttp();
        if (request.Person is not null && !UserId.TryParse(request.Person, out _)) return BadPerson().ToHttp();
        var hold = new AuditHold(Guid.CreateVersion7(clock.GetUtcNow()), request.Person, reason, clock.Now(), caller.Id, null, null);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Takes turns with whoever trims or erases: what this holds is not half gone.
        await AuditStore.LockHeadAsync(tx, ct);
        if (await RetentionStore.CountHoldsAsync(tx, ct) >= MaxHolds) return Problem.Conflict("holds_too_many", $"A tenant has at most {MaxHolds} holds at once. Hold everything instead.").ToHttp();
        await RetentionStore.InsertHoldAsync(tx, hold, ct);
        await audit.AppendAsync(tx, new("audit.hold_set", AuditOutcome.Success, AuditActor.Of(caller), hold.Person is null ? "tenant" : "user", hold.Person ?? tenant.Id.ToString(), facts,
            new Dictionary<string, string> { ["hold"] = Name(hold.Id), ["reason"] = reason }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/audit/holds/{Name(hold.Id)}"), Of(hold));
    }

    /// <returns>204; 404 <c>hold_not_found</c>, also when it was released before.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> ReleaseHoldAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!Guid.TryParseExact(id, "N", out var hold) || !await RetentionStore.TryReleaseHoldAsync(tx, hold, clock.Now(), caller.Id, ct))
            return Problem.NotFound("hold_not_found", "There is no such hold, or it was released.").ToHttp();
        await audit.AppendAsync(tx, new("audit.hold_released", AuditOutcome.Success, AuditActor.Of(caller), null, null, facts, new Dictionary<string, string> { ["hold"] = id }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>200; 403 <c>erasure_of_oneself</c>; 409 <c>audit_on_hold</c>; 422 <c>person_invalid</c>.</returns>
    internal static async Task<Results<Ok<ErasedPerson>, ProblemHttpResult>> EraseAsync(ErasureRequest request, TenantContext tenant, Caller caller, RequestFacts facts, AuditErasure erasure, CancellationToken ct)
    {
        if (!UserId.TryParse(request.Person, out var person)) return BadPerson().ToHttp();
        // Nobody covers her own tracks.
        if (caller.Kind == "user" && caller.Id == request.Person) return Problem.Forbidden("erasure_of_oneself", "Another administrator must ask for this.").ToHttp();
        return (await erasure.EraseAsync(tenant.Id, person, AuditActor.Of(caller), facts, ct)).TryGet(out var erased, out var problem) ? TypedResults.Ok(erased) : problem.ToHttp();
    }

    private static Problem BadPerson() => Problem.Invalid("person_invalid", "person is a user's id.", "person");

    private static string Name(Guid id) => id.ToString("N");

    private static Hold Of(AuditHold hold) => new(Name(hold.Id), hold.Person, hold.Reason, hold.CreatedAt, hold.CreatedBy, hold.ReleasedAt, hold.ReleasedBy);

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$")]
    private static partial Regex ClassName();
}
