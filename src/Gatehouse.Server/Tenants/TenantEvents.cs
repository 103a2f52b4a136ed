using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>A tenant was created below another.</summary>
public sealed record TenantCreated(TenantId TenantId, TenantId? ParentId, string Slug) : IDomainEvent
{
    public static string Name => "tenant.created";
}

/// <summary>A tenant's name, settings or addresses changed.</summary>
/// <param name="What"><c>name</c>, <c>settings</c> or <c>domains</c>.</param>
public sealed record TenantUpdated(TenantId TenantId, string What) : IDomainEvent
{
    public static string Name => "tenant.updated";
}

/// <summary>A tenant stopped answering until it is resumed.</summary>
public sealed record TenantSuspended(TenantId TenantId) : IDomainEvent
{
    public static string Name => "tenant.suspended";
}

/// <summary>A suspended tenant answers again.</summary>
public sealed record TenantResumed(TenantId TenantId) : IDomainEvent
{
    public static string Name => "tenant.resumed";
}

/// <summary>A tenant stopped answering, and will be gone unless somebody restores it.</summary>
public sealed record TenantDeletionScheduled(TenantId TenantId, DateTimeOffset DeleteAfter) : IDomainEvent
{
    public static string Name => "tenant.deletion_scheduled";
}

/// <summary>A tenant that was being deleted is as it was before.</summary>
public sealed record TenantRestored(TenantId TenantId) : IDomainEvent
{
    public static string Name => "tenant.restored";
}

/// <summary>A tenant is gone for everybody; its rows are removed in the background.</summary>
public sealed record TenantDeleted(TenantId TenantId) : IDomainEvent
{
    public static string Name => "tenant.deleted";
}
