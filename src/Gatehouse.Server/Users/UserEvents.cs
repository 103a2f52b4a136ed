using System.Text.Json.Serialization.Metadata;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

// What this room tells others. Ids only: whoever needs more asks, and an outbox full of personal data could not be erased.

/// <summary>A person has an account now.</summary>
public sealed record UserCreated(UserId UserId) : IDomainEvent<UserCreated>
{
    public static string Name => "user.created";
    public static JsonTypeInfo<UserCreated> JsonType => UsersJson.Default.UserCreated;
}

/// <summary>Profile, attributes or addresses changed.</summary>
public sealed record UserUpdated(UserId UserId) : IDomainEvent<UserUpdated>
{
    public static string Name => "user.updated";
    public static JsonTypeInfo<UserUpdated> JsonType => UsersJson.Default.UserUpdated;
}

/// <summary>She may not sign in any more; whatever she is signed in to must end in this transaction.</summary>
public sealed record UserDisabled(UserId UserId) : IDomainEvent<UserDisabled>
{
    public static string Name => "user.disabled";
    public static JsonTypeInfo<UserDisabled> JsonType => UsersJson.Default.UserDisabled;
}

/// <summary>She may sign in again.</summary>
public sealed record UserEnabled(UserId UserId) : IDomainEvent<UserEnabled>
{
    public static string Name => "user.enabled";
    public static JsonTypeInfo<UserEnabled> JsonType => UsersJson.Default.UserEnabled;
}

/// <summary>The account is gone; every room removes what it holds of her in this transaction.</summary>
public sealed record UserDeleted(UserId UserId) : IDomainEvent<UserDeleted>
{
    public static string Name => "user.deleted";
    public static JsonTypeInfo<UserDeleted> JsonType => UsersJson.Default.UserDeleted;
}
