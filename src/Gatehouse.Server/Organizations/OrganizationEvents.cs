using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Organizations;

// What this room tells others. Ids only, as everywhere.

public sealed record OrganizationCreated(OrganizationId OrganizationId) : IDomainEvent
{
    public static string Name => "organization.created";
}

/// <summary>Anything about it but its members changed.</summary>
public sealed record OrganizationUpdated(OrganizationId OrganizationId) : IDomainEvent
{
    public static string Name => "organization.updated";
}

/// <summary>It counts no more: what was given to people as its members is the subscriber's to end.</summary>
public sealed record OrganizationDisabled(OrganizationId OrganizationId) : IDomainEvent
{
    public static string Name => "organization.disabled";
}

/// <summary>It is gone, its memberships with it. Published while they can still be read.</summary>
public sealed record OrganizationDeleted(OrganizationId OrganizationId) : IDomainEvent
{
    public static string Name => "organization.deleted";
}

/// <summary>A domain is the organization's now, beyond dispute in the tenant.</summary>
public sealed record DomainVerified(OrganizationId OrganizationId, string Domain) : IDomainEvent
{
    public static string Name => "domain.verified";
}

/// <summary>A domain is the organization's no more. Who joined by it stays.</summary>
public sealed record DomainLost(OrganizationId OrganizationId, string Domain) : IDomainEvent
{
    public static string Name => "domain.lost";
}

public sealed record MemberAdded(OrganizationId OrganizationId, UserId UserId) : IDomainEvent
{
    public static string Name => "member.added";
}

/// <summary>She belongs to it no more; every room takes back in this transaction what she had as a member.</summary>
public sealed record MemberRemoved(OrganizationId OrganizationId, UserId UserId) : IDomainEvent
{
    public static string Name => "member.removed";
}
