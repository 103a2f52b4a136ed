using System.Text.Json.Serialization.Metadata;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>A tenant was created below another.</summary>
public sealed record TenantCreated(TenantId TenantId, TenantId? ParentId, string Slug) : IDomainEvent<TenantCreated>
{
    public static string Name => "tenant.created";
    public static JsonTypeInfo<TenantCreated> JsonType => TenantsJson.Default.TenantCreated;
}

/// <summary>A tenant's name, settings or addresses changed.</summary>
/// <param name="What"><c>name</c>, <c>settings</c> or <c>domains</c>.</param>
public sealed record TenantUpdated(TenantId TenantId, string What) : IDomainEvent<TenantUpdated>
{
    public static string Name => "tenant.updated";
    public static JsonTypeInfo<TenantUpdated> JsonType => TenantsJson.Default.TenantUpdated;
}

/// <summary>A tenant stopped answering until it is resumed.</summary>
public sealed record TenantSuspended(TenantId TenantId) : IDomainEvent<TenantSuspended>
{
    public static string Name => "tenant.suspended";
    public static JsonTypeInfo<TenantSuspended> JsonType => TenantsJson.Default.TenantSuspended;
}

/// <summary>A suspended tenant answers again.</summary>
public sealed record TenantResumed(TenantId TenantId) : IDomainEvent<TenantResumed>
{
    public static string Name => "tenant.resumed";
    public static JsonTypeInfo<TenantResumed> JsonType => TenantsJson.Default.TenantResumed;
}

/// <summary>A tenant is gone for everybody; its rows are removed in the background.</summary>
public sealed record TenantDeleted(TenantId TenantId) : IDomainEvent<TenantDeleted>
{
    public static string Name => "tenant.deleted";
    public static JsonTypeInfo<TenantDeleted> JsonType => TenantsJson.Default.TenantDeleted;
}
