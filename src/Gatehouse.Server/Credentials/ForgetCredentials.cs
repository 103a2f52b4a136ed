using Gatehouse.Events;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>What this room does, in the same transaction, when an account goes.</summary>
internal sealed class ForgetCredentials(SecondFactors factors) : IEventSubscriber<UserDeleted>, IEventSubscriber<UserDisabled>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        await PasswordStore.DeleteAsync(tx, occurrence.UserId, ct);
        await PasswordHistoryStore.DeleteAsync(tx, occurrence.UserId, ct);
        await factors.RemoveAsync(tx, occurrence.UserId, ct);
        await OneTimeLinkStore.DeleteAllAsync(tx, occurrence.UserId, ct);
        await OneTimeCodes.ForgetAsync(tx, occurrence.UserId, ct);
        await PasskeyStore.DeleteAllAsync(tx, occurrence.UserId, ct);
    }

    /// <summary>A link or a code sent before she was disabled must not work when she is enabled again.</summary>
    public async ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct)
    {
        await OneTimeLinkStore.DeleteAllAsync(tx, occurrence.UserId, ct);
        await OneTimeCodes.ForgetAsync(tx, occurrence.UserId, ct);
    }
}
