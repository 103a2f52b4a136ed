using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>A client was registered.</summary>
public sealed record ClientCreated(ClientId ClientId) : IDomainEvent
{
    public static string Name => "client.created";
}

/// <summary>Anything about a client changed but its secrets.</summary>
public sealed record ClientUpdated(ClientId ClientId) : IDomainEvent
{
    public static string Name => "client.updated";
}

/// <summary>A client may no longer ask for tokens; published beside <see cref="ClientUpdated"/>. What it was given is the subscriber's to end.</summary>
public sealed record ClientDisabled(ClientId ClientId) : IDomainEvent
{
    public static string Name => "client.disabled";
}

/// <summary>A client is gone, and with it everything it was given.</summary>
public sealed record ClientDeleted(ClientId ClientId) : IDomainEvent
{
    public static string Name => "client.deleted";
}

/// <summary>A client has one more secret.</summary>
public sealed record ClientSecretAdded(ClientId ClientId, ClientSecretId SecretId) : IDomainEvent
{
    public static string Name => "client.secret_added";
}

/// <summary>One of a client's secrets no longer works.</summary>
public sealed record ClientSecretRemoved(ClientId ClientId, ClientSecretId SecretId) : IDomainEvent
{
    public static string Name => "client.secret_removed";
}

/// <summary>An API was registered.</summary>
public sealed record ApiCreated(ApiId ApiId, string Identifier) : IDomainEvent
{
    public static string Name => "api.created";
}

/// <summary>An API's name, lifetimes or scopes changed.</summary>
public sealed record ApiUpdated(ApiId ApiId, string Identifier) : IDomainEvent
{
    public static string Name => "api.updated";
}

/// <summary>An API is gone; no token is issued for it any more.</summary>
public sealed record ApiDeleted(ApiId ApiId, string Identifier) : IDomainEvent
{
    public static string Name => "api.deleted";
}
