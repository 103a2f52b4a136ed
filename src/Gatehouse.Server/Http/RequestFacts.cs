using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>Where a request came from, for audit, limits and notices.</summary>
/// <param name="IpAddress">The client's, after trusted proxies; IPv4-mapped addresses as IPv4.</param>
/// <param name="UserAgent">At most 400 characters.</param>
/// <param name="RequestId">Also in the <c>X-Request-Id</c> response header and in every log line.</param>
public sealed record RequestFacts(string IpAddress, string UserAgent, string RequestId)
{
    /// <summary>The request's hold on its <c>Idempotency-Key</c>, when it has one.</summary>
    internal IdempotencyClaim? Idempotency { get; init; }

    /// <summary>
    /// Makes "this request has happened" part of the transaction that makes it happen: the audit entry, which every change writes in its
    /// own transaction, calls it. A repetition after a crash is then never carried out a second time.
    /// </summary>
    public ValueTask JoinAsync(Storage.TenantTransaction tx, CancellationToken ct) => Idempotency?.JoinAsync(tx, ct) ?? default;

    /// <summary>Work that no request caused: start-up, background jobs, the command line.</summary>
    public static RequestFacts None { get; } = new("", "", "");

    public static RequestFacts Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        var agent = http.Request.Headers.UserAgent.ToString();
        // Not in the middle of a surrogate pair: half of one has no UTF-8.
        if (agent.Length > 400) agent = agent[..(char.IsHighSurrogate(agent[399]) ? 399 : 400)];
        return new(address?.ToString() ?? "", agent, http.TraceIdentifier) { Idempotency = http.Features.Get<IdempotencyClaim>() };
    }

    public static ValueTask<RequestFacts?> BindAsync(HttpContext http) => ValueTask.FromResult<RequestFacts?>(Of(http));
}
