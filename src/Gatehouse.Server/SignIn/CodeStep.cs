using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/code</c>: the second step, a code from the telephone or (<c>&amp;way=recovery_code</c>) from paper. Wrong, used and
/// too many get one answer. Code, proofs and session are one transaction: what fails uses up nothing.
/// </summary>
internal static class CodeStep
{
    internal const string Path = "/signin/code", Way = "way";
    private static readonly TimeSpan throttledWindow = TimeSpan.FromMinutes(10);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, SecondStep step, SecondFactors factors, CancellationToken ct) =>
        !(await step.FindAsync(http, tenant, ct)).TryGet(out var halfWay, out var elsewhere) ? elsewhere
        : !halfWay.HasFactor ? SignInRun.SeeOther(tenant, SignInRun.Path(PasswordStep.Path, halfWay.Interaction.Id))
        : Show(halfWay, Chosen(http, factors), null);

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, SecondStep step, SecondFactors factors,
        SignInCompletion completion, SignInMetrics metrics, SessionDirectory sessions, RateLimit limits, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        // 1. The form, and a run whose first factor is proved.
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await step.FindAsync(http, tenant, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        var (interaction, user) = (halfWay.Interaction, halfWay.User);
        if (!halfWay.HasFactor) return SignInRun.SeeOther(tenant, SignInRun.Path(PasswordStep.Path, interaction.Id));
        var authenticator = Chosen(http, factors);
        if (form["code"].Length == 0) return Show(halfWay, authenticator, "code_missing");

        // 2. The attempt is counted before it is made.
        if (await factors.BeginAttemptAsync(tenant, user.Id, DeviceCookie.Hash(http, tenant), request, ct) is not { } attempt)
        {
            await using var throttled = await database.BeginAsync(tenant.Id, ct);
            if (await limits.TryTakeAsync(throttled, "second.audit", user.Id.ToString(), 1, throttledWindow, ct))
                await audit.AppendAsync(throttled, Refused(user.Id, authenticator, AuditOutcome.Denied, "throttled", request), ct);
            await throttled.CommitAsync(ct);
            return Show(halfWay, authenticator, "code_wrong");
        }

        // 3. Code, proofs and session, whole or not at all.
        string? secret = null;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            // The proofs first: whoever loses the run to another submit must not use up a code.
            if (!await step.SpendAsync(tx, halfWay, ct)) return SignInRun.SeeOther(tenant, SignInRun.Path(Path, interaction.Id));
            if (await factors.VerifyAsync(tx, attempt, authenticator, form["code"], ct))
            {
                secret = await completion.CompleteAsync(tx, tenant, http, user.Id, interaction, SecondStep.Methods(halfWay.Proved, authenticator), request, ct);
                if (!authenticator.IsFactor)
                {
                    await audit.AppendAsync(tx, new AuditEntry("recovery_code.used", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request), ct);
                    await TwoStepNotice.QueueAsync(tx, mailer, tenant, user, TwoStepNotice.RecoveryCodeUsed, LocaleChoice.For(http, tenant).Tag, ct);
                }
                await tx.CommitAsync(ct);
            }
        }
        if (secret is null)
        {
            await using var failed = await database.BeginAsync(tenant.Id, ct);
            await audit.AppendAsync(failed, Refused(user.Id, authenticator, AuditOutcome.Failure, "wrong_code", request), ct);
            await failed.CommitAsync(ct);
            return Show(halfWay, authenticator, "code_wrong");
        }
        metrics.Succeeded();
        sessions.SetCookie(http, tenant, secret);
        return new ContinueResult(tenant.Issuer + interaction.ReturnPath, SignInRun.Options(interaction));
    }

    private static IAuthenticator Chosen(HttpContext http, SecondFactors factors) => factors.Of(http.Request.Query[Way]);

    /// <summary>The actor is nobody: whoever typed it has proved half of it.</summary>
    private static AuditEntry Refused(UserId user, IAuthenticator authenticator, AuditOutcome outcome, string reason, RequestFacts request) =>
        new("session.refused", outcome, AuditActor.Anonymous, "user", user.ToString(), request,
            new Dictionary<string, string> { ["method"] = authenticator.Name, ["reason"] = reason });

    private static PageResult Show(HalfWay halfWay, IAuthenticator authenticator, string? problem) =>
        PageResult.Of<CodePage, CodeModel>(new(halfWay.Interaction.Id, halfWay.Name, halfWay.Interaction.Demand.ApplicationName, !authenticator.IsFactor, problem),
            SignInRun.Options(halfWay.Interaction, problem is null ? 200 : 422));
}

/// <param name="Recovery">Asks for a recovery code.</param>
public sealed record CodeModel(InteractionId Interaction, string Name, string? Application, bool Recovery, string? Problem);
