using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/consents</c>: what I allowed applications.</summary>
internal static class ConsentsApi
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consents", ListAsync).WithName("consents.list").WithSummary("List what I allowed applications").RequirePermission(AccountScopes.Read);
        api.MapDelete("/consents/{clientId}", RevokeAsync).WithName("consents.revoke").WithSummary("Take back what I allowed an application").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<ConsentView>>> ListAsync(TenantContext tenant, Own me, MyConsents consents, CancellationToken ct) =>
        TypedResults.Ok(new ListView<ConsentView>([.. (await consents.ListAsync(me, ct)).Select(ConsentView.Of)]));

    /// <param name="clientId">The application's <c>client_id</c>.</param>
    /// <returns>204; 404 <c>consent_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string clientId, TenantContext tenant, Own me, MyConsents consents, CancellationToken ct) =>
        (ClientId.TryParse(clientId, out var client) ? await consents.RevokeAsync(me, client, ct) : MyConsents.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
