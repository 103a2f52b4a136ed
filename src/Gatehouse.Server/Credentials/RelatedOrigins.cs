using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>
/// <c>GET /.well-known/webauthn</c>: which other sites may use the passkeys of this one (WebAuthn Level 3 §5.11). Browsers ask the relying
/// party's host for it, at its root.
/// </summary>
internal static class RelatedOrigins
{
    internal sealed record Document(IReadOnlyList<string> Origins);

    internal static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/.well-known/webauthn", Get).ExcludeFromDescription();

    private static Results<JsonHttpResult<Document>, NotFound> Get(HttpContext http, TenantContext tenant)
    {
        // By the tenant's own address alone: below a path it would speak for a host that is not the tenant's.
        if (Passkeys.RpId(tenant) is null || tenant.PathBase.Length > 0 || tenant.Settings.Passkeys.RelatedOrigins.Count == 0) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Json(new Document(tenant.Settings.Passkeys.RelatedOrigins), CredentialsJson.Default.Document, "application/json");
    }
}
