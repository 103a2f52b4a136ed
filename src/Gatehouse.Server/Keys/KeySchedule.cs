using Gatehouse.Http;

namespace Gatehouse.Keys;

/// <summary>One thing to do with a tenant's keys now.</summary>
internal abstract record KeyStep
{
    /// <summary>Make a key and publish it. At once where none signs: then it signs from now.</summary>
    internal sealed record Create(string Algorithm, KeyState State, DateTimeOffset ActivatesAt) : KeyStep;

    /// <summary>The next key takes over; the one before keeps its place in the published set until then.</summary>
    internal sealed record TakeOver(SigningKeyRow Next, SigningKeyRow? Active, DateTimeOffset RetiresAt) : KeyStep;

    /// <summary>A retiring key's time in the published set is over.</summary>
    internal sealed record Retire(SigningKeyRow Key) : KeyStep;
}

/// <summary>When keys turn over: a pure decision from what there is, what the tenant wants and what time it is.</summary>
internal static class KeySchedule
{
    /// <summary>The algorithms every tenant has a key for.</summary>
    internal static IReadOnlyList<string> Algorithms { get; } = ["ES256", "RS256"];

    internal static IReadOnlyList<KeyStep> Decide(IReadOnlyList<SigningKeyRow> keys, KeySettings settings, DateTimeOffset now)
    {
        List<KeyStep> steps = [];
        foreach (var key in keys)
            if (key.State == KeyState.Retiring && key.RetiresAt <= now) steps.Add(new KeyStep.Retire(key));
        foreach (var algorithm in Algorithms)
            if (Decide(Find(keys, algorithm, KeyState.Next), Find(keys, algorithm, KeyState.Active), algorithm, settings, now) is { } step) steps.Add(step);
        return steps;
    }

    private static KeyStep? Decide(SigningKeyRow? next, SigningKeyRow? active, string algorithm, KeySettings settings, DateTimeOffset now)
    {
        if (next is not null)
            return next.ActivatesAt <= now || active is null ? new KeyStep.TakeOver(next, active, now.AddSeconds(settings.RetireSeconds)) : null;
        if (active is null) return new KeyStep.Create(algorithm, KeyState.Active, now);
        var due = active.ActivatesAt.AddSeconds(settings.RotationSeconds);
        if (now < due.AddSeconds(-settings.PrepublishSeconds)) return null;
        // Late or not, a key is published for its whole time before it signs.
        var earliest = now.AddSeconds(settings.PrepublishSeconds);
        return new KeyStep.Create(algorithm, KeyState.Next, due > earliest ? due : earliest);
    }

    private static SigningKeyRow? Find(IReadOnlyList<SigningKeyRow> keys, string algorithm, KeyState state)
    {
        foreach (var key in keys)
            if (key.State == state && key.Algorithm == algorithm) return key;
        return null;
    }
}
