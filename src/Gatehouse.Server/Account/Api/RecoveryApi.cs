using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/recovery</c>: a recovery of my account that is under way.</summary>
internal static class RecoveryApi
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recovery", ReadAsync).WithName("recovery.get").WithSummary("Read the recovery of my account that is under way").RequirePermission(AccountScopes.Read);
        api.MapDelete("/recovery", CancelAsync).WithName("recovery.cancel").WithSummary("Cancel the recovery of my account").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200; 404 <c>recovery_not_found</c>.</returns>
    internal static async Task<Results<Ok<OwnRecoveryView>, ProblemHttpResult>> ReadAsync(TenantContext tenant, Own me, MyRecovery mine, CancellationToken ct) =>
        await mine.FindAsync(me, ct) is { } recovery ? TypedResults.Ok(OwnRecoveryView.Of(recovery)) : MyRecovery.NotFound.ToHttp();

    /// <returns>204; 404 <c>recovery_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(TenantContext tenant, Own me, MyRecovery mine, CancellationToken ct) =>
        await mine.CancelAsync(me, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
