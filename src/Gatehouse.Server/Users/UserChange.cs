using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Users;

/// <summary>
/// What changing a user always takes: find her (or 404), ask whether the caller may (or 403), honour <c>If-Match</c>, change, audit, tell, commit; all of it one transaction.
/// The change itself is the operation's.
/// </summary>
internal sealed class UserChange(IDatabase database, AuditLog audit, EventOutbox events, ICallerGuard guard, IUserReach reach)
{
    /// <param name="change">Does it; a problem rolls everything back.</param>
    /// <returns>The user as she is now.</returns>
    internal async ValueTask<Result<User, Problem>> ApplyAsync<TEvent>(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        string action, Func<UserId, TEvent> happened, Func<TenantTransaction, User, ValueTask<Problem?>> change, CancellationToken ct) where TEvent : IDomainEvent
    {
        if (!UserId.TryParse(id, out var userId)) return UserProblems.NotFound;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await ApplyAsync(tx, userId, user => ETags.Check(http, user.Version), caller, facts, action, happened, change, null, ct)).TryGet(out var changed, out var problem)) return problem;
        await tx.CommitAsync(ct);
        ETags.Set(http, changed.Version);
        return changed;
    }

    /// <summary>The same in a transaction of the caller's, who commits it unless there is a problem.</summary>
    /// <param name="expected">What the caller knew of her, checked as soon as it may know; null: nothing.</param>
    internal async ValueTask<Result<User, Problem>> ApplyAsync<TEvent>(TenantTransaction tx, UserId userId, Func<User, Problem?>? expected, Caller caller, RequestFacts facts,
        string action, Func<UserId, TEvent> happened, Func<TenantTransaction, User, ValueTask<Problem?>> change, IReadOnlyDictionary<string, string>? details, CancellationToken ct) where TEvent : IDomainEvent
    {
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user) return UserProblems.NotFound;
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } refused) return refused;
        if (expected?.Invoke(user) is { } outdated) return outdated;
        var before = await reach.BeforeAsync(tx, userId, ct);
        if (await change(tx, user) is { } problem) return problem;
        if (await UserStore.FindAsync(tx, userId, ct) is not { } changed) return UserProblems.NotFound;
        await audit.AppendAsync(tx, new(action, AuditOutcome.Success, AuditActor.Of(caller), "user", user.Id.ToString(), facts, details), ct);
        await events.PublishAsync(tx, happened(userId), ct);
        if (await reach.CheckAsync(tx, userId, before, caller, ct) is { } escalation) return escalation;
        return changed;
    }
}
