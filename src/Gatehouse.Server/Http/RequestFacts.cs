using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>Where a request came from, for audit, limits and notices.</summary>
/// <param name="IpAddress">The client's, after trusted proxies; IPv4-mapped addresses as IPv4.</param>
/// <param name="UserAgent">At most 400 characters.</param>
/// <param name="RequestId">Also in the <c>X-Request-Id</c> response header and in every log line.</param>
public sealed record RequestFacts(string IpAddress, string UserAgent, string RequestId)
{
    /// <summary>Work that no request caused: start-up, background jobs, the command line.</summary>
    public static RequestFacts None { get; } = new("", "", "");

    public static RequestFacts Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        var agent = http.Request.Headers.UserAgent.ToString();
        return new(address?.ToString() ?? "", agent.Length > 400 ? agent[..400] : agent, http.TraceIdentifier);
    }

    public static ValueTask<RequestFacts?> BindAsync(HttpContext http) => ValueTask.FromResult<RequestFacts?>(Of(http));
}
