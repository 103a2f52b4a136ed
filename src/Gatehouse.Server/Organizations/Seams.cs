using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Organizations;

/// <summary>A later room's reason why somebody must stay a member: the last owner, for example. Asked in the transaction that would remove her.</summary>
public interface IMembershipGuard
{
    /// <returns>Null when nothing is against it; else why not, and nothing is changed.</returns>
    ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, OrganizationId organization, UserId user, CancellationToken ct);
}

/// <summary>Whether a caller may remove a member: one who may do more there than the caller herself is not hers to remove. A later room provides it.</summary>
public interface IRemovalGuard
{
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    ValueTask<Problem?> MayRemoveAsync(TenantTransaction tx, OrganizationId organization, UserId user, Caller caller, CancellationToken ct);
}

/// <summary>What a later room adds to a new organization, in the transaction that makes it: the owner's role, for example.</summary>
public interface IOrganizationInitializer
{
    /// <param name="owner">Who was named as its owner and is its first member; null: nobody.</param>
    ValueTask InitializeAsync(TenantTransaction tx, Organization organization, UserId? owner, CancellationToken ct);
}

/// <summary>Roles that somebody gets with her membership, named by key: a later room knows them.</summary>
public interface IMemberRoles
{
    /// <summary>Whether these are roles of the organization, and the caller may give them.</summary>
    /// <returns>Null when she may; else why not.</returns>
    ValueTask<Problem?> MayGrantAsync(TenantTransaction tx, OrganizationId organization, IReadOnlyList<string> roles, Caller caller, CancellationToken ct);

    /// <summary>Gives them to a member. What is no role any more, or no more for <paramref name="promisedBy"/> to give, is left out.</summary>
    /// <param name="promisedBy">With what her token carried when she promised; null: nobody knows any more, and nothing is given.</param>
    /// <returns>Those that she holds now.</returns>
    ValueTask<IReadOnlyList<string>> GrantAsync(TenantTransaction tx, OrganizationId organization, UserId user, IReadOnlyList<string> roles, Caller? promisedBy, CancellationToken ct);
}
