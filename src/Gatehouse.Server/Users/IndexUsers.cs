using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Users;

/// <summary>Keeps what people are found by, in the transaction of each change.</summary>
internal sealed class IndexUsers(TimeProvider clock) : IEventSubscriber<UserCreated>, IEventSubscriber<UserUpdated>, IEventSubscriber<UserDeleted>, ISettingsGuard
{
    public ValueTask HandleAsync(TenantTransaction tx, UserCreated occurrence, CancellationToken ct) => RefreshAsync(tx, occurrence.UserId, ct);
    public ValueTask HandleAsync(TenantTransaction tx, UserUpdated occurrence, CancellationToken ct) => RefreshAsync(tx, occurrence.UserId, ct);

    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        if (await UserTermStore.FindIndexedAsync(tx, occurrence.UserId, ct) is not { } before) return;
        await UserTermStore.DeleteAsync(tx, occurrence.UserId, UserTerms.Of(before), ct);
        await UserTermStore.DeleteIndexedAsync(tx, occurrence.UserId, ct);
    }

    /// <summary>Other attributes to be found by begin a walk over everybody; nothing is against it.</summary>
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext before, TenantContext after, RequestFacts request, CancellationToken ct)
    {
        if (!before.Settings.Users.SearchableAttributes.SequenceEqual(after.Settings.Users.SearchableAttributes, StringComparer.Ordinal))
            await UserTermStore.PutStateAsync(tx, after.Settings.Users.SearchableAttributes, clock.Now(), ct);
        return null;
    }

    internal static async ValueTask RefreshAsync(TenantTransaction tx, UserId id, CancellationToken ct)
    {
        if (await UserStore.FindAsync(tx, id, ct) is not { } user) return;
        var state = await UserTermStore.FindStateAsync(tx, ct);
        var texts = UserTerms.Texts.Of(user, state?.Attributes ?? []);
        var before = await UserTermStore.FindIndexedAsync(tx, id, ct);
        HashSet<string> old = before is null ? [] : UserTerms.Of(before), now = UserTerms.Of(texts);
        if (before is not null && old.SetEquals(now)) return;
        await UserTermStore.DeleteAsync(tx, id, [.. old.Except(now)], ct);
        await UserTermStore.InsertAsync(tx, id, [.. now.Except(old)], ct);
        await UserTermStore.PutIndexedAsync(tx, id, texts, ct);
    }
}

/// <summary>Walks over the users of tenants whose attributes to be found by have changed, and of those that are older than the index: some at a time, from where it stopped.</summary>
internal sealed class IndexWalk(ISystemDatabase system, IDatabase database, TimeProvider clock, ILogger<IndexWalk> log) : RepeatingJob(TimeSpan.FromSeconds(5), clock, log)
{
    private const int UsersAtOnce = 50, BatchesOfTurn = 200;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<TenantId> open;
        await using (var tx = await system.ReadAsync(ct)) open = await UserTermStore.ListOpenAsync(tx, clock.Now(), ct);
        foreach (var tenant in open)
        {
            await using (var tx = await database.BeginAsync(tenant, ct))
            {
                if (!await UserTermStore.TryClaimAsync(tx, clock.Now(), clock.Now() + Lease, ct)) continue;
                await tx.CommitAsync(ct);
            }
            for (var batch = 1; batch <= BatchesOfTurn; batch++)
                if (!await StepAsync(tenant, last: batch == BatchesOfTurn, ct)) break;
        }
    }

    /// <returns>Whether there is more.</returns>
    private async Task<bool> StepAsync(TenantId tenant, bool last, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        if (await UserTermStore.FindStateAsync(tx, ct) is not { Done: false } state) return false;
        var users = await UserTermStore.ListUsersAsync(tx, state.Position, UsersAtOnce, ct);
        foreach (var user in users)
            // Held, so that what is indexed is what she is and not what she was a moment ago.
            if (await UserStore.HoldAsync(tx, user, ct)) await IndexUsers.RefreshAsync(tx, user, ct);
        var done = users.Count < UsersAtOnce;
        if (!await UserTermStore.TryMoveAsync(tx, state, users.Count == 0 ? state.Position : users[^1].Value, done, last || done ? clock.Now() : clock.Now() + Lease, ct)) return false;
        await tx.CommitAsync(ct);
        return !done;
    }
}
