using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>
/// <c>DELETE /api/v1/users/{id}/two-step</c>: an administrator removes a user's second step, with her recovery codes, for when she has
/// lost both. She is told by mail. Saying it twice is no fault.
/// </summary>
internal static class RemoveTwoStep
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{id}/two-step", HandleAsync).WithName("users.two_step.remove").WithSummary("Remove a user's second step").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, SecondFactors factors, ICallerGuard guard, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Also for another tenant's user: existence there is not ours to tell.
        if (!UserId.TryParse(id, out var userId) || await users.FindAsync(tx, userId, ct) is not { } user)
            return Problem.NotFound("user_not_found", "There is no such user in this tenant.").ToHttp();
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        if ((await factors.DescribeAsync(tx, userId, ct)).Count == 0) return TypedResults.NoContent();
        await factors.RemoveAsync(tx, userId, ct);
        await audit.AppendAsync(tx, new("second_step.removed", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts), ct);
        await TwoStepNotice.QueueAsync(tx, mailer, tenant, user, TwoStepNotice.Removed, tenant.Settings.Locales.Default, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
