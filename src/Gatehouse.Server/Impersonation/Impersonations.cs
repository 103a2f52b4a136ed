using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Impersonation;

/// <summary>An administrator who acts as a person, at this moment.</summary>
/// <param name="Session">As one of the person's own, without any proof of hers; only who asks here finds it.</param>
/// <param name="Own">The actor's, in this very browser: what she has proved, she has proved there.</param>
/// <param name="EndsAt">No token of it lives longer.</param>
public sealed record Acting(ImpersonationId Id, Session Session, Session Own, DateTimeOffset EndsAt)
{
    public UserId Actor => Own.UserId;
}

/// <summary>
/// Who acts as whom. A cookie of its own stands beside the actor's session, and counts only together with it: where her own session ends, or she loses the
/// permission, or the person gets what she does not hold, there is nothing left to find. Everything that asks <see cref="SessionDirectory"/> for a session goes
/// on finding the actor's own.
/// </summary>
public sealed class Impersonations(IDatabase database, SessionDirectory sessions, UserDirectory users, ICallerGuard guard, EventOutbox events, AuditLog audit, TimeProvider clock)
{
    internal const string SecretPrefix = "gh_im_";

    private static string CookieName(TenantContext tenant) => tenant.CookieName("impersonation");

    /// <summary>The impersonation in this browser; null for nearly everybody, without a look at the database.</summary>
    public async ValueTask<Acting?> FindCurrentAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (http.Request.Cookies[CookieName(tenant)] is not { } sent || !Secret.HasShape(sent, SecretPrefix)) return null;
        if (await sessions.FindCurrentAsync(http, tenant, ct) is not { } own) return null;
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (await ImpersonationStore.FindBySecretAsync(read, Secret.Hash(sent), clock.Now(), ct) is not { } stored || stored.ActorSessionId != own.Id || stored.Actor != own.UserId) return null;
        return await IsAllowedAsync(read, stored, ct) ? Of(stored, own, RequestFacts.Of(http)) : null;
    }

    /// <summary>Whether the session of such a token or code is one that lasts.</summary>
    public async ValueTask<bool> IsLiveAsync(TenantTransaction tx, SessionId session, CancellationToken ct) =>
        await ImpersonationStore.FindBySessionAsync(tx, session, clock.Now(), ct) is { } stored && await sessions.FindAsync(tx, stored.ActorSessionId, ct) is { } own && own.UserId == stored.Actor
        && await IsAllowedAsync(tx, stored, ct);

    /// <summary>Ends the one in this browser, as its actor asks.</summary>
    /// <returns>False when there was none.</returns>
    public async ValueTask<bool> EndCurrentAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var ended = false;
        if (await FindCurrentAsync(http, tenant, ct) is { } acting)
        {
            await using var tx = await database.BeginAsync(tenant.Id, ct);
            ended = await EndAsync(tx, acting.Id, "ended_by_actor", AuditActor.User(acting.Actor), RequestFacts.Of(http), ct);
            if (ended) await tx.CommitAsync(ct);
        }
        ClearCookie(http, tenant);
        return ended;
    }

    /// <summary>Both are still active, and the actor still holds the permission and all that the person holds.</summary>
    internal async ValueTask<bool> IsAllowedAsync(TenantTransaction tx, StoredImpersonation stored, CancellationToken ct) =>
        await users.FindAsync(tx, stored.User, ct) is { Status: UserStatus.Active } && await users.FindAsync(tx, stored.Actor, ct) is { Status: UserStatus.Active }
        && await guard.CoversAsync(tx, stored.Actor, Scopes.UsersImpersonate, stored.User, ct);

    private static Acting Of(StoredImpersonation stored, Session own, RequestFacts request)
    {
        var started = stored.StartedAt ?? throw new InvalidOperationException("What has a secret has begun.");
        return new(stored.Id, new Session(stored.SessionId, stored.User, started, started, started, stored.EndsAt, [], request.IpAddress, request.UserAgent), own, stored.EndsAt);
    }

    internal static void SetCookie(HttpContext http, TenantContext tenant, string secret, TimeSpan age) =>
        http.Response.Cookies.Append(CookieName(tenant), secret, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = tenant.IsHttps, MaxAge = age });

    private static void ClearCookie(HttpContext http, TenantContext tenant) =>
        http.Response.Cookies.Append(CookieName(tenant), "", new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = tenant.IsHttps, MaxAge = TimeSpan.Zero });

    /// <returns>False when it was over.</returns>
    internal async ValueTask<bool> EndAsync(TenantTransaction tx, ImpersonationId id, string reason, AuditActor by, RequestFacts facts, CancellationToken ct)
    {
        if (await ImpersonationStore.EndAsync(tx, id, reason, clock.Now(), ct) is not { } ended) return false;
        await TellAsync(tx, ended, reason, by, facts, ct);
        return true;
    }

    /// <summary>Of one browser of an actor there is one at a time.</summary>
    internal async ValueTask EndOthersAsync(TenantTransaction tx, SessionId session, ImpersonationId kept, RequestFacts facts, CancellationToken ct)
    {
        foreach (var ended in await ImpersonationStore.EndOfActorSessionAsync(tx, session, kept, "replaced", clock.Now(), ct)) await TellAsync(tx, ended, "replaced", AuditActor.User(ended.Actor), facts, ct);
    }

    // Whatever was granted under the session ends with it: OAuth hears it.
    internal async ValueTask TellAsync(TenantTransaction tx, StoredImpersonation ended, string reason, AuditActor by, RequestFacts facts, CancellationToken ct)
    {
        await events.PublishAsync(tx, new SessionRevoked(ended.SessionId, ended.User, "impersonation_ended"), ct);
        await audit.AppendAsync(tx, new("impersonation.ended", AuditOutcome.Success, by, "user", ended.User.ToString(), facts, new Dictionary<string, string>
        {
            ["impersonation"] = ended.Id.ToString(), ["reason"] = reason, ["actor"] = ended.Actor.ToString(), ["started"] = ended.StartedAt is null ? "false" : "true",
        }), ct);
    }
}
