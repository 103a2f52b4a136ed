using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials.Recovering;

/// <summary>A recovery as the management API shows one.</summary>
/// <param name="Proof">What was proved beside the mailbox: <c>password</c>, <c>sms</c>, or <c>none</c>, for which an administrator must say yes.</param>
/// <param name="ReadyAt">From when on it can be completed, if nothing needs approval.</param>
internal sealed record RecoveryView(RecoveryId Id, UserId UserId, RecoveryProof Proof, bool NeedsApproval, string? ApprovedBy, DateTimeOffset? ApprovedAt, DateTimeOffset StartedAt, DateTimeOffset ReadyAt, DateTimeOffset ExpiresAt)
{
    internal static RecoveryView Of(Recovery recovery) => new(recovery.Id, recovery.User, recovery.Proof, recovery.NeedsApproval, recovery.ApprovedBy, recovery.ApprovedAt, recovery.StartedAt, recovery.ReadyAt, recovery.ExpiresAt);

    internal static Problem NotFound { get; } = Problem.NotFound("recovery_not_found", "There is no such recovery under way in this tenant.");
}

/// <summary><c>GET /api/v1/recoveries</c>: those under way, newest first. <c>GET /api/v1/users/{id}/recovery</c>: a user's.</summary>
internal static class ReadRecoveries
{
    private static readonly ListShape<Recovery> Shape = new(
        recovery => recovery.Id.Value,
        [new("started_at")],
        [
            ListField<Recovery>.Exact("id", recovery => recovery.Id.ToString()),
            ListField<Recovery>.Exact("user_id", recovery => recovery.User.ToString()),
            ListField<Recovery>.Exact("proof", recovery => recovery.Proof switch { RecoveryProof.Password => "password", RecoveryProof.Sms => "sms", _ => "none" }, "none", "password", "sms"),
            ListField<Recovery>.Boolean("needs_approval", recovery => recovery.NeedsApproval),
            ListField<Recovery>.Time("started_at", recovery => recovery.StartedAt),
            ListField<Recovery>.Time("ready_at", recovery => recovery.ReadyAt),
            ListField<Recovery>.Time("expires_at", recovery => recovery.ExpiresAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recoveries", ListAsync).WithName("recoveries.list").WithSummary("List the recoveries of accounts that are under way").RequirePermission(Scopes.UsersRead).Lists(Shape);
        api.MapGet("/users/{id}/recovery", OfUserAsync).WithName("users.recovery.get").WithSummary("Read the recovery of a user's account").RequirePermission(Scopes.UsersRead);
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    internal static async Task<Results<Ok<Page<RecoveryView>>, ProblemHttpResult>> ListAsync(HttpContext http, TenantContext tenant, IDatabase database, Lists lists, TimeProvider clock, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var now = clock.Now();
        var found = await query.ReadAsync((after, limit) => query.Descending
            ? RecoveryStore.ListAsync(tx, after?.Id, limit, now, ct) : RecoveryStore.ListOldestFirstAsync(tx, after?.Id, limit, now, ct));
        return TypedResults.Ok(new Page<RecoveryView>([.. found.Items.Select(RecoveryView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>recovery_not_found</c>, also for another tenant's user: existence there is not ours to tell.</returns>
    internal static async Task<Results<Ok<RecoveryView>, ProblemHttpResult>> OfUserAsync(string id, TenantContext tenant, IDatabase database, Recoveries recoveries, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return UserId.TryParse(id, out var user) && await recoveries.FindAsync(tx, user, ct) is { } recovery ? TypedResults.Ok(RecoveryView.Of(recovery)) : RecoveryView.NotFound.ToHttp();
    }
}
