using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Recovering;

/// <summary>
/// Behind the links of a recovery's messages: <c>GET, POST /signin/recover/confirm</c> begins it, <c>…/cancel</c> ends it, <c>…/complete</c> removes what she has
/// lost. Looking changes nothing: mail scanners follow links. None of them gives a session.
/// </summary>
internal static class RecoverLinks
{
    private const string BegunPath = "/signin/recover/begun", CancelledPath = "/signin/recover/cancelled", DonePath = "/signin/recover/done";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(RecoveryNotices.ConfirmPath, ShowConfirmAsync);
        pages.MapPost(RecoveryNotices.ConfirmPath, ConfirmAsync);
        pages.MapGet(BegunPath, ShowBegun);
        pages.MapGet(RecoveryNotices.CancelPath, ShowCancelAsync);
        pages.MapPost(RecoveryNotices.CancelPath, CancelAsync);
        pages.MapGet(CancelledPath, static (TenantContext tenant) => RecoverStart.Note(RecoverNote.Cancelled));
        pages.MapGet(RecoveryNotices.CompletePath, ShowCompleteAsync);
        pages.MapPost(RecoveryNotices.CompletePath, CompleteAsync);
        pages.MapGet(DonePath, static (TenantContext tenant) => RecoverStart.Note(RecoverNote.Done));
    }

    private static async Task<IResult> ShowConfirmAsync(HttpContext http, TenantContext tenant, IDatabase database, Recoveries recoveries, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await recoveries.FindRequestAsync(tx, tenant, TokenOf(http), ct) is { } found
            ? PageResult.Of<RecoverLinkPage, RecoverLinkModel>(new(RecoverLink.Confirm, $"{RecoveryNotices.ConfirmPath}?token={TokenOf(http)}", found.Email.Address, found.Proof == RecoveryProof.None, false, null), Options(found.User))
            : RecoverySubjects.Invalid();
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, Recoveries recoveries, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        RecoveryRequest? found;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) found = await recoveries.FindRequestAsync(read, tenant, TokenOf(http), ct);
        if (found is null) return RecoverySubjects.Invalid();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await recoveries.StartAsync(tx, tenant, found, TokenOf(http), LocaleChoice.For(http, tenant).Tag, request, ct) is not { } begun) return RecoverySubjects.Invalid();
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, string.Create(CultureInfo.InvariantCulture, $"{BegunPath}?ready={begun.ReadyAt.ToUnixTimeSeconds()}&approval={(begun.NeedsApproval ? 1 : 0)}"));
    }

    /// <summary>What the address says of the time is shown and nothing else.</summary>
    private static PageResult ShowBegun(HttpContext http, TenantContext tenant)
    {
        var known = long.TryParse(http.Request.Query["ready"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800;
        return RecoverStart.Note(new(RecoverNote.UnderWay, known ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null, http.Request.Query["approval"] == "1", null), PageOptions.Default);
    }

    private static async Task<IResult> ShowCancelAsync(HttpContext http, TenantContext tenant, IDatabase database, Recoveries recoveries, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await recoveries.FindCancelAsync(tx, TokenOf(http), ct) is { } user
            ? PageResult.Of<RecoverLinkPage, RecoverLinkModel>(new(RecoverLink.Cancel, $"{RecoveryNotices.CancelPath}?token={TokenOf(http)}", user.PrimaryEmail?.Address ?? user.Id.ToString(), false, false, null), Options(user))
            : RecoverySubjects.Invalid();
    }

    private static async Task<IResult> CancelAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, Recoveries recoveries, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await recoveries.FindCancelAsync(tx, TokenOf(http), ct) is not { } user
            || !await recoveries.CancelAsync(tx, tenant, user.Id, AuditActor.User(user.Id), "link", LocaleChoice.For(http, tenant).Tag, request, ct)) return RecoverySubjects.Invalid();
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, CancelledPath);
    }

    private static async Task<IResult> ShowCompleteAsync(HttpContext http, TenantContext tenant, IDatabase database, RecoveryCompletion completion, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await completion.FindAsync(tx, tenant, TokenOf(http), ct) is { } ready ? AskCompletion(http, ready, null) : RecoverySubjects.Invalid();
    }

    private static async Task<IResult> CompleteAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, RecoveryCompletion completion, Passwords passwords, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        ReadyRecovery? ready;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) ready = await completion.FindAsync(read, tenant, TokenOf(http), ct);
        if (ready is null) return RecoverySubjects.Invalid();
        string? phc = null;
        if (ready.SetsPassword && !(await passwords.HashReplacementAsync(tenant, ready.User.Id, form["password"], ready.Email.Address, ct)).TryGet(out phc, out var problem)) return AskCompletion(http, ready, problem.Code);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await completion.CompleteAsync(tx, tenant, ready.User.Id, TokenOf(http), phc, LocaleChoice.For(http, tenant).Tag, request, ct)) return RecoverySubjects.Invalid();
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, DonePath);
    }

    private static PageResult AskCompletion(HttpContext http, ReadyRecovery ready, string? problem) => PageResult.Of<RecoverLinkPage, RecoverLinkModel>(
        new(RecoverLink.Complete, $"{RecoveryNotices.CompletePath}?token={TokenOf(http)}", ready.Email.Address, false, ready.SetsPassword, problem), Options(ready.User) with { Status = problem is null ? 200 : 422 });

    private static string TokenOf(HttpContext http) => http.Request.Query["token"].ToString();

    private static PageOptions Options(User user) => new(UiLocales: user.Locale is { } locale ? [locale] : null);
}

/// <summary>Which link it is that a page asks about.</summary>
public enum RecoverLink { Confirm, Cancel, Complete }

/// <param name="Action">Where the form goes, with the link's token.</param>
/// <param name="Account">Whose account it is.</param>
/// <param name="NeedsApproval">An administrator will have to say yes.</param>
/// <param name="SetsPassword">She has no password and sets one here.</param>
public sealed record RecoverLinkModel(RecoverLink Link, string Action, string Account, bool NeedsApproval, bool SetsPassword, string? Problem);
