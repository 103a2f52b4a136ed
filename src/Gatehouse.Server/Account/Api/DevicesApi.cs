using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/devices</c>: where I am not asked for my second step. Trusting one more is the sign-in page's: the browser must be there.</summary>
internal static class DevicesApi
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/devices", ListAsync).WithName("devices.list").WithSummary("List the browsers I trust").RequirePermission(AccountScopes.Read);
        api.MapDelete("/devices/{id}", RevokeAsync).WithName("devices.revoke").WithSummary("Trust one browser no longer").RequirePermission(AccountScopes.Write);
        api.MapDelete("/devices", RevokeAllAsync).WithName("devices.revoke_all").WithSummary("Trust no browser any longer").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200, at most twenty, the newest first.</returns>
    internal static async Task<Ok<ListView<OwnDeviceView>>> ListAsync(HttpContext http, TenantContext tenant, Own me, MyDevices devices, CancellationToken ct)
    {
        var browser = DeviceCookie.Hash(http, tenant);
        return TypedResults.Ok(new ListView<OwnDeviceView>([.. (await devices.ListAsync(me, ct)).Select(d => OwnDeviceView.Of(d, browser))]));
    }

    /// <returns>204; 404 <c>device_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string id, TenantContext tenant, Own me, MyDevices devices, CancellationToken ct) =>
        (TrustedDeviceId.TryParse(id, out var device) ? await devices.RevokeAsync(me, device, ct) : MyDevices.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>204, also when there was none.</returns>
    internal static async Task<NoContent> RevokeAllAsync(TenantContext tenant, Own me, MyDevices devices, CancellationToken ct)
    {
        await devices.RevokeAllAsync(me, ct);
        return TypedResults.NoContent();
    }
}
