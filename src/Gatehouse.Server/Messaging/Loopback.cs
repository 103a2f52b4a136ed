using System.Net;
using Gatehouse.Http;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Messaging;

/// <summary>What is on this machine: the only place where the development mailbox may be seen.</summary>
internal static class Loopback
{
    internal static bool IsHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    internal static bool IsTenant(TenantContext tenant) => IsHost(new Uri(tenant.Issuer).Host);

    /// <summary>
    /// Whether the browser is on this machine. Behind a proxy on it every client would seem to be: forwarded requests are refused as
    /// far as they say so, a server that is reached through a proxy has tenants whose address is not a loopback one, see
    /// <see cref="IsTenant"/>, and the mailbox is off until somebody asks for it.
    /// </summary>
    internal static bool IsClient(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !http.Request.Headers.Keys.Any(IsOfProxies);

    private static bool IsOfProxies(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase) || header.Equals("Via", StringComparison.OrdinalIgnoreCase);
}
