using System.Globalization;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users.Deleting;

/// <param name="RequestedBy">The user herself, another one, or a client.</param>
/// <param name="Disabled">She was disabled for it, and is enabled again when it is called off.</param>
/// <param name="Refused">Why it could not be done when it was due, for example <c>last_administrator</c>; it is tried again every hour.</param>
internal sealed record DeletionView(UserId User, DateTimeOffset At, DateTimeOffset RequestedAt, string RequestedBy, bool Disabled, bool EraseAudit, string? Refused)
{
    internal static DeletionView Of(ScheduledDeletion d) => new(d.User, d.At, d.RequestedAt, d.RequestedBy?.Id ?? d.User.ToString(), d.Disabled, d.EraseAudit, d.Refused);
}

/// <summary><c>/api/v1/users/{id}/deletion</c>: deletes a user later (POST), says when (GET), calls it off (DELETE).</summary>
internal static class ScheduleDeletion
{
    private static readonly TimeSpan furthest = TimeSpan.FromDays(366);
    private static readonly string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <param name="At">When, RFC 3339 with a zone, at most 366 days ahead; left out: after the tenant's <c>users.deletion_grace_days</c>.</param>
    /// <param name="Disable">Default true: from now on she cannot sign in. False: she can until then.</param>
    /// <param name="EraseAudit">What the audit tells of her is made unreadable too, as <c>/audit/erasures</c> does; needs <c>audit:write</c> as well.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? At = null, bool Disable = true, bool EraseAudit = false);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{id}/deletion", ScheduleAsync).WithName("users.deletion.schedule").WithSummary("Delete a user at a time to come").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
        api.MapGet("/users/{id}/deletion", GetAsync).WithName("users.deletion.get").WithSummary("Say when a user is to be deleted").RequirePermission(Scopes.UsersRead);
        api.MapDelete("/users/{id}/deletion", CancelAsync).WithName("users.deletion.cancel").WithSummary("Call off a user's deletion").RequirePermission(Scopes.UsersWrite);
    }

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>deletion_scheduled</c>, <c>last_administrator</c>, <c>last_owner</c>; 412 <c>version_mismatch</c>; 422 <c>at_invalid</c>.</returns>
    internal static async Task<Results<Ok<DeletionView>, ProblemHttpResult>> ScheduleAsync(string id, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ICallerGuard guard, Deletions deletions, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.Now();
        var at = now.AddDays(tenant.Settings.Users.DeletionGraceDays);
        if (request.At is { } text && !(TryRead(text, out at) && at >= now && at <= now + furthest))
            return Problem.Invalid("at_invalid", $"at is a time to come, at most {furthest.Days} days from now, as RFC 3339 writes it with its zone: 2026-01-31T12:00:00Z.", "at").ToHttp();
        if (request.EraseAudit && !caller.Permitted.Contains(Scopes.AuditWrite, StringComparer.Ordinal)) return MayNotErase.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!UserId.TryParse(id, out var userId) || await UserStore.FindAsync(tx, userId, ct) is not { } user) return UserProblems.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        if (ETags.Check(http, user.Version) is { } outdated) return outdated.ToHttp();
        if (!(await deletions.ScheduleAsync(tx, tenant, user, at, caller, facts, request.Disable, request.EraseAudit, ct)).TryGet(out var made, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Ok(DeletionView.Of(made));
    }

    /// <returns>200; 404 <c>user_not_found</c>, <c>deletion_not_found</c>.</returns>
    internal static async Task<Results<Ok<DeletionView>, ProblemHttpResult>> GetAsync(string id, TenantContext tenant, IDatabase database, Deletions deletions, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!UserId.TryParse(id, out var userId) || await UserStore.FindAsync(tx, userId, ct) is null) return UserProblems.NotFound.ToHttp();
        return await deletions.FindAsync(tx, userId, ct) is { } found ? TypedResults.Ok(DeletionView.Of(found)) : NotScheduled.ToHttp();
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>deletion_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, ICallerGuard guard, Deletions deletions, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!UserId.TryParse(id, out var userId) || await UserStore.FindAsync(tx, userId, ct) is null) return UserProblems.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        if (await deletions.CancelAsync(tx, tenant, userId, AuditActor.Of(caller), facts, ct) is null) return NotScheduled.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    internal static Problem MayNotErase { get; } = Problem.Forbidden("permission_escalation", $"To have the audit forget somebody takes {Scopes.AuditWrite} too.");

    internal static Problem NotScheduled { get; } = Problem.NotFound("deletion_not_found", "This account is not to be deleted, or it has begun.");

    /// <summary>With a zone: a time without one would be this server's.</summary>
    private static bool TryRead(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at)
        && (text.EndsWith('Z') || text.AsSpan(10).IndexOfAny('+', '-') > 0);
}
