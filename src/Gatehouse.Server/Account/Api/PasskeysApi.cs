using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/passkeys</c>: my passkeys. Adding one is the page's: it needs the browser, and the origin that the passkey is for.</summary>
internal static class PasskeysApi
{
    /// <param name="Name">1 to 80 characters.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record NameRequest(string? Name);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/passkeys", ListAsync).WithName("passkeys.list").WithSummary("List my passkeys").RequirePermission(AccountScopes.Read);
        api.MapPut("/passkeys/{id}/name", RenameAsync).WithName("passkeys.rename").WithSummary("Rename one of my passkeys").RequirePermission(AccountScopes.Write);
        api.MapDelete("/passkeys/{id}", RemoveAsync).WithName("passkeys.remove").WithSummary("Remove one of my passkeys").RequirePermission(AccountScopes.Write).RequireFreshProof();
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnPasskeyView>>> ListAsync(TenantContext tenant, Own me, MyPasskeys passkeys, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnPasskeyView>([.. (await passkeys.ListAsync(me, ct)).Select(OwnPasskeyView.Of)]));

    /// <returns>204; 404 <c>passkey_not_found</c>; 422 <c>passkey_name_invalid</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RenameAsync(string id, NameRequest request, TenantContext tenant, Own me, MyPasskeys passkeys, CancellationToken ct) =>
        (PasskeyId.TryParse(id, out var passkey) ? await passkeys.RenameAsync(me, passkey, request.Name, ct) : MyPasskeys.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>204; 404 <c>passkey_not_found</c>; 409 <c>passkey_last</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string id, TenantContext tenant, Own me, MyPasskeys passkeys, CancellationToken ct) =>
        (PasskeyId.TryParse(id, out var passkey) ? await passkeys.RemoveAsync(me, passkey, ct) : MyPasskeys.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
