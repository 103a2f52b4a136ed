using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Impersonation;

/// <summary>
/// <c>POST /api/v1/users/{user}/impersonations</c>: a link with which the caller, in the browser that she is signed in with, begins to act as a person.
/// <c>GET /api/v1/impersonations</c>, <c>/impersonations/{impersonation}</c>; <c>DELETE</c> ends one.
/// </summary>
internal static class ManageImpersonations
{
    internal const int UsualMinutes = 30, MaxReason = 500;

    /// <summary>A link is followed at once.</summary>
    internal static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(2);

    /// <param name="Reason">Why, for the audit: 3 to 500 characters.</param>
    /// <param name="Minutes">How long at most; left out: 30, or what the tenant allows where that is less.</param>
    internal sealed record Request(string? Reason, int? Minutes);

    /// <param name="Url">Opened once, within two minutes, in the browser in which the caller is signed in.</param>
    internal sealed record Response(ImpersonationId Id, UserId User, int Minutes, string Url, DateTimeOffset LinkExpiresAt);

    /// <param name="Status"><c>waiting</c>, <c>active</c> or <c>ended</c>.</param>
    /// <param name="EndReason">Null where it ran out, or lasts.</param>
    internal sealed record View(ImpersonationId Id, UserId Actor, UserId User, string Reason, string Status, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset EndsAt, DateTimeOffset? EndedAt, string? EndReason);

    private static readonly ListShape<View> Shape = new(
        view => view.Id.Value,
        [new("created_at")],
        [
            ListField<View>.Exact("id", view => view.Id.ToString()),
            ListField<View>.Exact("actor", view => view.Actor.ToString()),
            ListField<View>.Exact("user", view => view.User.ToString()),
            ListField<View>.Exact("status", view => view.Status, "waiting", "active", "ended"),
            ListField<View>.Exact("end_reason", view => view.EndReason),
            ListField<View>.Text("reason", view => view.Reason),
            ListField<View>.Time("created_at", view => view.CreatedAt),
            ListField<View>.Time("started_at", view => view.StartedAt),
            ListField<View>.Time("ends_at", view => view.EndsAt),
            ListField<View>.Time("ended_at", view => view.EndedAt),
        ]);

    private static readonly Problem notFound = Problem.NotFound("impersonation_not_found", "This tenant has no such impersonation.");

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{user}/impersonations", CreateAsync).WithName("users.impersonations.create").WithSummary("Get a link to act as a user").RequirePermission(Scopes.UsersImpersonate).Idempotent().RequireFreshProof();
        api.MapGet("/impersonations", ListAsync).WithName("impersonations.list").WithSummary("List impersonations").RequirePermission(Scopes.UsersRead).Lists(Shape);
        api.MapGet("/impersonations/{impersonation}", GetAsync).WithName("impersonations.get").WithSummary("Get an impersonation").RequirePermission(Scopes.UsersRead).SelectsFields();
        api.MapDelete("/impersonations/{impersonation}", EndAsync).WithName("impersonations.end").WithSummary("End an impersonation").RequirePermission(Scopes.UsersImpersonate);
    }

    /// <returns>201; 403 <c>impersonation_needs_session</c>, <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>user_not_active</c>;
    /// 422 <c>reason_invalid</c>, <c>minutes_invalid</c>, <c>impersonation_self</c>.</returns>
    internal static async Task<Results<Created<Response>, ProblemHttpResult>> CreateAsync(string user, Request request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, UserDirectory users,
        ICallerGuard guard, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        // A person of this very tenant, in a browser: neither a program nor somebody of a tenant above has a session here that the link could be bound to.
        if (caller.HomeTenant != tenant.Id || caller.Session is not { } session || !UserId.TryParse(caller.Id, out var actor))
            return Problem.Forbidden("impersonation_needs_session", "Only a person who is signed in to this tenant in a browser may act as another: her token names her session.").ToHttp();
        var reason = (request.Reason ?? "").Trim();
        if (reason.Length is < 3 or > MaxReason || reason.Any(char.IsControl)) return Problem.Invalid("reason_invalid", $"reason says in 3 to {MaxReason} characters why.", "reason").ToHttp();
        var most = tenant.Settings.Impersonation.MaxMinutes;
        var minutes = request.Minutes ?? Math.Min(UsualMinutes, most);
        if (minutes < 1 || minutes > most) return Problem.Invalid("minutes_invalid", $"minutes is from 1 to {most}, which is what this tenant allows.", "minutes").ToHttp();

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!UserId.TryParse(user, out var id) || await users.FindAsync(tx, id, ct) is not { } person) return Problem.NotFound("user_not_found", "There is no such user in this tenant.").ToHttp();
        if (id == actor) return Problem.Invalid("impersonation_self", "Nobody acts as herself.").ToHttp();
        if (person.Status != UserStatus.Active) return Problem.Conflict("user_not_active", "Nobody acts as a user who may not sign in herself.").ToHttp();
        // Whoever acts as somebody may do what she may: nobody reaches what she does not hold herself.
        if (await guard.MayChangeAsync(tx, id, caller, ct) is { } refused) return refused.ToHttp();

        var now = clock.Now();
        var link = Secret.New(Secret.LinkPrefix);
        var wanted = new StoredImpersonation(ImpersonationId.New(clock), SessionId.New(clock), actor, session, id, reason, minutes, now + LinkLife, now, null, now + LinkLife, null, null);
        await ImpersonationStore.InsertAsync(tx, wanted, Secret.Hash(link), ct);
        await audit.AppendAsync(tx, new("impersonation.requested", AuditOutcome.Success, AuditActor.Of(caller), "user", id.ToString(), facts,
            new Dictionary<string, string> { ["impersonation"] = wanted.Id.ToString(), ["minutes"] = minutes.ToString(System.Globalization.CultureInfo.InvariantCulture) })
            { Personal = new Dictionary<string, string> { ["reason"] = reason } }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/impersonations/{wanted.Id}"), new Response(wanted.Id, id, minutes, tenant.Url($"{ImpersonationPages.Path}?token={link}"), wanted.LinkEndsAt));
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    internal static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> ListAsync(HttpContext http, TenantContext tenant, IDatabase database, Lists lists, TimeProvider clock, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        var now = clock.Now();
        UserId? user = query.Find("user", FilterOperator.Equal)?.Value is string wanted && UserId.TryParse(wanted, out var id) ? id : null;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(await query.ReadAsync(async (after, limit) =>
        {
            var rows = user is { } one ? await ImpersonationStore.ListOfUserAsync(tx, one, query.Descending, after?.Id, limit, ct) : await ImpersonationStore.ListAsync(tx, query.Descending, after?.Id, limit, ct);
            return rows.ConvertAll(row => Of(row, now));
        }));
    }

    /// <returns>200; 400 <c>fields_invalid</c>; 404 <c>impersonation_not_found</c>.</returns>
    internal static async Task<Results<Ok<View>, ProblemHttpResult>> GetAsync(string impersonation, TenantContext tenant, IDatabase database, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return ImpersonationId.TryParse(impersonation, out var id) && await ImpersonationStore.FindAsync(tx, id, ct) is { } found ? TypedResults.Ok(Of(found, clock.Now())) : notFound.ToHttp();
    }

    /// <summary>Also one that has not begun. Of one that is over: 204, too.</summary>
    /// <returns>204; 404 <c>impersonation_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(string impersonation, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, Impersonations impersonations, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!ImpersonationId.TryParse(impersonation, out var id) || await ImpersonationStore.FindAsync(tx, id, ct) is null) return notFound.ToHttp();
        if (await impersonations.EndAsync(tx, id, "ended_by_administrator", AuditActor.Of(caller), facts, ct)) await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static View Of(StoredImpersonation one, DateTimeOffset now) => new(one.Id, one.Actor, one.User, one.Reason,
        one.EndedAt is not null || now >= one.EndsAt ? "ended" : one.StartedAt is null ? "waiting" : "active", one.CreatedAt, one.StartedAt, one.EndsAt, one.EndedAt, one.EndReason);
}
