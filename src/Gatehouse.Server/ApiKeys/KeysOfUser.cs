using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.ApiKeys;

/// <summary>
/// All keys of one person at once. They end with a reset of her credentials, when she says that something was not her doing, and after a recovery: whoever acted in
/// her place may have made one.
/// </summary>
internal sealed class KeysOfUser(UserDirectory users, KeyAuthority authority, AuditLog audit, EventOutbox events, TimeProvider clock)
    : IKeysOfUser, IEventSubscriber<AccountDisowned>, IEventSubscriber<AccountRecovered>
{
    public async ValueTask<int> CountAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        (int)await ApiKeyStore.CountLiveAsync(tx, new(KeyOwnerKind.User, user.Value), clock.Now(), ct);

    public async ValueTask<int> RevokeAllAsync(TenantTransaction tx, UserId user, AuditActor actor, RequestFacts facts, string reason, CancellationToken ct)
    {
        // Whoever makes one holds her too: all that were made before this are seen here.
        if (!await users.HoldAsync(tx, user, ct)) return 0;
        var now = clock.Now();
        var revoked = 0;
        foreach (var key in await ApiKeyStore.ListLiveAsync(tx, new(KeyOwnerKind.User, user.Value), now, ct))
            if (await RevokeKey.RevokeAsync(tx, key, authority, audit, events, actor, facts, now, reason, ct)) revoked++;
        return revoked;
    }

    public async ValueTask HandleAsync(TenantTransaction tx, AccountDisowned occurrence, CancellationToken ct) =>
        await RevokeAllAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, "disowned", ct);

    public async ValueTask HandleAsync(TenantTransaction tx, AccountRecovered occurrence, CancellationToken ct) =>
        await RevokeAllAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, "recovered", ct);
}
