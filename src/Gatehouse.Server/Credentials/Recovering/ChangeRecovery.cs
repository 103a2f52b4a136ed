using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials.Recovering;

/// <summary>
/// <c>POST /api/v1/recoveries/{id}/approve</c>: an administrator says yes to a recovery for which nothing was proved beside the mailbox. <c>DELETE
/// /api/v1/recoveries/{id}</c>: ends one. By the recovery's own id, so that no yes goes to another one of the same user.
/// </summary>
internal static class ChangeRecovery
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/recoveries/{id}/approve", ApproveAsync).WithName("recoveries.approve").WithSummary("Approve the recovery of a user's account").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
        api.MapDelete("/recoveries/{id}", CancelAsync).WithName("recoveries.cancel").WithSummary("Cancel the recovery of a user's account").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
    }

    /// <returns>200, also when it needed none; 403 <c>scope_escalation</c>, <c>own_recovery</c>; 404 <c>recovery_not_found</c>.</returns>
    internal static async Task<Results<Ok<RecoveryView>, ProblemHttpResult>> ApproveAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        ICallerGuard guard, UserDirectory users, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var now = clock.Now();
        if (!RecoveryId.TryParse(id, out var wanted) || await RecoveryStore.FindAsync(tx, wanted, now, ct) is not { } recovery) return RecoveryView.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, recovery.User, caller, ct) is { } escalation) return escalation.ToHttp();
        // Else whoever took over an administrator's session would approve his own way in.
        if (caller.Kind == "user" && caller.Id == recovery.User.ToString())
            return Problem.Forbidden("own_recovery", "Another administrator has to approve the recovery of your own account.").ToHttp();
        if (!recovery.NeedsApproval) return TypedResults.Ok(RecoveryView.Of(recovery));
        var expires = (recovery.ReadyAt > now ? recovery.ReadyAt : now) + Recoveries.CompletionTime;
        if (!await users.HoldActiveAsync(tx, recovery.User, ct) || !await RecoveryStore.TryApproveAsync(tx, wanted, caller.Id, now, expires, ct)) return RecoveryView.NotFound.ToHttp();
        await audit.AppendAsync(tx, Recoveries.Entry("recovery.approved", AuditActor.Of(caller), recovery.User, facts, ("recovery", id)), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(RecoveryView.Of(recovery with { NeedsApproval = false, ApprovedBy = caller.Id, ApprovedAt = now, ExpiresAt = expires }));
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>recovery_not_found</c>, also when it has ended.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        Recoveries recoveries, ICallerGuard guard, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!RecoveryId.TryParse(id, out var wanted) || await RecoveryStore.FindAsync(tx, wanted, clock.Now(), ct) is not { } recovery) return RecoveryView.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, recovery.User, caller, ct) is { } escalation) return escalation.ToHttp();
        if (!await recoveries.CancelAsync(tx, tenant, recovery.User, AuditActor.Of(caller), "administrator", tenant.Settings.Locales.Default, facts, ct)) return RecoveryView.NotFound.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
