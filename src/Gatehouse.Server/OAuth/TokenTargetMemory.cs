using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.OAuth;

/// <summary>
/// Remembers what a client's own token requests resolved to: a program asks for the same thing every few minutes, for years. Tied to the
/// very objects it was computed from, so that a changed client or API finds nothing here.
/// </summary>
internal sealed class TokenTargetMemory(ClientDirectory clients)
{
    // Distinct requests of one client; beyond that they are computed each time.
    private const int MaxPerClient = 16;

    private readonly ConditionalWeakTable<Client, Known> known = [];

    internal async ValueTask<Result<AccessTarget, OAuthError>> ResolveAsync(TenantContext tenant, Client client, IReadOnlyList<string> resources, string? scope, CancellationToken ct)
    {
        var apis = await clients.ListApisAsync(tenant.Id, ct);
        var memory = known.GetValue(client, static _ => new Known());
        if (!ReferenceEquals(memory.Apis, apis) || !string.Equals(memory.Issuer, tenant.Issuer, StringComparison.Ordinal))
        {
            memory = new Known { Apis = apis, Issuer = tenant.Issuer };
            known.AddOrUpdate(client, memory);
        }
        var cachable = resources.Count <= 1;
        var key = (scope, resources.Count == 1 ? resources[0] : null);
        if (cachable && memory.Targets.TryGetValue(key, out var target)) return target;
        if (!AccessTargets.Resolve(tenant, apis, new(ForItself(client.Scopes), null, client.FirstParty), resources, scope).TryGet(out target, out var error)) return error;
        if (cachable && memory.Targets.Count < MaxPerClient) memory.Targets.TryAdd(key, target);
        return target;
    }

    /// <summary>OpenID Connect's scopes speak of a person; a client acting for itself has none to speak of.</summary>
    private static List<string> ForItself(IReadOnlyList<string> scopes) => [.. scopes.Where(s => !AccessTarget.IsIdentityScope(s))];

    private sealed class Known
    {
        internal IReadOnlyList<Api>? Apis { get; init; }
        internal string? Issuer { get; init; }
        internal ConcurrentDictionary<(string? Scope, string? Resource), AccessTarget> Targets { get; } = new();
    }
}
