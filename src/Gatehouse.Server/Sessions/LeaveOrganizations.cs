using Gatehouse.Events;
using Gatehouse.Organizations;
using Gatehouse.Storage;

namespace Gatehouse.Sessions;

/// <summary>Nobody goes on working in an organization that she does not belong to, or that counts no more.</summary>
internal sealed class LeaveOrganizations : IEventSubscriber<MemberRemoved>, IEventSubscriber<OrganizationDisabled>, IEventSubscriber<OrganizationDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, MemberRemoved occurrence, CancellationToken ct) => SessionStore.LeaveAsync(tx, occurrence.OrganizationId, occurrence.UserId, ct);

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationDisabled occurrence, CancellationToken ct) => SessionStore.LeaveAsync(tx, occurrence.OrganizationId, ct);

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct) => SessionStore.LeaveAsync(tx, occurrence.OrganizationId, ct);
}
