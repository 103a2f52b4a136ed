using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Microsoft.Extensions.Logging;

namespace Gatehouse.ApiKeys;

/// <summary>An owner who is gone takes her keys along, in the same transaction. One who is disabled keeps them; they open nothing meanwhile.</summary>
internal sealed class ForgetOwners(KeyAuthority authority) : IEventSubscriber<UserDeleted>, IEventSubscriber<ClientDeleted>, IEventSubscriber<OrganizationDeleted>
{
    // More than one owner can have: those that are good are bounded, and the ended ones are dropped after a while.
    private const int Bite = 1_000;

    public ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) => DeleteAsync(tx, new(KeyOwnerKind.User, occurrence.UserId.Value), ct);

    public ValueTask HandleAsync(TenantTransaction tx, ClientDeleted occurrence, CancellationToken ct) => DeleteAsync(tx, new(KeyOwnerKind.Client, occurrence.ClientId.Value), ct);

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct) => DeleteAsync(tx, new(KeyOwnerKind.Organization, occurrence.OrganizationId.Value), ct);

    private async ValueTask DeleteAsync(TenantTransaction tx, KeyOwner owner, CancellationToken ct)
    {
        while (await ApiKeyStore.ListIdsOfAsync(tx, owner, Bite, ct) is { Count: > 0 } keys)
            foreach (var key in keys) await EndAsync(tx, authority, key, ct);
    }

    internal static async ValueTask EndAsync(TenantTransaction tx, KeyAuthority authority, ApiKeyId key, CancellationToken ct)
    {
        await KeyDirectory.ChangedAsync(tx, key, ct);
        await authority.ForgetAsync(tx, key, ct);
        await ApiKeyStore.TryDeleteAsync(tx, key, ct);
    }
}

/// <summary>Drops keys that ended a quarter of a year ago, a few at a time; safe in several processes at once.</summary>
internal sealed class PruneKeys(IDatabase database, TenantDirectory tenants, KeyAuthority authority, TimeProvider clock, ILogger<PruneKeys> log) : RepeatingJob(TimeSpan.FromHours(1), clock, log, atStart: false)
{
    private static readonly TimeSpan kept = TimeSpan.FromDays(90);
    private const int Bite = 200, TenantPage = 200;
    private readonly TimeProvider clock = clock;

    protected override async Task RunOnceAsync(CancellationToken ct)
    {
        TenantId? after = null;
        while (true)
        {
            var page = await tenants.ListActiveAsync(after, TenantPage, ct);
            foreach (var tenant in page) await PruneAsync(tenant, ct);
            if (page.Count < TenantPage) return;
            after = page[^1];
        }
    }

    internal async Task PruneAsync(TenantId tenant, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        foreach (var key in await ApiKeyStore.ListOldAsync(tx, clock.Now() - kept, Bite, ct)) await ForgetOwners.EndAsync(tx, authority, key, ct);
        await tx.CommitAsync(ct);
    }
}
