using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>The end of my account, still to come.</summary>
/// <param name="ByMe">I asked for it, and may call it off.</param>
internal sealed record OwnDeletionView(DateTimeOffset At, bool ByMe);

/// <summary><c>/account/v1/deletion</c>: when my account is to be deleted, and that it is not. It is asked for with <c>DELETE /account/v1/profile</c>.</summary>
internal static class DeletionApi
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/deletion", ReadAsync).WithName("own_deletion.get").WithSummary("Say when my account is to be deleted").RequirePermission(AccountScopes.Read);
        api.MapDelete("/deletion", CancelAsync).WithName("own_deletion.cancel").WithSummary("Keep my account").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200; 404 <c>deletion_not_found</c>.</returns>
    internal static async Task<Results<Ok<OwnDeletionView>, ProblemHttpResult>> ReadAsync(TenantContext tenant, Own me, MyAccount account, CancellationToken ct) =>
        await account.FindEndAsync(me, ct) is { } end ? TypedResults.Ok(new OwnDeletionView(end.At, end.RequestedBy is null)) : MyAccount.NoEnd.ToHttp();

    /// <returns>204; 403 <c>deletion_by_administrator</c>; 404 <c>deletion_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(TenantContext tenant, Own me, MyAccount account, CancellationToken ct) =>
        await account.KeepAsync(me, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
