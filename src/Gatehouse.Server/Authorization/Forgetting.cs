using Gatehouse.Applications;
using Gatehouse.Authorization.Granting;
using Gatehouse.Events;
using Gatehouse.Groups;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>A deleted user holds nothing.</summary>
internal sealed class ForgetUser : IEventSubscriber<UserDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        await HeldRoleStore.DeleteOfAsync(tx, Holder.Of(occurrence.UserId), ct);
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
    }
}

/// <summary>Who is disabled may do nothing, from the moment on at which it is so.</summary>
internal sealed class NoticeUser : IEventSubscriber<UserCreated>, IEventSubscriber<UserDisabled>, IEventSubscriber<UserEnabled>
{
    public ValueTask HandleAsync(TenantTransaction tx, UserCreated occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
        return default;
    }

    public ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
        return default;
    }

    public ValueTask HandleAsync(TenantTransaction tx, UserEnabled occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
        return default;
    }
}

/// <summary>A client that is gone holds nothing, and nobody holds anything for it; one that changed may have become an administrator or stopped being one.</summary>
internal sealed class NoticeClient : IEventSubscriber<ClientUpdated>, IEventSubscriber<ClientDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, ClientUpdated occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.ClientId));
        return default;
    }

    public async ValueTask HandleAsync(TenantTransaction tx, ClientDeleted occurrence, CancellationToken ct)
    {
        await HeldRoleStore.DeleteOfAsync(tx, Holder.Of(occurrence.ClientId), ct);
        var forIt = await HeldRoleStore.DeleteAtAsync(tx, new(ScopeKind.Application, occurrence.ClientId.Value), ct);
        Authority.HoldingChanged(tx, Holder.Of(occurrence.ClientId));
        if (forIt > 0) Authority.HoldingsChanged(tx);
    }
}

/// <summary>Who left an organization holds nothing for it.</summary>
internal sealed class NoticeMember : IEventSubscriber<MemberRemoved>, IEventSubscriber<MemberAdded>
{
    // What a group that she is in holds for the organization counts for her from now on.
    public ValueTask HandleAsync(TenantTransaction tx, MemberAdded occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
        return default;
    }

    public async ValueTask HandleAsync(TenantTransaction tx, MemberRemoved occurrence, CancellationToken ct)
    {
        await HeldRoleStore.DeleteOfAtAsync(tx, Holder.Of(occurrence.UserId), new(ScopeKind.Organization, occurrence.OrganizationId.Value), ct);
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
    }
}

/// <summary>Nobody holds anything for an organization that is gone or disabled; one that is enabled again counts again.</summary>
internal sealed class NoticeOrganization : IEventSubscriber<OrganizationDeleted>, IEventSubscriber<OrganizationDisabled>, IEventSubscriber<OrganizationUpdated>
{
    public async ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct)
    {
        await HeldRoleStore.DeleteAtAsync(tx, new(ScopeKind.Organization, occurrence.OrganizationId.Value), ct);
        Authority.HoldingsChanged(tx);
    }

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationDisabled occurrence, CancellationToken ct)
    {
        Authority.HoldingsChanged(tx);
        return default;
    }

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationUpdated occurrence, CancellationToken ct)
    {
        Authority.HoldingsChanged(tx);
        return default;
    }
}

/// <summary>Who is in a group holds what it holds; a group that is gone holds nothing.</summary>
internal sealed class NoticeGroup : IEventSubscriber<GroupDeleted>, IEventSubscriber<GroupsOfUserChanged>, IEventSubscriber<GroupNestingChanged>, IEventSubscriber<GroupRuleChanged>
{
    public async ValueTask HandleAsync(TenantTransaction tx, GroupDeleted occurrence, CancellationToken ct)
    {
        await HeldRoleStore.DeleteOfAsync(tx, Holder.Of(occurrence.GroupId), ct);
        Authority.HoldingsChanged(tx);
    }

    public ValueTask HandleAsync(TenantTransaction tx, GroupsOfUserChanged occurrence, CancellationToken ct)
    {
        Authority.HoldingChanged(tx, Holder.Of(occurrence.UserId));
        return default;
    }

    public ValueTask HandleAsync(TenantTransaction tx, GroupRuleChanged occurrence, CancellationToken ct)
    {
        Authority.HoldingsChanged(tx);
        return default;
    }

    public ValueTask HandleAsync(TenantTransaction tx, GroupNestingChanged occurrence, CancellationToken ct)
    {
        Authority.HoldingsChanged(tx);
        return default;
    }
}

/// <summary>An API that is gone took its permissions out of every role.</summary>
internal sealed class NoticeApi : IEventSubscriber<ApiDeleted>
{
    public ValueTask HandleAsync(TenantTransaction tx, ApiDeleted occurrence, CancellationToken ct)
    {
        Authority.RolesChanged(tx);
        return default;
    }
}
