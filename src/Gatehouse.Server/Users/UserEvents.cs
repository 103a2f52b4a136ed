using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

// What this room tells others. Ids only: whoever needs more asks, and an outbox full of personal data could not be erased.

/// <summary>A person has an account now.</summary>
public sealed record UserCreated(UserId UserId) : IDomainEvent
{
    public static string Name => "user.created";
}

/// <summary>Profile, attributes or addresses changed.</summary>
public sealed record UserUpdated(UserId UserId) : IDomainEvent
{
    public static string Name => "user.updated";
}

/// <summary>She may not sign in any more; whatever she is signed in to must end in this transaction.</summary>
public sealed record UserDisabled(UserId UserId) : IDomainEvent
{
    public static string Name => "user.disabled";
}

/// <summary>She may sign in again.</summary>
public sealed record UserEnabled(UserId UserId) : IDomainEvent
{
    public static string Name => "user.enabled";
}

/// <summary>The account is to be deleted at a time to come.</summary>
public sealed record UserDeletionScheduled(UserId UserId) : IDomainEvent
{
    public static string Name => "user.deletion_scheduled";
}

/// <summary>That was called off.</summary>
public sealed record UserDeletionCancelled(UserId UserId) : IDomainEvent
{
    public static string Name => "user.deletion_cancelled";
}

/// <summary>Two accounts became one: what the first had is the second's, and the first is gone.</summary>
public sealed record UserMerged(UserId FromId, UserId IntoId) : IDomainEvent
{
    public static string Name => "user.merged";
}

/// <summary>The account is gone; every room removes what it holds of her in this transaction.</summary>
public sealed record UserDeleted(UserId UserId) : IDomainEvent
{
    public static string Name => "user.deleted";
}
