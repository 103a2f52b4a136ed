using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Impersonation;

/// <summary>
/// <c>GET /impersonation?token=</c>: asks; <c>POST /impersonation</c> begins, so that who merely looks at a link uses nothing up; <c>POST /impersonation/end</c>.
/// </summary>
internal static class ImpersonationPages
{
    internal const string Path = "/impersonation", EndPath = "/impersonation/end";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync).ExcludeFromDescription();
        pages.MapPost(Path, StartAsync).ExcludeFromDescription();
        pages.MapPost(EndPath, EndAsync).ExcludeFromDescription();
    }

    private static PageResult Unfit() => ErrorResult.Of(StatusCodes.Status403Forbidden, "impersonation_invalid", "/account");

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Beginning beginning, CancellationToken ct)
    {
        string token = http.Request.Query["token"].ToString();
        return await beginning.FindAsync(http, tenant, token, ct) is { } found
            ? PageResult.Of<ImpersonationPage, ImpersonationModel>(new(token, found.Name, found.Stored.Minutes, found.Stored.Reason)) : Unfit();
    }

    private static async Task<IResult> StartAsync(HttpContext http, TenantContext tenant, RequestFacts facts, Forms forms, Beginning beginning, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (await beginning.FindAsync(http, tenant, form["token"], ct) is not { } found || await beginning.StartAsync(tenant, found, facts, ct) is not { } secret) return Unfit();
        Impersonations.SetCookie(http, tenant, secret, TimeSpan.FromMinutes(found.Stored.Minutes));
        return new SeeOther(tenant.Url("/account"));
    }

    /// <summary>A second click finds nothing and leads to the same page: her own account.</summary>
    private static async Task<IResult> EndAsync(HttpContext http, TenantContext tenant, Forms forms, Impersonations impersonations, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        await impersonations.EndCurrentAsync(http, tenant, ct);
        return new SeeOther(tenant.Url("/account"));
    }
}

/// <summary>A link that may be used now, in this browser.</summary>
/// <param name="Name">Of the person: her address, or what else we know of her.</param>
/// <param name="Own">The actor's session.</param>
internal sealed record Beginnable(StoredImpersonation Stored, User User, string Name, Session Own);

/// <summary>Begins impersonations: once for each link, in the browser with the actor's own session, while she still may.</summary>
internal sealed class Beginning(IDatabase database, SessionDirectory sessions, UserDirectory users, Impersonations impersonations, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    internal async ValueTask<Beginnable?> FindAsync(HttpContext http, TenantContext tenant, string token, CancellationToken ct)
    {
        if (!Secret.HasShape(token, Secret.LinkPrefix) || await sessions.FindCurrentAsync(http, tenant, ct) is not { } own) return null;
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (await ImpersonationStore.FindByLinkAsync(read, Secret.Hash(token), clock.Now(), ct) is not { } stored || stored.ActorSessionId != own.Id || stored.Actor != own.UserId
            || !await impersonations.IsAllowedAsync(read, stored, ct) || await users.FindAsync(read, stored.User, ct) is not { } user) return null;
        return new(stored, user, user.PrimaryEmail?.Address ?? user.DisplayName ?? user.Id.ToString(), own);
    }

    /// <returns>The cookie's value; null when another request was first.</returns>
    internal async ValueTask<string?> StartAsync(TenantContext tenant, Beginnable found, RequestFacts facts, CancellationToken ct)
    {
        var (stored, user, _, own) = found;
        var now = clock.Now();
        // Never longer than her own session can go on without a new proof: what is issued meanwhile would outlive her.
        var (ends, last) = (now.AddMinutes(stored.Minutes), own.AuthenticatedAt.AddSeconds(tenant.Settings.Sessions.AbsoluteSeconds));
        if (last < ends) ends = last;
        var secret = Secret.New(Impersonations.SecretPrefix);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await ImpersonationStore.TryStartAsync(tx, stored.Id, own.Id, Secret.Hash(secret), now, ends, ct)) return null;
        await impersonations.EndOthersAsync(tx, own.Id, stored.Id, facts, ct);
        await audit.AppendAsync(tx, new("impersonation.started", AuditOutcome.Success, AuditActor.User(stored.Actor), "user", stored.User.ToString(), facts,
            new Dictionary<string, string> { ["impersonation"] = stored.Id.ToString(), ["minutes"] = stored.Minutes.ToString(System.Globalization.CultureInfo.InvariantCulture) })
            { Personal = new Dictionary<string, string> { ["reason"] = stored.Reason } }, ct);
        if (tenant.Settings.Impersonation.Notify && user.PrimaryEmail is { } email)
            await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "impersonated", user.Locale ?? tenant.Settings.Locales.Default,
                new Dictionary<string, string> { ["link"] = tenant.Url("/account/activity"), ["minutes"] = stored.Minutes.ToString(System.Globalization.CultureInfo.InvariantCulture) }), ct);
        await tx.CommitAsync(ct);
        return secret;
    }
}

/// <param name="Token">The link's secret, for the form.</param>
public sealed record ImpersonationModel(string Token, string Name, int Minutes, string Reason);
