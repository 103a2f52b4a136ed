using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Http;

/// <summary>
/// The question a browser asks before a page of another origin may call us (Fetch §3.2.2). Which client will speak is not known then, so the
/// method is allowed to every origin, without cookies; whether the page may read the answer is decided when there is one.
/// </summary>
public static class Preflight
{
    public static void Map(IEndpointRouteBuilder pages, string path, string methods) =>
        pages.MapMethods(path, [HttpMethods.Options], (HttpContext http, TenantContext tenant) =>
        {
            var headers = http.Response.Headers;
            headers.AccessControlAllowOrigin = "*";
            headers.AccessControlAllowMethods = methods;
            headers.AccessControlAllowHeaders = "Authorization, Content-Type";
            headers.AccessControlMaxAge = "600";
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }).ExcludeFromDescription();
}
