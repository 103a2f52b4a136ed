using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Sessions;

/// <summary>One browser signed in to one tenant.</summary>
/// <param name="AuthenticatedAt">When the person last proved who she is: <c>auth_time</c>.</param>
/// <param name="ExpiresAt">When it ends if the browser is not seen again: the earlier of idle and absolute time.</param>
/// <param name="Methods">RFC 8176 <c>amr</c> values of what was really done.</param>
/// <param name="Name">What its person calls it; null until she does.</param>
public sealed record Session(SessionId Id, UserId UserId, DateTimeOffset CreatedAt, DateTimeOffset AuthenticatedAt, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt, IReadOnlyList<string> Methods, string IpAddress, string UserAgent, string? Name = null)
{
    /// <summary>The organization she works in here; null: none chosen. Whoever tells others of it asks again whether she belongs to it.</summary>
    public OrganizationId? OrganizationId { get; init; }
}

#pragma warning disable CA1822 // a directory is asked as one thing, whether or not an answer needs its parts
/// <summary>
/// What later rooms may ask of sessions and do to them. Every question goes to the database: a revoked session is dead with the commit
/// that revoked it, in every process. The absolute time counts from the last proof, not from the first.
/// </summary>
public sealed class SessionDirectory(IDatabase database, TenantDirectory tenants, UserDirectory users, OrganizationDirectory organizations, RateLimit limits, EventOutbox events, AuditLog audit, TimeProvider clock)
{
    private const int RefusalsToldPerHour = 5;
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The live session whose cookie this request carries, or null; also null where the request is not from where the tenant binds sessions to.
    /// Moves the idle time at most once a minute.
    /// </summary>
    public async ValueTask<Session?> FindCurrentAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (CookieHash(http, tenant) is not { } hash) return null;
        var now = clock.Now();
        Session? session;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
            session = await ShortenAsync(read, tenant, await SessionStore.FindBySecretAsync(read, hash, LiveSince.At(now, tenant.Settings.Sessions), ct), now, ct);
        if (session is null) return null;
        if (SessionBinding.Differs(tenant.Settings.Sessions, session, RequestFacts.Of(http)) is { Length: > 0 } differs)
        {
            await RefuseAsync(http, tenant, session, differs, ct);
            return null;
        }
        if (now - session.LastSeenAt < TouchEvery) return session;

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var settings = await SettingsOfAsync(tx, tenant, session, ct);
        if (await SessionStore.TouchAsync(tx, session.Id, now, now - TouchEvery, ct)) await tx.CommitAsync(ct);
        return session with { LastSeenAt = now, ExpiresAt = SessionStore.ExpiryOf(session.AuthenticatedAt, now, settings) };
    }

    /// <summary>A live session by its id; null when it ended or ran out.</summary>
    public async ValueTask<Session?> FindAsync(TenantTransaction tx, SessionId id, CancellationToken ct) =>
        await tenants.FindAsync(tx.Tenant, ct) is { } tenant
            ? await ShortenAsync(tx, tenant, await SessionStore.FindAsync(tx, id, LiveSince.At(clock.Now(), tenant.Settings.Sessions), ct), clock.Now(), ct)
            : null;

    /// <summary>How long sessions live where she works in an organization: the shorter of what it says and what the tenant says.</summary>
    private async ValueTask<SessionSettings> SettingsOfAsync(TenantTransaction tx, TenantContext tenant, Session session, CancellationToken ct)
    {
        var settings = tenant.Settings.Sessions;
        if (session.OrganizationId is not { } id || await organizations.FindAsync(tx, id, ct) is not { Settings: var own }) return settings;
        return settings with
        {
            IdleSeconds = Math.Min(own.SessionIdleSeconds ?? int.MaxValue, settings.IdleSeconds),
            AbsoluteSeconds = Math.Min(own.SessionAbsoluteSeconds ?? int.MaxValue, settings.AbsoluteSeconds),
        };
    }

    private async ValueTask<Session?> ShortenAsync(TenantTransaction tx, TenantContext tenant, Session? session, DateTimeOffset now, CancellationToken ct)
    {
        if (session?.OrganizationId is null) return session;
        var expires = SessionStore.ExpiryOf(session.AuthenticatedAt, session.LastSeenAt, await SettingsOfAsync(tx, tenant, session, ct));
        return now < expires ? session with { ExpiresAt = expires } : null;
    }

    internal ValueTask<Page<Session>> ListAsync(TenantTransaction tx, TenantContext tenant, UserId user, ListQuery<Session> query, CancellationToken ct)
    {
        var live = LiveSince.At(clock.Now(), tenant.Settings.Sessions);
        return query.ReadAsync((after, limit) => query.Descending
            ? SessionStore.ListAsync(tx, user, after?.Id, limit, live, ct) : SessionStore.ListOldestFirstAsync(tx, user, after?.Id, limit, live, ct));
    }

    /// <summary>A user's live sessions, newest first.</summary>
    public async ValueTask<Page<Session>> ListAsync(TenantTransaction tx, TenantContext tenant, UserId user, PageRequest page, CancellationToken ct) =>
        page.ToPage(await SessionStore.ListAsync(tx, user, page.After, page.Limit + 1, LiveSince.At(clock.Now(), tenant.Settings.Sessions), ct), s => s.Id.Value);

    /// <summary>Begins a session for a person all of whose proofs are of this moment.</summary>
    public ValueTask<(Session Session, string Secret)> StartAsync(TenantTransaction tx, TenantContext tenant, UserId user, IReadOnlyList<string> methods, HttpContext http, CancellationToken ct) =>
        StartAsync(tx, tenant, user, methods, clock.Now(), http, ct);

    /// <summary>
    /// Begins a session for a person who has just proved who she is, ending the browser's current one (its secret is never reused:
    /// fixation). The same user's re-authentication keeps the session's id and renews its secret and <c>auth_time</c>.
    /// </summary>
    /// <param name="authenticatedAt">When she gave the oldest of these proofs: <c>auth_time</c>.</param>
    /// <param name="organization">The one she works in from now; null: as before.</param>
    /// <param name="inBrowser">False: a program signs her in, and a cookie that comes along has no say in it.</param>
    /// <returns>The session and the cookie value to set once the transaction is committed (<see cref="SetCookie"/>).</returns>
    public async ValueTask<(Session Session, string Secret)> StartAsync(TenantTransaction tx, TenantContext tenant, UserId user, IReadOnlyList<string> methods, DateTimeOffset authenticatedAt, HttpContext http, CancellationToken ct, bool inBrowser = true, OrganizationId? organization = null)
    {
        var now = clock.Now();
        var settings = tenant.Settings.Sessions;
        var request = RequestFacts.Of(http);
        var secret = Secret.New(Secret.SessionPrefix);
        var old = inBrowser ? CookieHash(http, tenant) : null;
        // Who begins a session for her at the same moment waits here: only one at a time counts them.
        if (settings.MaxPerUser > 0) await users.HoldActiveAsync(tx, user, ct);
        var current = old is null ? null : await SessionStore.FindBySecretAsync(tx, old, LiveSince.At(now, settings), ct);
        var fresh = new Session(SessionId.New(clock), user, now, authenticatedAt, now, SessionStore.ExpiryOf(authenticatedAt, now, settings), methods, request.IpAddress, request.UserAgent) { OrganizationId = organization };

        if (current is not null && current.UserId == user)
        {
            var renewed = fresh with { Id = current.Id, CreatedAt = current.CreatedAt, Name = current.Name, OrganizationId = organization ?? current.OrganizationId };
            if (await SessionStore.RenewAsync(tx, renewed, old!, Secret.Hash(secret), ct)) return (renewed, secret);
        }
        // A thief who signs in as himself must not end the session whose cookie he could not use.
        else if (current is not null && SessionBinding.Differs(settings, current, request).Length == 0) await RevokeAsync(tx, current.Id, "replaced", ct);

        await SessionStore.InsertAsync(tx, fresh, Secret.Hash(secret), ct);
        if (settings.MaxPerUser > 0) await EndOldestAsync(tx, settings, fresh, request, ct);
        return (fresh, secret);
    }

    private async ValueTask EndOldestAsync(TenantTransaction tx, SessionSettings settings, Session newest, RequestFacts request, CancellationToken ct)
    {
        const string reason = "session_limit";
        var now = newest.LastSeenAt;
        foreach (var id in await SessionStore.EndOldestAsync(tx, newest.UserId, newest.Id, settings.MaxPerUser - 1, reason, now, LiveSince.At(now, settings), ct))
        {
            await events.PublishAsync(tx, new SessionRevoked(id, newest.UserId, reason), ct);
            await audit.AppendAsync(tx, new AuditEntry("session.ended", AuditOutcome.Success, AuditActor.User(newest.UserId), "session", id.ToString(), request,
                new Dictionary<string, string> { ["reason"] = reason }), ct);
        }
    }

    /// <summary>The session goes on where it belongs, unless the tenant says that it ends. Told a few times an hour: the holder of a cookie could fill the audit with it.</summary>
    private async ValueTask RefuseAsync(HttpContext http, TenantContext tenant, Session session, string differs, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var ended = tenant.Settings.Sessions.Binding == SessionSettings.BindStrict && await RevokeAsync(tx, session.Id, "binding", ct);
        if (!await limits.TryTakeAsync(tx, "session.binding", session.Id.ToString(), RefusalsToldPerHour, TimeSpan.FromHours(1), ct) && !ended) return;
        // Facts of their own: what the request is about to do, it has not done by this.
        var facts = RequestFacts.Of(http);
        await audit.AppendAsync(tx, new AuditEntry("session.binding_refused", AuditOutcome.Denied, AuditActor.Anonymous, "session", session.Id.ToString(), new RequestFacts(facts.IpAddress, facts.UserAgent, facts.RequestId),
            new Dictionary<string, string> { ["reason"] = differs, ["ended"] = ended ? "true" : "false" }), ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Whether this user's session has not ended; in the caller's transaction nobody else ends it until that transaction does.</summary>
    public ValueTask<bool> HoldAsync(TenantTransaction tx, SessionId id, UserId owner, CancellationToken ct) => SessionStore.HoldAsync(tx, id, owner, ct);

    /// <summary>Gives this browser's session a new secret and changes nothing else: neither <c>auth_time</c> nor what was proved.</summary>
    /// <returns>The cookie's value for after the commit; null when the session ended or got another secret meanwhile.</returns>
    public async ValueTask<string?> RotateAsync(TenantTransaction tx, TenantContext tenant, SessionId id, HttpContext http, CancellationToken ct)
    {
        var secret = Secret.New(Secret.SessionPrefix);
        return CookieHash(http, tenant) is { } old && await SessionStore.RotateAsync(tx, id, old, Secret.Hash(secret), ct) ? secret : null;
    }

    /// <summary>Calls a live session of hers so; null forgets the name. False when it ended or is somebody else's.</summary>
    public ValueTask<bool> NameAsync(TenantTransaction tx, SessionId id, UserId owner, string? name, CancellationToken ct) => SessionStore.NameAsync(tx, id, owner, name, ct);

    /// <summary>She works in this organization from now on, to which the caller has seen that she belongs; null: in none. False when the session ended or is somebody else's.</summary>
    public ValueTask<bool> ChooseAsync(TenantTransaction tx, SessionId id, UserId owner, OrganizationId? organization, CancellationToken ct) => SessionStore.ChooseAsync(tx, id, owner, organization, ct);

    /// <summary>A browser-session cookie would not survive the restart that its person expects it to; how long it is good for is decided here, not there.</summary>
    public void SetCookie(HttpContext http, TenantContext tenant, string secret) =>
        http.Response.Cookies.Append(tenant.CookieName("session"), secret, Cookie(tenant, TimeSpan.FromSeconds(tenant.Settings.Sessions.AbsoluteSeconds)));

    public void ClearCookie(HttpContext http, TenantContext tenant) =>
        http.Response.Cookies.Append(tenant.CookieName("session"), "", Cookie(tenant, TimeSpan.Zero));

    /// <summary>Ends it and publishes <see cref="SessionRevoked"/>. False when it had been ended.</summary>
    public async ValueTask<bool> RevokeAsync(TenantTransaction tx, SessionId id, string reason, CancellationToken ct)
    {
        if (await SessionStore.EndAsync(tx, id, reason, clock.Now(), ct) is not { } user) return false;
        await events.PublishAsync(tx, new SessionRevoked(id, user, reason), ct);
        return true;
    }

    /// <summary>
    /// Ends one of this user's sessions and publishes <see cref="SessionRevoked"/>; also one that ran out, since what was given under it may
    /// live longer. False when it had been ended, is forgotten, or is somebody else's.
    /// </summary>
    public async ValueTask<bool> RevokeAsync(TenantTransaction tx, SessionId id, UserId owner, string reason, CancellationToken ct)
    {
        if (!await SessionStore.EndAsync(tx, id, owner, reason, clock.Now(), ct)) return false;
        await events.PublishAsync(tx, new SessionRevoked(id, owner, reason), ct);
        return true;
    }

    /// <summary>Ends all of a user's sessions but one and publishes <see cref="SessionRevoked"/> for each and <see cref="AllSessionsRevoked"/>.</summary>
    /// <returns>How many sessions ended.</returns>
    public async ValueTask<int> RevokeAllAsync(TenantTransaction tx, UserId user, SessionId? except, string reason, CancellationToken ct)
    {
        var ended = await SessionStore.EndAllAsync(tx, user, except, reason, clock.Now(), ct);
        foreach (var id in ended) await events.PublishAsync(tx, new SessionRevoked(id, user, reason), ct);
        await events.PublishAsync(tx, new AllSessionsRevoked(user, except, reason), ct);
        return ended.Count;
    }

    private static byte[]? CookieHash(HttpContext http, TenantContext tenant) =>
        http.Request.Cookies[tenant.CookieName("session")] is { } sent && Secret.HasShape(sent, Secret.SessionPrefix) ? Secret.Hash(sent) : null;

    private static CookieOptions Cookie(TenantContext tenant, TimeSpan age) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = tenant.IsHttps, MaxAge = age };
}
