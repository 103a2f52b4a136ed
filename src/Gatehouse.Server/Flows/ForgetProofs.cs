using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Flows.Definitions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Flows;

/// <summary>A sign-in that is half done with the old password must not be finished after the new one, nor with a passkey that was taken away, nor after the account is closed.</summary>
internal sealed class ForgetProofs : IEventSubscriber<PasswordChanged>, IEventSubscriber<PasskeyRemoved>, IEventSubscriber<AccountDisowned>, IEventSubscriber<AccountRecovered>, IEventSubscriber<UserDisabled>,
    IEventSubscriber<UserDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, PasswordChanged occurrence, CancellationToken ct) => InteractionStore.ForgetProofsAsync(tx, occurrence.UserId, ct);

    public ValueTask HandleAsync(TenantTransaction tx, PasskeyRemoved occurrence, CancellationToken ct) => InteractionStore.ForgetProofsAsync(tx, occurrence.UserId, ct);

    public ValueTask HandleAsync(TenantTransaction tx, AccountDisowned occurrence, CancellationToken ct) => InteractionStore.ForgetProofsAsync(tx, occurrence.UserId, ct);

    public ValueTask HandleAsync(TenantTransaction tx, AccountRecovered occurrence, CancellationToken ct) => InteractionStore.ForgetProofsAsync(tx, occurrence.UserId, ct);

    public ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct) => InteractionStore.ForgetProofsAsync(tx, occurrence.UserId, ct);

    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        await InteractionStore.ForgetProofsAsync(tx, occurrence.UserId, ct);
        await FlowStore.ForgetAsync(tx, occurrence.UserId, ct);
    }
}
