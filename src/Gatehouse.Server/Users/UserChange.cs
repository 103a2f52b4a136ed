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
internal sealed class UserChange(IDatabase database, AuditLog audit, EventOutbox events, ICallerGuard guard)
{
    /// <param name="change">Does it; a problem rolls everything back.</param>
    /// <returns>The user as she is now.</returns>
    internal async ValueTask<Result<User, Problem>> ApplyAsync<TEvent>(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        string action, Func<UserId, TEvent> happened, Func<TenantTransaction, User, ValueTask<Problem?>> change, CancellationToken ct) where TEvent : IDomainEvent
    {
        if (!UserId.TryParse(id, out var userId)) return UserProblems.NotFound;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await UserStore.FindAsync(tx, userId, ct) is not { } user) return UserProblems.NotFound;
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } refused) return refused;
        if (ETags.Check(http, user.Version) is { } outdated) return outdated;
        if (await change(tx, user) is { } problem) return problem;
        if (await UserStore.FindAsync(tx, userId, ct) is not { } changed) return UserProblems.NotFound;
        await audit.AppendAsync(tx, new(action, AuditOutcome.Success, AuditActor.Of(caller), "user", user.Id.ToString(), facts), ct);
        await events.PublishAsync(tx, happened(userId), ct);
        await tx.CommitAsync(ct);
        ETags.Set(http, changed.Version);
        return changed;
    }
}
