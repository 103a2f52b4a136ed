using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Sessions;

/// <summary>A browser in which a person need not repeat her second step for a while.</summary>
/// <param name="Browser">Hash of its device cookie.</param>
/// <param name="LastUsedAt">When she last signed in by it; null: not since it was trusted.</param>
public sealed record TrustedDevice(TrustedDeviceId Id, UserId UserId, byte[] Browser, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt,
    string IpAddress, string UserAgent)
{
    /// <summary>As its person knows it, for example "Firefox, Linux"; null where the browser did not say what it is.</summary>
    public string? Name => DeviceName.Of(UserAgent) is { Known: true } device ? $"{device.Browser}, {device.System}" : null;
}

/// <summary>
/// Browsers that stand in for a second step. A credential: 256 random bits in a cookie, stored hashed, good for one user in the one browser
/// whose device cookie was there when she trusted it, replaced at every use, and no proof of anything (<c>amr</c> does not know it).
/// <para>
/// Two tabs that sign in at once both show the present secret. One conditional statement lets one of them go on and gives the browser the next; the other
/// is asked for a code, and that is all: within <see cref="Grace"/> an old secret ends nothing. Later it is a copy, for a browser keeps one value: somebody has
/// taken the cookies along, and whoever was first has the present secret. Then trust ends.
/// </para>
/// </summary>
public sealed class TrustedDevices(UserDirectory users, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    private const string Prefix = "gh_td_";
    private const int MaxPerUser = 20;

    /// <summary>How long after its replacement a secret may still be on its way: a password takes its turn, a proxy its time.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>Whether this browser is trusted for her; looks only.</summary>
    /// <param name="browser">Hash of the device cookie.</param>
    public async ValueTask<TrustedDevice?> FindCurrentAsync(TenantTransaction tx, TenantContext tenant, UserId user, byte[] browser, HttpContext http, CancellationToken ct) =>
        CookieHash(http, tenant) is { } hash ? await TrustedDeviceStore.FindAsync(tx, user, browser, hash, Live(tenant), ct) : null;

    /// <summary>Uses it for one sign-in, in the transaction that begins the session: the secret that was shown opens nothing any more.</summary>
    /// <param name="skipped">Whether a second step was left out by it.</param>
    /// <returns>The cookie's next value, for after the commit; null: it ended or was used by another request meanwhile, and counts for nothing.</returns>
    public async ValueTask<string?> UseAsync(TenantTransaction tx, TenantContext tenant, TrustedDevice device, bool skipped, HttpContext http, CancellationToken ct)
    {
        var (secret, request) = (Secret.New(Prefix), RequestFacts.Of(http));
        if (CookieHash(http, tenant) is not { } hash || !await TrustedDeviceStore.RotateAsync(tx, device.Id, hash, Secret.Hash(secret), request.IpAddress, request.UserAgent, Live(tenant), ct)) return null;
        await audit.AppendAsync(tx, Entry("device.trust_used", AuditActor.User(device.UserId), device.UserId, device.Id, request, ("second_step", skipped ? "skipped" : "not_asked_by_it")), ct);
        return secret;
    }

    /// <summary>
    /// Trusts this browser for as long as the tenant says, and tells her. The caller holds the user and has seen her second step; a browser trusted by another
    /// is hers from now on.
    /// </summary>
    /// <returns>The cookie's value, for after the commit.</returns>
    public async ValueTask<string> TrustAsync(TenantTransaction tx, TenantContext tenant, UserId user, byte[] browser, HttpContext http, CancellationToken ct)
    {
        var (now, request, secret) = (clock.Now(), RequestFacts.Of(http), Secret.New(Prefix));
        foreach (var (id, other) in await TrustedDeviceStore.DeleteOthersAsync(tx, user, browser, ct))
            await audit.AppendAsync(tx, Entry("device.trust_revoked", AuditActor.System, other, id, RequestFacts.None, ("reason", "browser_trusted_by_another")), ct);
        var device = new TrustedDevice(TrustedDeviceId.New(clock), user, browser, now, now.AddDays(tenant.Settings.SignIn.TrustedDeviceDays), null, request.IpAddress, request.UserAgent);
        await TrustedDeviceStore.PutAsync(tx, device, Secret.Hash(secret), ct);
        await audit.AppendAsync(tx, Entry("device.trusted", AuditActor.User(user), user, device.Id, request, ("expires_at", device.ExpiresAt.ToString("O"))), ct);
        if (await users.FindAsync(tx, user, ct) is { PrimaryEmail: { } email } person)
            await mailer.QueueAsync(tx, tenant, DeviceNotice.Of(DeviceNotice.Trusted, tenant, person, email, LocaleChoice.For(http, tenant).Tag, request, now), ct);
        await TellAsync(tx, user, await TrustedDeviceStore.DeleteOldestAsync(tx, user, MaxPerUser, ct), "too_many", ct);
        return secret;
    }

    /// <summary>Ends the trust of this browser where an old secret of it is shown: see above. Only after a first proof, or anybody could end it.</summary>
    public async ValueTask EndIfCopiedAsync(TenantTransaction tx, TenantContext tenant, UserId user, byte[] browser, HttpContext http, CancellationToken ct)
    {
        if (CookieHash(http, tenant) is { } hash && await TrustedDeviceStore.DeleteCopiedAsync(tx, user, browser, hash, clock.Now() - Grace, ct) is { } id)
            await TellAsync(tx, user, [id], "old_secret", ct);
    }

    /// <summary>Hers that have not run out, newest first; at most twenty.</summary>
    public async ValueTask<IReadOnlyList<TrustedDevice>> ListAsync(TenantTransaction tx, TenantContext tenant, UserId user, CancellationToken ct)
    {
        var days = tenant.Settings.SignIn.TrustedDeviceDays;
        return [.. (await TrustedDeviceStore.ListAsync(tx, user, Live(tenant), ct)).Select(d => d.CreatedAt.AddDays(days) is var most && most < d.ExpiresAt ? d with { ExpiresAt = most } : d)];
    }

    /// <summary>Ends one. False: there is none of hers by this name.</summary>
    public async ValueTask<bool> RevokeAsync(TenantTransaction tx, TrustedDeviceId id, UserId user, AuditActor actor, RequestFacts request, string reason, CancellationToken ct)
    {
        if (!await TrustedDeviceStore.DeleteAsync(tx, id, user, ct)) return false;
        await audit.AppendAsync(tx, Entry("device.trust_revoked", actor, user, id, request, ("reason", reason)), ct);
        return true;
    }

    /// <summary>Ends them all.</summary>
    /// <returns>How many there were.</returns>
    public async ValueTask<int> RevokeAllAsync(TenantTransaction tx, UserId user, AuditActor actor, RequestFacts request, string reason, CancellationToken ct)
    {
        var ended = await TrustedDeviceStore.DeleteAllAsync(tx, user, ct);
        foreach (var id in ended) await audit.AppendAsync(tx, Entry("device.trust_revoked", actor, user, id, request, ("reason", reason)), ct);
        return ended.Count;
    }

    public static void SetCookie(HttpContext http, TenantContext tenant, string secret) =>
        http.Response.Cookies.Append(tenant.CookieName("trust"), secret, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = tenant.IsHttps, MaxAge = TimeSpan.FromDays(tenant.Settings.SignIn.TrustedDeviceDays),
        });

    private async ValueTask TellAsync(TenantTransaction tx, UserId user, IReadOnlyList<TrustedDeviceId> ended, string reason, CancellationToken ct)
    {
        foreach (var id in ended) await audit.AppendAsync(tx, Entry("device.trust_revoked", AuditActor.System, user, id, RequestFacts.None, ("reason", reason)), ct);
    }

    /// <summary>A time of 0 days ends what was trusted before.</summary>
    private TrustSince Live(TenantContext tenant) => new(clock.Now(), clock.Now().AddDays(-tenant.Settings.SignIn.TrustedDeviceDays));

    private static byte[]? CookieHash(HttpContext http, TenantContext tenant) =>
        tenant.Settings.SignIn.TrustedDeviceDays > 0 && http.Request.Cookies[tenant.CookieName("trust")] is { } sent && Secret.HasShape(sent, Prefix) ? Secret.Hash(sent) : null;

    /// <summary>About the user, so that she finds it in her activity.</summary>
    private static AuditEntry Entry(string action, AuditActor actor, UserId user, TrustedDeviceId id, RequestFacts request, (string Name, string Value) detail) =>
        new(action, AuditOutcome.Success, actor, "user", user.ToString(), request, new Dictionary<string, string> { ["device"] = id.ToString(), [detail.Name] = detail.Value });
}
