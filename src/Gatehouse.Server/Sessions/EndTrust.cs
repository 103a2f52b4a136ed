using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>
/// Trust ends in the transaction that gives reason to doubt it: with all sessions or all but one (which a new password, "this was not me", disabling and
/// deleting bring about as well), and when anything of a user's second steps changes.
/// </summary>
internal sealed class EndTrust(TrustedDevices devices) :
    IEventSubscriber<AllSessionsRevoked>, IEventSubscriber<SecondFactorChanged>, IEventSubscriber<PasskeyAdded>, IEventSubscriber<PasskeyRemoved>
{
    public async ValueTask HandleAsync(TenantTransaction tx, AllSessionsRevoked occurrence, CancellationToken ct) =>
        await devices.RevokeAllAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, occurrence.Reason, ct);

    public async ValueTask HandleAsync(TenantTransaction tx, SecondFactorChanged occurrence, CancellationToken ct) =>
        await devices.RevokeAllAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, "second_step_changed", ct);

    public async ValueTask HandleAsync(TenantTransaction tx, PasskeyAdded occurrence, CancellationToken ct) =>
        await devices.RevokeAllAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, "passkey_added", ct);

    public async ValueTask HandleAsync(TenantTransaction tx, PasskeyRemoved occurrence, CancellationToken ct) =>
        await devices.RevokeAllAsync(tx, occurrence.UserId, AuditActor.System, RequestFacts.None, "passkey_removed", ct);
}
