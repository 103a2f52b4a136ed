using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>What deleting a user always takes, however it is asked for: may the caller, may she go, tell every room, delete, audit.</summary>
internal sealed class UserRemoval(UserGuards guards, ICallerGuard callers, AuditLog audit, EventOutbox events)
{
    /// <param name="expected">What the caller knew of her; null: nothing.</param>
    /// <param name="details">Why, for the audit; null where it was simply asked for.</param>
    /// <returns>Null when it is done; else the caller does not commit.</returns>
    internal async ValueTask<Problem?> RemoveAsync(TenantTransaction tx, UserId userId, Func<User, Problem?>? expected, Caller caller, RequestFacts facts,
        IReadOnlyDictionary<string, string>? details, CancellationToken ct)
    {
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user) return UserProblems.NotFound;
        if (await callers.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation;
        if (expected?.Invoke(user) is { } outdated) return outdated;
        return await RemoveAsync(tx, userId, AuditActor.Of(caller), facts, details, ct);
    }

    /// <summary>The same for one of whom it has been asked before whether she may.</summary>
    internal async ValueTask<Problem?> RemoveAsync(TenantTransaction tx, UserId userId, AuditActor actor, RequestFacts facts, IReadOnlyDictionary<string, string>? details, CancellationToken ct)
    {
        if (await guards.CheckAsync(tx, userId, ct) is { } refused) return refused;
        // Subscribers first: whoever must still find the user by her rows may.
        await events.PublishAsync(tx, new UserDeleted(userId), ct);
        if (!await UserStore.DeleteAsync(tx, userId, ct)) return UserProblems.NotFound;
        await audit.AppendAsync(tx, new("user.deleted", AuditOutcome.Success, actor, "user", userId.ToString(), facts, details), ct);
        return null;
    }
}
