using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Subtenants;

/// <summary>Whoever is deleted asks for nothing any more, and her address is forgotten; tenants that came of it go on counting, or an account made anew would begin at none.</summary>
internal sealed class ForgetRegistrant(TimeProvider clock) : IEventSubscriber<UserDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) => await RegistrationStore.ForgetUserAsync(tx, occurrence.UserId, clock.Now(), ct);
}
