using Gatehouse.Applications;
using Gatehouse.Caching;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Claims;

/// <summary>A tenant's rules in the order in which they speak.</summary>
internal sealed record RulesInOrder(IReadOnlyList<ClaimRule> Rules);

/// <summary>
/// The rules of tenants, in memory that is told of every change in the transaction that makes it. One order, whatever is asked: rules for one client
/// first, then those for one API, then those for all; among them by priority; then the older one.
/// </summary>
internal sealed class ClaimRuleBook :
    IEventSubscriber<ClientDeleted>, IEventSubscriber<ApiDeleted>
{
    internal const string Topic = "claim_rules";

    private const int Capacity = 2_000;
    private const string Whole = "all";

    private readonly TenantCache<string, RulesInOrder> memory;
    private readonly IDatabase database;
    private readonly Func<TenantId, string, CancellationToken, ValueTask<RulesInOrder?>> load;

    public ClaimRuleBook(IDatabase database, IChangeFeed feed)
    {
        this.database = database;
        memory = new(Topic, Capacity, feed);
        load = LoadAsync;
    }

    internal async ValueTask<IReadOnlyList<ClaimRule>> ListAsync(TenantId tenant, CancellationToken ct) => (await memory.GetAsync(tenant, Whole, load, ct))?.Rules ?? [];

    /// <summary>After commit every process reads the tenant's rules anew.</summary>
    internal static void Changed(TenantTransaction tx) => tx.Announce(CacheTopic.All(tx.Tenant, Topic));

    internal static RulesInOrder Order(IEnumerable<StoredClaimRule> stored)
    {
        List<ClaimRule> rules = [];
        // One that an older version let pass and this one would not says nothing; its view shows it without scopes.
        foreach (var one in stored)
            if (ClaimRule.Read(one.Id, one.Body).TryGet(out var rule, out _)) rules.Add(rule);
        return new([.. rules.OrderBy(r => r.Client is not null ? 0 : r.Api is not null ? 1 : 2).ThenBy(r => r.Priority).ThenBy(r => r.Id.ToString(), StringComparer.Ordinal)]);
    }

    private async ValueTask<RulesInOrder?> LoadAsync(TenantId tenant, string whole, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return Order(await ClaimRuleStore.ListAsync(tx, ct));
    }

    // The reference deletes the rules themselves.
    public ValueTask HandleAsync(TenantTransaction tx, ClientDeleted occurrence, CancellationToken ct)
    {
        Changed(tx);
        return default;
    }

    public ValueTask HandleAsync(TenantTransaction tx, ApiDeleted occurrence, CancellationToken ct)
    {
        Changed(tx);
        return default;
    }
}
