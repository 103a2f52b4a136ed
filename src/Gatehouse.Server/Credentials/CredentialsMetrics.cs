using System.Diagnostics.Metrics;
using Gatehouse.Http;

namespace Gatehouse.Credentials;

/// <summary>What operators see of limits and of password hashing.</summary>
public sealed class CredentialsMetrics
{
    private static readonly KeyValuePair<string, object?> running = new("state", "running"), waiting = new("state", "waiting");
    private readonly Counter<long> limited, breaches;

    internal CredentialsMetrics(IMeterFactory meters, PasswordHasher hasher)
    {
        var meter = ProductMeter.Of(meters);
        limited = meter.CreateCounter<long>("gatehouse.rate_limited", "{request}", "Requests refused because a limit was reached.");
        breaches = meter.CreateCounter<long>("gatehouse.breach_checks", "{password}", "Passwords looked up among breached ones, by source and result.");
        meter.CreateObservableGauge<int>("gatehouse.password_hashes", () =>
        {
            var load = hasher.Load;
            return [new(load.Running, running), new(load.Waiting, waiting)];
        }, "{hash}", "Passwords being hashed, and waiting to be.");
    }

    internal void BreachChecked(string source, BreachVerdict verdict) => breaches.Add(1, new("source", source),
        new KeyValuePair<string, object?>("result", verdict switch { BreachVerdict.Clear => "clear", BreachVerdict.Breached => "breached", _ => "unknown" }));

    /// <param name="limit">Which, for example <c>reset.ip</c>; a constant of ours.</param>
    public void Refused(string limit) => limited.Add(1, new KeyValuePair<string, object?>("limit", limit));
}
