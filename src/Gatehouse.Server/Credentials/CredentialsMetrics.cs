using System.Diagnostics.Metrics;
using Gatehouse.Http;

namespace Gatehouse.Credentials;

/// <summary>What operators see of limits and of password hashing.</summary>
public sealed class CredentialsMetrics
{
    private static readonly KeyValuePair<string, object?> running = new("state", "running"), waiting = new("state", "waiting");
    private readonly Counter<long> limited;

    internal CredentialsMetrics(IMeterFactory meters, PasswordHasher hasher)
    {
        var meter = ProductMeter.Of(meters);
        limited = meter.CreateCounter<long>("gatehouse.rate_limited", "{request}", "Requests refused because a limit was reached.");
        meter.CreateObservableGauge<int>("gatehouse.password_hashes", () =>
        {
            var load = hasher.Load;
            return [new(load.Running, running), new(load.Waiting, waiting)];
        }, "{hash}", "Passwords being hashed, and waiting to be.");
    }

    /// <param name="limit">Which, for example <c>reset.ip</c>; a constant of ours.</param>
    public void Refused(string limit) => limited.Add(1, new KeyValuePair<string, object?>("limit", limit));
}
