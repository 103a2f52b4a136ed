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
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recoveries", ListAsync).WithName("recoveries.list").WithSummary("List the recoveries of accounts that are under way").RequirePermission(Scopes.UsersRead);
        api.MapGet("/users/{id}/recovery", OfUserAsync).WithName("users.recovery.get").WithSummary("Read the recovery of a user's account").RequirePermission(Scopes.UsersRead);
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<RecoveryView>>, ProblemHttpResult>> ListAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, TimeProvider clock, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = page.ToPage(await RecoveryStore.ListAsync(tx, page.After, page.Limit + 1, clock.Now(), ct), r => r.Id.Value);
        return TypedResults.Ok(new Page<RecoveryView>([.. found.Items.Select(RecoveryView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>recovery_not_found</c>, also for another tenant's user: existence there is not ours to tell.</returns>
    internal static async Task<Results<Ok<RecoveryView>, ProblemHttpResult>> OfUserAsync(string id, TenantContext tenant, IDatabase database, Recoveries recoveries, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return UserId.TryParse(id, out var user) && await recoveries.FindAsync(tx, user, ct) is { } recovery ? TypedResults.Ok(RecoveryView.Of(recovery)) : RecoveryView.NotFound.ToHttp();
    }
}
