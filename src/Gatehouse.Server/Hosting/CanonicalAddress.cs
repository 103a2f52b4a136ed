using Gatehouse.Http;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Hosting;

/// <summary>
/// Leads people who came by another address of a tenant (a further domain, the base domain's subdomain) to its issuer: cookies belong to
/// a host, and links on pages are the issuer's. Programs are answered where they asked.
/// </summary>
internal static class CanonicalAddress
{
    /// <returns>Where to go instead, or null when the browser is at the right place.</returns>
    internal static string? LeadsTo(HttpContext http, TenantContext tenant)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) || !PlainPage.Suits(request)) return null;
        var host = HostText.Normalize(request.Host.Value ?? "");
        var rest = tenant.Issuer.AsSpan(tenant.Issuer.IndexOf("://", StringComparison.Ordinal) + 3);
        if (rest.StartsWith(host, StringComparison.Ordinal) && rest[host.Length..].SequenceEqual(request.PathBase.Value)) return null;
        return tenant.Issuer + request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
    }
}
