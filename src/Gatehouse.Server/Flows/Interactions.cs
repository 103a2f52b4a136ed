using System.Text;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Flows;

/// <summary>
/// Stores interactions. Each is bound to the browser that began it: its row holds the hash of that browser's device cookie, and no
/// method here returns an interaction to another browser. Fulfilling and finishing are conditional statements, so that they happen once
/// over all processes; their callers have found the interaction first.
/// </summary>
public sealed class Interactions(TimeProvider clock)
{
    /// <summary>Most bytes of a payload: an authorization request as large as one has reason to be.</summary>
    public const int MaxPayloadBytes = 32 * 1024;

    /// <summary>Whether a payload may be stored; the starting door refuses in its own words when not.</summary>
    public static bool Fits(string payload) => Encoding.UTF8.GetByteCount(payload) <= MaxPayloadBytes;

    /// <summary>Stores a new run and returns it; sets the device cookie when the browser has none.</summary>
    /// <exception cref="ArgumentException">The payload does not fit.</exception>
    public async ValueTask<Interaction> StartAsync(TenantTransaction tx, TenantContext tenant, HttpContext http, string kind, Func<InteractionId, string> returnPath, string payload, SignInDemand demand, CancellationToken ct)
    {
        if (!Fits(payload)) throw new ArgumentException($"A payload has at most {MaxPayloadBytes} bytes.", nameof(payload));
        var id = InteractionId.New(clock);
        var path = returnPath(id);
        // Never another site's: "//host" and "/\\host" are absolute to a browser.
        if (path is not ("/" or ['/', not ('/' or '\\'), ..])) throw new ArgumentException("A return path is a path of this tenant.", nameof(returnPath));
        var now = clock.Now();
        var interaction = new Interaction(id, kind, path, payload, demand, null, null, now, now.AddSeconds(tenant.Settings.Tokens.InteractionSeconds), Done: false);
        await InteractionStore.InsertAsync(tx, interaction, DeviceCookie.Ensure(http, tenant), ct);
        return interaction;
    }

    /// <summary>The run, if it exists, is this browser's, and has neither expired nor been finished.</summary>
    public ValueTask<Interaction?> FindAsync(TenantTransaction tx, TenantContext tenant, HttpContext http, InteractionId id, CancellationToken ct) =>
        DeviceCookie.Hash(http, tenant) is { } browser
            ? InteractionStore.FindAsync(tx, id, browser, clock.Now(), ct)
            : ValueTask.FromResult<Interaction?>(null);

    /// <summary>
    /// Keeps what the person typed as her address (null: forgets it), so that no step has to trust a form for it. False when the run is
    /// gone or finished.
    /// </summary>
    public ValueTask<bool> RememberIdentifierAsync(TenantTransaction tx, InteractionId id, string? identifier, CancellationToken ct) =>
        InteractionStore.RememberIdentifierAsync(tx, id, identifier, clock.Now(), ct);

    /// <summary>Records which session fulfilled the demand. Conditional: false when it was finished or fulfilled meanwhile by another session.</summary>
    public ValueTask<bool> FulfilAsync(TenantTransaction tx, InteractionId id, Session session, CancellationToken ct) =>
        InteractionStore.FulfilAsync(tx, id, session.Id, session.AuthenticatedAt, clock.Now(), ct);

    /// <summary>Ends the run; true for exactly one caller.</summary>
    public ValueTask<bool> FinishAsync(TenantTransaction tx, InteractionId id, CancellationToken ct) =>
        InteractionStore.FinishAsync(tx, id, clock.Now(), ct);

    /// <summary>Where to send the browser to fulfil an interaction: <c>{issuer}/signin?interaction=int_…</c>.</summary>
    public static string SignInUrl(TenantContext tenant, InteractionId id) => tenant.Url($"/signin?interaction={id}");
}
