using System.Net;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>
/// Where a tenant is reached: a base URL that has been read. The text is canonical already (an issuer is compared byte for byte, so
/// another spelling of the same URL is refused rather than repaired).
/// </summary>
/// <param name="BaseUrl"><c>https://id.acme.com</c> or <c>https://host/t/acme</c>.</param>
/// <param name="Host">Lower-case host, with the port where it is not the scheme's own.</param>
/// <param name="Path">Empty, or <c>/t/{slug}</c>.</param>
public sealed record TenantAddress(string BaseUrl, string Host, string Path)
{
    private const int MaxLength = 300;

    /// <returns>The address, or <c>issuer_invalid</c>.</returns>
    public static Result<TenantAddress, Problem> Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Host.Length == 0)
            return Invalid("A base URL looks like https://id.example.com or https://example.com/t/name.");
        if (uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(uri))
            return Invalid("Plain http is possible only on localhost and loopback addresses; use https.");
        var path = uri.AbsolutePath == "/" ? "" : uri.AbsolutePath;
        if (path.Length > 0 && !(path.StartsWith("/t/", StringComparison.Ordinal) && TenantSlug.IsValid(path[3..])))
            return Invalid("The path of a base URL is empty or /t/ and a tenant's slug.");
        var host = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}";
        if (uri.HostNameType == UriHostNameType.IPv6) host = uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";
        return text == $"{uri.Scheme}://{host}{path}"
            ? new TenantAddress(text, host, path)
            : Invalid("Write the base URL in lower case, without trailing slash, default port, user name, query or fragment; international names as xn--.");
    }

    private static Problem Invalid(string detail) => Problem.Invalid("issuer_invalid", detail, "issuer");

    private static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost" || uri.Host.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));
}
