using System.Net;
using Gatehouse.Kernel;
using Microsoft.Extensions.Options;

namespace Gatehouse.Http;

/// <summary>What stands between browsers and this process. Section <c>Http</c>.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>
    /// Addresses and networks (<c>10.0.0.7</c>, <c>10.0.0.0/8</c>), comma-separated, of the reverse proxies whose
    /// <c>X-Forwarded-For</c> and <c>-Proto</c> are believed. Empty (the default): nobody's.
    /// </summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>
    /// Believes those proxies' <c>X-Forwarded-Host</c> too: for one that does not pass on <c>Host</c> and overwrites what clients send in its
    /// place. The host names the tenant, so a proxy that lets it through lets clients choose. Default false.
    /// </summary>
    public bool TrustForwardedHost { get; set; }

    /// <summary>
    /// Lets requests to addresses that tenants have written (webhook steps of flows) reach this machine and private networks too, and this machine by plain http: for
    /// development, or where every tenant may reach what this server reaches. Default false.
    /// </summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>Calls of the management API that one caller of a tenant may make in a minute, at each process. 0 (any number) to 1000000; default 6000.</summary>
    public int ManagementCallsPerMinute { get; set; } = 6000;

    /// <exception cref="StartupException">One of them is neither an address nor a network.</exception>
    public IReadOnlyList<IPNetwork> ReadTrustedProxies() =>
    [
        .. TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text =>
            IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network
            : throw new StartupException($"Http:TrustedProxies: \"{text}\" is neither an IP address nor a network such as 10.0.0.0/8.")),
    ];
}

internal sealed class HttpOptionsValidator : IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpOptions options) =>
        options.ManagementCallsPerMinute is < 0 or > 1_000_000 ? ValidateOptionsResult.Fail("Http:ManagementCallsPerMinute is 0 to 1000000.") : ValidateOptionsResult.Success;
}
