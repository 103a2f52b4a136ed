using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Organizations;

#pragma warning disable CA1822 // a directory is asked as one thing, whether or not an answer needs its parts
/// <summary>What later rooms may ask of organizations and their members, and do to them. Callers audit; events are published here.</summary>
public sealed class OrganizationDirectory(IEnumerable<IMembershipGuard> guards, UserDirectory users, EventOutbox events, TimeProvider clock) : IMailOwners
{
    /// <summary>Most organizations that one user belongs to: a list that a person can still choose from.</summary>
    public const int MaxPerUser = 200;

    public ValueTask<Organization?> FindAsync(TenantTransaction tx, OrganizationId id, CancellationToken ct) => OrganizationStore.FindAsync(tx, id, ct);

    public async ValueTask<bool> ExistsAsync(TenantTransaction tx, OrganizationId organization, CancellationToken ct) => await FindAsync(tx, organization, ct) is not null;

    public ValueTask<Organization?> FindBySlugAsync(TenantTransaction tx, string slug, CancellationToken ct) => OrganizationStore.FindBySlugAsync(tx, slug, ct);

    /// <summary>By its id or its slug, as a request names it.</summary>
    public ValueTask<Organization?> FindNamedAsync(TenantTransaction tx, string name, CancellationToken ct) =>
        OrganizationId.TryParse(name, out var id) ? FindAsync(tx, id, ct) : FindBySlugAsync(tx, name, ct);

    public async ValueTask<bool> IsMemberAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        await MemberStore.FindAsync(tx, organization, user, ct) is not null;

    /// <summary>The organization, if it is active and she belongs to it: what a token may speak of.</summary>
    public ValueTask<Organization?> FindActiveAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct) =>
        MemberStore.FindActiveAsync(tx, organization, user, ct);

    /// <summary>All that she belongs to, disabled ones too; at most <see cref="MaxPerUser"/>.</summary>
    public ValueTask<List<Organization>> ListOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) => MemberStore.ListOfUserAsync(tx, user, MaxPerUser, ct);

    /// <summary>In which organization she goes on: the one that is demanded, the one she chose, or the only one there is.</summary>
    /// <param name="chosen">What she chose in this run, or the active one of her session; counts only while it is active and she belongs to it.</param>
    public async ValueTask<OrganizationStanding> StandAsync(TenantTransaction tx, UserId user, OrganizationDemand demand, OrganizationId? chosen, CancellationToken ct)
    {
        if (demand.IsNone) return OrganizationStanding.None;
        if (demand.Named is { } name)
            return await FindNamedAsync(tx, name, ct) is { } named && await FindActiveAsync(tx, named.Id, user, ct) is { } hers ? new(hers, [], false) : new(null, [], Denied: true);
        if (chosen is { } id && await FindActiveAsync(tx, id, user, ct) is { } active) return new(active, [], false);
        List<Organization> all = [.. (await ListOfUserAsync(tx, user, ct)).Where(o => o.Status == OrganizationStatus.Active)];
        return all is [] or [_] ? new(all is [var only] ? only : null, [], false) : new(null, all, false);
    }

    /// <summary>Nobody deletes the organization until this transaction ends, and whoever decides on its members takes turns. False when there is none.</summary>
    public ValueTask<bool> HoldAsync(TenantTransaction tx, OrganizationId organization, CancellationToken ct) => OrganizationStore.HoldAsync(tx, organization, ct);

    /// <returns>Null when she is a member now; <c>organization_not_found</c>, <c>user_not_found</c>, <c>member_exists</c>, <c>memberships_too_many</c>: then nothing was written.</returns>
    public async ValueTask<Problem?> AddMemberAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct)
    {
        // Both are held, the organization first here as everywhere: neither can be deleted from under the row, and one user's memberships are counted one at a time.
        if (!await OrganizationStore.HoldAsync(tx, organization, ct)) return OrganizationProblems.NotFound;
        if (!await users.HoldAsync(tx, user, ct)) return OrganizationProblems.UserNotFound;
        if (await MemberStore.FindAsync(tx, organization, user, ct) is not null) return OrganizationProblems.MemberExists;
        if (await MemberStore.CountOfUserAsync(tx, user, ct) >= MaxPerUser) return OrganizationProblems.TooMany;
        if (!await MemberStore.TryInsertAsync(tx, organization, user, clock.Now(), ct)) return OrganizationProblems.MemberExists;
        await events.PublishAsync(tx, new MemberAdded(organization, user), ct);
        return null;
    }

    /// <summary>
    /// The same in the transaction of her own sign-in, which may hold her already: the organization's row is not held, so that two such transactions never wait for
    /// each other in a ring. The references keep both from being deleted under it.
    /// </summary>
    internal async ValueTask<Problem?> AddSelfAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct)
    {
        if (!await users.HoldAsync(tx, user, ct)) return OrganizationProblems.UserNotFound;
        if (await MemberStore.CountOfUserAsync(tx, user, ct) >= MaxPerUser) return OrganizationProblems.TooMany;
        if (!await MemberStore.TryInsertAsync(tx, organization, user, clock.Now(), ct)) return OrganizationProblems.MemberExists;
        await events.PublishAsync(tx, new MemberAdded(organization, user), ct);
        return null;
    }

    /// <returns>Null when she is none any more; <c>organization_not_found</c>, <c>member_not_found</c>, or what a guard says: then the caller does not commit.</returns>
    public async ValueTask<Problem?> RemoveMemberAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct)
    {
        // Held before the guards look: of two owners who leave at the same moment, the second finds that she is the last.
        if (!await OrganizationStore.HoldAsync(tx, organization, ct)) return OrganizationProblems.NotFound;
        if (await MemberStore.FindAsync(tx, organization, user, ct) is null) return OrganizationProblems.MemberNotFound;
        foreach (var guard in guards)
            if (await guard.MayRemoveAsync(tx, organization, user, ct) is { } refused) return refused;
        if (!await MemberStore.DeleteAsync(tx, organization, user, ct)) return OrganizationProblems.MemberNotFound;
        await events.PublishAsync(tx, new MemberRemoved(organization, user), ct);
        return null;
    }
}

/// <summary>Whoever is deleted belongs to nothing any more; what she had as a member ends with each membership.</summary>
internal sealed class ForgetMember(EventOutbox events) : IEventSubscriber<UserDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        foreach (var organization in await MemberStore.DeleteOfUserAsync(tx, occurrence.UserId, ct))
            await events.PublishAsync(tx, new MemberRemoved(organization, occurrence.UserId), ct);
    }
}
