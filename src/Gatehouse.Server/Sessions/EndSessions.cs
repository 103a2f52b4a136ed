using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Sessions;

/// <summary>What must not outlive a user's right to be signed in ends in the transaction that took it away.</summary>
internal sealed class EndSessions(SessionDirectory sessions) :
    IEventSubscriber<UserDisabled>, IEventSubscriber<UserDeleted>, IEventSubscriber<PasswordChanged>, IEventSubscriber<AccountDisowned>, IEventSubscriber<AccountRecovered>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct) =>
        await sessions.RevokeAllAsync(tx, occurrence.UserId, null, "user_disabled", ct);

    /// <summary>Revoked first, so that whoever hangs on a session hears of it; then forgotten, with the addresses they came from.</summary>
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        await sessions.RevokeAllAsync(tx, occurrence.UserId, null, "user_deleted", ct);
        await SessionStore.DeleteOfUserAsync(tx, occurrence.UserId, ct);
    }

    public async ValueTask HandleAsync(TenantTransaction tx, PasswordChanged occurrence, CancellationToken ct) =>
        await sessions.RevokeAllAsync(tx, occurrence.UserId, occurrence.KeptSession, "password_changed", ct);

    public async ValueTask HandleAsync(TenantTransaction tx, AccountDisowned occurrence, CancellationToken ct) =>
        await sessions.RevokeAllAsync(tx, occurrence.UserId, null, "disowned", ct);

    public async ValueTask HandleAsync(TenantTransaction tx, AccountRecovered occurrence, CancellationToken ct) =>
        await sessions.RevokeAllAsync(tx, occurrence.UserId, null, "recovered", ct);
}
