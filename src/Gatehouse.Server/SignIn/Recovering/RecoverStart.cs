using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Protocols.E164;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn.Recovering;

/// <summary>
/// <c>GET, POST /signin/recover</c>: for who cannot give the second step that she is asked for, or has lost the passkeys that were all she had. Explains,
/// asks for a proof beside her mailbox where none was given, and mails the link that begins it. <c>POST …/text</c>: has a code sent as that proof;
/// <c>POST …/again</c>: has the last link sent once more.
/// </summary>
internal sealed class RecoverStart(RecoverySubjects subjects, Recoveries recoveries, RecoveryPhone phones, RateLimit limits, Refusals refusals, IDatabase database, TimeProvider clock)
{
    internal const string Path = "/signin/recover", TextPath = "/signin/recover/text", AgainPath = "/signin/recover/again", SentPath = "/signin/recover/sent";
    internal const string Way = "way", ByAdministrator = "administrator";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, static (HttpContext http, TenantContext tenant, RecoverStart self, CancellationToken ct) => self.ShowAsync(http, tenant, ct));
        pages.MapPost(Path, static (HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, RecoverStart self, CancellationToken ct) => self.SubmitAsync(http, tenant, request, forms, ct));
        pages.MapPost(TextPath, static (HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, RecoverStart self, CancellationToken ct) => self.TextAsync(http, tenant, request, forms, ct));
        pages.MapPost(AgainPath, static (HttpContext http, TenantContext tenant, Forms forms, RecoverStart self, CancellationToken ct) => self.AgainAsync(http, tenant, forms, ct));
        pages.MapGet(SentPath, static (TenantContext tenant) => Note(RecoverNote.Sent));
    }

    private async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, CancellationToken ct) =>
        (await subjects.FindAsync(http, tenant, ct)).TryGet(out var subject, out var elsewhere) ? await AskAsync(tenant, subject, null, ct) : elsewhere;

    private async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await subjects.FindAsync(http, tenant, ct)).TryGet(out var subject, out var elsewhere)) return elsewhere;

        // 1. The proof beside the mailbox: given before, a code, or an administrator's yes, later.
        var (proof, number, attempt) = (subject.Proof, default(PhoneNumber), default(CodeAttempt));
        if (proof == RecoveryProof.None && form[Way] != ByAdministrator)
        {
            if (form["code"].Length == 0) return await AskAsync(tenant, subject, "code_missing", ct);
            await using (var read = await database.ReadAsync(tenant.Id, ct))
            {
                if (await phones.FindAsync(read, tenant, subject.User, ct) is not { } found) return await AskAsync(tenant, subject, null, ct);
                number = found;
            }
            if ((attempt = await phones.BeginAsync(tenant, subject.User.Id, subject.Place, number, DeviceCookie.Hash(http, tenant), request, ct)) is null)
                return await RefuseAsync(tenant, subject, "throttled", request, ct);
            proof = RecoveryProof.Sms;
        }

        // 2. What she came by, the code and the message, whole or not at all.
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (!await MailBudget.TryTakeAsync(tx, limits, "recovery.ip", request, ct)) return MailBudget.Exhausted();
            if (!await subjects.SpendAsync(tx, subject, ct)) return SignInRun.SeeOther(tenant, subject.Path(Path));
            if (attempt is null || await phones.RedeemAsync(tx, tenant, subject.User, attempt, number, form["code"], ct))
            {
                var answer = await recoveries.RequestAsync(tx, tenant, subject.User.Id, proof, LocaleChoice.For(http, tenant, null, subject.Interaction).Tag, request, ct);
                if (answer == RecoveryAnswer.Sent) await tx.CommitAsync(ct);
                return answer switch
                {
                    RecoveryAnswer.Sent => SignInRun.SeeOther(tenant, SentPath),
                    RecoveryAnswer.TooMany => MailBudget.Exhausted(),
                    RecoveryAnswer.NoMailbox => Note(RecoverNote.NoMailbox),
                    _ => SignInRun.SeeOther(tenant, subject.Path(Path)),
                };
            }
        }
        return await RefuseAsync(tenant, subject, "wrong_code", request, ct);
    }

    private async Task<IResult> TextAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await subjects.FindAsync(http, tenant, ct)).TryGet(out var subject, out var elsewhere)) return elsewhere;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await phones.SendAsync(tx, tenant, subject.User, subject.Place, LocaleChoice.For(http, tenant, null, subject.Interaction).Tag, request, ct)) await tx.CommitAsync(ct);
        }
        return SignInRun.SeeOther(tenant, subject.Path(Path));
    }

    private async Task<IResult> AgainAsync(HttpContext http, TenantContext tenant, Forms forms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await subjects.FindAsync(http, tenant, ct)).TryGet(out var subject, out var elsewhere)) return elsewhere;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await recoveries.ResendAsync(tx, tenant, subject.User.Id, LocaleChoice.For(http, tenant, null, subject.Interaction).Tag, ct)) await tx.CommitAsync(ct);
        }
        // The page says the same whether or not anything was sent.
        return SignInRun.SeeOther(tenant, SentPath);
    }

    private async ValueTask<IResult> AskAsync(TenantContext tenant, RecoverySubject subject, string? problem, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(tenant.Id, ct);
        var options = new PageOptions(problem is null ? 200 : 422, subject.HalfWay?.Interaction.Demand.UiLocales, subject.Interaction);
        if (await recoveries.FindAsync(read, subject.User.Id, ct) is { } under)
            return Note(new RecoverNoteModel(RecoverNote.UnderWay, under.ReadyAt, under.NeedsApproval, under.IsReady(clock.Now()) ? subject.Path(AgainPath) : null), options);
        var number = subject.Proof == RecoveryProof.None ? await phones.FindAsync(read, tenant, subject.User, ct) : null;
        var sent = number is not null && await phones.WasSentAsync(read, tenant, subject.User, subject.Place, ct);
        return PageResult.Of<RecoverPage, RecoverModel>(new(subject.Interaction, subject.Name, subject.Path(Path), subject.Path(TextPath), subject.Proof != RecoveryProof.None,
            number?.Masked, sent, subject is { Proof: RecoveryProof.None, OwnPassword: true } ? SignInRun.Path(PasswordStep.PagePath, subject.Interaction) : null, problem), options);
    }

    private async ValueTask<IResult> RefuseAsync(TenantContext tenant, RecoverySubject subject, string reason, RequestFacts request, CancellationToken ct)
    {
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            await refusals.RecordAsync(tx, new AuditEntry("recovery.refused", AuditOutcome.Failure, AuditActor.Anonymous, "user", subject.User.Id.ToString(), request,
                new Dictionary<string, string> { ["method"] = "sms", ["reason"] = reason }), reason == "throttled", ct);
            await tx.CommitAsync(ct);
        }
        return await AskAsync(tenant, subject, "code_wrong", ct);
    }

    internal static PageResult Note(RecoverNote note) => Note(new(note, null, false, null), PageOptions.Default);

    internal static PageResult Note(RecoverNoteModel model, PageOptions options) => PageResult.Of<RecoverNotePage, RecoverNoteModel>(model, options);
}

/// <param name="Name">Whose account it is.</param>
/// <param name="Action">Where the form goes that asks for it.</param>
/// <param name="TextAction">Where a code by text message is asked for.</param>
/// <param name="Proved">Something beside the mailbox is proved: one press asks for it.</param>
/// <param name="Number">Where a code would go, as it may be shown; null: nowhere.</param>
/// <param name="Sent">A code can be typed.</param>
/// <param name="PasswordPath">Where she could prove her password instead; null: that would not do.</param>
public sealed record RecoverModel(InteractionId? Interaction, string Name, string Action, string TextAction, bool Proved, string? Number, bool Sent, string? PasswordPath, string? Problem);

/// <summary>What a page says that asks nothing.</summary>
public enum RecoverNote { Sent, NoMailbox, UnderWay, Cancelled, Done }

/// <param name="ReadyAt">From when on it can be completed.</param>
/// <param name="NeedsApproval">An administrator has to say yes.</param>
/// <param name="AgainAction">Where the last link is sent from once more; null: it is not its time.</param>
public sealed record RecoverNoteModel(RecoverNote Note, DateTimeOffset? ReadyAt, bool NeedsApproval, string? AgainAction);
