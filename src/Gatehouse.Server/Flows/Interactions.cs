using System.Text;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Flows;

/// <summary>
/// Stores interactions. Each is bound to the browser that began it: its row holds the hash of that browser's device cookie, and no
/// method here returns an interaction to another browser. Fulfilling and finishing are conditional statements, so that they happen once
/// over all processes; their callers have found the interaction first.
/// </summary>
public sealed class Interactions(RateLimit limits, TimeProvider clock)
{
    /// <summary>Most bytes of a payload: an authorization request as large as one has reason to be.</summary>
    public const int MaxPayloadBytes = 32 * 1024;

    /// <summary>Runs of one browser that are kept: as many tabs as a browser may open again at once. A newer one takes the oldest one's place.</summary>
    public const int MaxPerBrowser = 50;

    /// <summary>How long what was proved counts in a run that goes on: enough to find the telephone, too short to be worth stealing.</summary>
    public static readonly TimeSpan ProofLifetime = TimeSpan.FromMinutes(10);

    // Anybody can begin a run, and each is a row until it expires.
    private const string Bucket = "sign_ins.ip", HeadlessKind = "headless", AuthSessionPrefix = "gh_as_";
    private static readonly TimeSpan window = TimeSpan.FromMinutes(10);

    /// <summary>Whether a payload may be stored; the starting door refuses in its own words when not.</summary>
    public static bool Fits(string payload) => Encoding.UTF8.GetByteCount(payload) <= MaxPayloadBytes;

    /// <summary>Stores a new run and returns it; sets the device cookie when the browser has none.</summary>
    /// <returns>The run; or, when the network the browser is in has begun its share (<see cref="LimitSettings.SignInsPerIp"/>), the page that says so: then nothing was written.</returns>
    /// <exception cref="ArgumentException">The payload does not fit.</exception>
    public async ValueTask<Result<Interaction, PageResult>> StartAsync(TenantTransaction tx, TenantContext tenant, HttpContext http, string kind, Func<InteractionId, string> returnPath, string payload, SignInDemand demand, CancellationToken ct)
    {
        if (!Fits(payload)) throw new ArgumentException($"A payload has at most {MaxPayloadBytes} bytes.", nameof(payload));
        var id = InteractionId.New(clock);
        var path = returnPath(id);
        // Never another site's: "//host" and "/\\host" are absolute to a browser.
        if (path is not ("/" or ['/', not ('/' or '\\'), ..])) throw new ArgumentException("A return path is a path of this tenant.", nameof(returnPath));
        // An IPv6 site as one: its 65,536 networks must not each have a share.
        if (!await limits.TryTakeAsync(tx, Bucket, RateLimit.SiteKey(RequestFacts.Of(http).IpAddress), tenant.Settings.Limits.SignInsPerIp, window, ct)) return TooMany;
        var now = clock.Now();
        var interaction = new Interaction(id, kind, path, payload, demand, null, null, now, now.AddSeconds(tenant.Settings.Tokens.InteractionSeconds), Done: false);
        if (DeviceCookie.Hash(http, tenant) is { } known) await InteractionStore.DeleteOldestAsync(tx, known, MaxPerBrowser - 1, ct);
        await InteractionStore.InsertAsync(tx, interaction, DeviceCookie.Ensure(http, tenant), ct);
        return interaction;
    }

    /// <summary>
    /// Stores a run that a program drives instead of a browser. It is bound to the secret that is returned, which stands in for the device
    /// cookie: neither can ever be taken for the other.
    /// </summary>
    /// <returns>The run and its <c>auth_session</c>; null when the network has begun its share: then nothing was written.</returns>
    public async ValueTask<(Interaction Interaction, string AuthSession)?> StartHeadlessAsync(TenantTransaction tx, TenantContext tenant, RequestFacts request, string payload, SignInDemand demand, CancellationToken ct)
    {
        if (!Fits(payload)) throw new ArgumentException($"A payload has at most {MaxPayloadBytes} bytes.", nameof(payload));
        if (!await limits.TryTakeAsync(tx, Bucket, RateLimit.SiteKey(request.IpAddress), tenant.Settings.Limits.SignInsPerIp, window, ct)) return null;
        var now = clock.Now();
        var interaction = new Interaction(InteractionId.New(clock), HeadlessKind, "/", payload, demand, null, null, now, now.AddSeconds(tenant.Settings.Tokens.InteractionSeconds), Done: false);
        var secret = Secret.New(AuthSessionPrefix);
        await InteractionStore.InsertAsync(tx, interaction, Secret.Hash(secret), ct);
        return (interaction, $"{interaction.Id}.{secret}");
    }

    /// <summary>The run of an <c>auth_session</c> and what it is bound to; null when it is invented, expired or finished.</summary>
    public async ValueTask<(Interaction Interaction, byte[] Binding)?> FindHeadlessAsync(TenantTransaction tx, string? authSession, CancellationToken ct)
    {
        if (authSession is null || authSession.IndexOf('.', StringComparison.Ordinal) is not (> 0 and var dot)) return null;
        var secret = authSession[(dot + 1)..];
        if (!InteractionId.TryParse(authSession[..dot], out var id) || !Secret.HasShape(secret, AuthSessionPrefix)) return null;
        var binding = Secret.Hash(secret);
        return await FindHeadlessAsync(tx, id, binding, ct) is { } interaction ? (interaction, binding) : null;
    }

    /// <summary>A run that a program drives, by what it is bound to.</summary>
    public async ValueTask<Interaction?> FindHeadlessAsync(TenantTransaction tx, InteractionId id, byte[] binding, CancellationToken ct) =>
        await InteractionStore.FindAsync(tx, id, binding, clock.Now(), ct) is { Kind: HeadlessKind } interaction ? interaction : null;

    /// <summary>A run as it is now, by what it is bound to: the device cookie or the <c>auth_session</c> by which it was found before.</summary>
    public ValueTask<Interaction?> FindAgainAsync(TenantTransaction tx, InteractionId id, byte[] binding, CancellationToken ct) => InteractionStore.FindAsync(tx, id, binding, clock.Now(), ct);

    private static PageResult TooMany => ErrorResult.Of(new PageOptions(StatusCodes.Status429TooManyRequests, RetryAfter: window), "sign_ins_too_many");

    /// <summary>The run, if it exists, is this browser's, and has neither expired nor been finished.</summary>
    public ValueTask<Interaction?> FindAsync(TenantTransaction tx, TenantContext tenant, HttpContext http, InteractionId id, CancellationToken ct) =>
        DeviceCookie.Hash(http, tenant) is { } browser
            ? InteractionStore.FindAsync(tx, id, browser, clock.Now(), ct)
            : ValueTask.FromResult<Interaction?>(null);

    /// <summary>
    /// Keeps what the person typed as her address (null: forgets it), so that no step has to trust a form for it, and forgets what was
    /// proved so far. False when the run is gone or finished.
    /// </summary>
    public ValueTask<bool> RememberIdentifierAsync(TenantTransaction tx, InteractionId id, string? identifier, CancellationToken ct) =>
        InteractionStore.RememberIdentifierAsync(tx, id, identifier, clock.Now(), ct);

    /// <summary>
    /// Keeps what somebody who registers has said (null: uses it up). False when the run has changed since it was read: another answer was faster, or it has led to an account.
    /// </summary>
    public ValueTask<bool> KeepDraftAsync(TenantTransaction tx, Interaction interaction, string? draft, CancellationToken ct) =>
        InteractionStore.KeepDraftAsync(tx, interaction.Id, interaction.Step, draft, clock.Now(), ct);

    /// <summary>
    /// Records what she has proved, in place of anything before, when she must prove more. False when the run has changed since it was read: another submit was faster, or another tab chose another address.
    /// </summary>
    /// <param name="interaction">As the step found it before it checked the proof.</param>
    /// <param name="answers">Of the tenant's programs; left out: none.</param>
    /// <param name="organization">What she has chosen to go on in.</param>
    public ValueTask<bool> ProveAsync(TenantTransaction tx, Interaction interaction, UserId user, IReadOnlyList<Proof> proofs, CancellationToken ct, IReadOnlyList<Answered>? answers = null, OrganizationId? organization = null)
    {
        var now = clock.Now();
        // From the first proof that was given here they all grow old; one that a session brought along is held to that session instead.
        var since = proofs.Where(p => p.Session is null).Select(p => p.At).DefaultIfEmpty(now).Min();
        return InteractionStore.ProveAsync(tx, interaction.Id, interaction.Step, new Proved(user, proofs) { Answers = answers ?? [], Organization = organization }, since, now, ct);
    }

    /// <summary>
    /// Uses up what was proved, as the last step does in the transaction that begins the session. False when the run has changed since it
    /// was read or the proofs are too old: then nothing may begin.
    /// </summary>
    public ValueTask<bool> SpendProofsAsync(TenantTransaction tx, Interaction interaction, CancellationToken ct) =>
        interaction.Proved is { } proved
            ? InteractionStore.SpendAsync(tx, interaction.Id, interaction.Step, proved.User, clock.Now(), ct)
            : ValueTask.FromResult(false);

    /// <summary>Records which session fulfilled the demand. Conditional: false when it was finished or fulfilled meanwhile by another session.</summary>
    public ValueTask<bool> FulfilAsync(TenantTransaction tx, InteractionId id, Session session, CancellationToken ct) =>
        InteractionStore.FulfilAsync(tx, id, session.Id, session.AuthenticatedAt, clock.Now(), ct);

    /// <summary>Ends the run; true for exactly one caller.</summary>
    public ValueTask<bool> FinishAsync(TenantTransaction tx, InteractionId id, CancellationToken ct) =>
        InteractionStore.FinishAsync(tx, id, clock.Now(), ct);

    /// <summary>Where to send the browser to fulfil an interaction: <c>{issuer}/signin?interaction=int_…</c>.</summary>
    public static string SignInUrl(TenantContext tenant, InteractionId id) => tenant.Url($"/signin?interaction={id}");
}
