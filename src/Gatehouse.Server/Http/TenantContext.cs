using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

public enum TenantStatus { Active, Suspended }

/// <summary>
/// The tenant this request belongs to, resolved once from host or path by Hosting and passed as a parameter from there on.
/// </summary>
/// <param name="Slug">Lower-case name in subdomains and paths.</param>
/// <param name="Issuer">The canonical base URL without a trailing slash, byte for byte what tokens carry as <c>iss</c>.</param>
/// <param name="Status">A suspended tenant never reaches a handler.</param>
/// <param name="ParentId">Null at the root of the tree.</param>
public sealed record TenantContext(
    TenantId Id, string Slug, string DisplayName, string Issuer, TenantStatus Status, TenantId? ParentId, TenantSettings Settings)
{
    /// <summary>Path part of the issuer: empty, or <c>/t/acme</c>. Links on pages begin with it.</summary>
    public string PathBase { get; } = new Uri(Issuer).AbsolutePath.TrimEnd('/');

    /// <summary>Whether browsers reach this tenant over https; only then may cookies be Secure and <c>__Host-</c>.</summary>
    public bool IsHttps { get; } = Issuer.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>An absolute URL of this tenant.</summary>
    /// <param name="path">Begins with a slash.</param>
    public string Url(string path) => Issuer + path;

    /// <summary>
    /// A cookie's name, the tenant's own: tenants that share a host must not see each other's cookies, and <c>__Host-</c> demands
    /// <c>Path=/</c>. Plain http, possible only on loopback, cannot carry the prefix.
    /// </summary>
    public string CookieName(string purpose) => $"{(IsHttps ? "__Host-" : "")}gh-{purpose}-{Base32.Encode(Id.Value)[16..]}";

    /// <summary>Lets a handler ask for the tenant by parameter. A request without one never reaches a handler.</summary>
    public static ValueTask<TenantContext?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<TenantContext>());
}
