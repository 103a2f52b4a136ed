using System.Text.Json.Serialization.Metadata;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>A client was registered.</summary>
public sealed record ClientCreated(ClientId ClientId) : IDomainEvent<ClientCreated>
{
    public static string Name => "client.created";
    public static JsonTypeInfo<ClientCreated> JsonType => ApplicationsJson.Default.ClientCreated;
}

/// <summary>Anything about a client changed but its secrets.</summary>
public sealed record ClientUpdated(ClientId ClientId) : IDomainEvent<ClientUpdated>
{
    public static string Name => "client.updated";
    public static JsonTypeInfo<ClientUpdated> JsonType => ApplicationsJson.Default.ClientUpdated;
}

/// <summary>A client may no longer ask for tokens; published beside <see cref="ClientUpdated"/>. What it was given is the subscriber's to end.</summary>
public sealed record ClientDisabled(ClientId ClientId) : IDomainEvent<ClientDisabled>
{
    public static string Name => "client.disabled";
    public static JsonTypeInfo<ClientDisabled> JsonType => ApplicationsJson.Default.ClientDisabled;
}

/// <summary>A client is gone, and with it everything it was given.</summary>
public sealed record ClientDeleted(ClientId ClientId) : IDomainEvent<ClientDeleted>
{
    public static string Name => "client.deleted";
    public static JsonTypeInfo<ClientDeleted> JsonType => ApplicationsJson.Default.ClientDeleted;
}

/// <summary>A client has one more secret.</summary>
public sealed record ClientSecretAdded(ClientId ClientId, ClientSecretId SecretId) : IDomainEvent<ClientSecretAdded>
{
    public static string Name => "client.secret_added";
    public static JsonTypeInfo<ClientSecretAdded> JsonType => ApplicationsJson.Default.ClientSecretAdded;
}

/// <summary>One of a client's secrets no longer works.</summary>
public sealed record ClientSecretRemoved(ClientId ClientId, ClientSecretId SecretId) : IDomainEvent<ClientSecretRemoved>
{
    public static string Name => "client.secret_removed";
    public static JsonTypeInfo<ClientSecretRemoved> JsonType => ApplicationsJson.Default.ClientSecretRemoved;
}

/// <summary>An API was registered.</summary>
public sealed record ApiCreated(ApiId ApiId, string Identifier) : IDomainEvent<ApiCreated>
{
    public static string Name => "api.created";
    public static JsonTypeInfo<ApiCreated> JsonType => ApplicationsJson.Default.ApiCreated;
}

/// <summary>An API's name, lifetimes or scopes changed.</summary>
public sealed record ApiUpdated(ApiId ApiId, string Identifier) : IDomainEvent<ApiUpdated>
{
    public static string Name => "api.updated";
    public static JsonTypeInfo<ApiUpdated> JsonType => ApplicationsJson.Default.ApiUpdated;
}

/// <summary>An API is gone; no token is issued for it any more.</summary>
public sealed record ApiDeleted(ApiId ApiId, string Identifier) : IDomainEvent<ApiDeleted>
{
    public static string Name => "api.deleted";
    public static JsonTypeInfo<ApiDeleted> JsonType => ApplicationsJson.Default.ApiDeleted;
}
