using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn.Recovering;

/// <summary>Who may ask for the recovery of her account, and by what.</summary>
/// <param name="Place">The run or the link: codes asked for here are good here.</param>
/// <param name="Proof">What she has proved beside her mailbox.</param>
/// <param name="OwnPassword">She has a password that would be a proof.</param>
/// <param name="HalfWay">Her sign-in, which waits for the second step; null: she came by a link.</param>
/// <param name="Token">The link to reset her password, by which she came.</param>
internal sealed record RecoverySubject(User User, Guid Place, RecoveryProof Proof, bool OwnPassword, HalfWay? HalfWay, string? Token)
{
    internal InteractionId? Interaction => HalfWay?.Interaction.Id;

    internal string Name => HalfWay?.Name ?? User.PrimaryEmail?.Address ?? User.Id.ToString();

    /// <summary>A path of these pages that is about her.</summary>
    internal string Path(string path) => Token is null ? SignInRun.Path(path, Interaction) : $"{path}?token={Token}";
}

/// <summary>
/// Finds whom a recovery is asked for: her whose sign-in in this browser waits for a second step, or her whose passkeys are all she had and who holds a link
/// to reset her password. Nobody else learns that there is such a thing for an account.
/// </summary>
internal sealed class RecoverySubjects(SignInRun runs, HalfWays halfWays, SignInPlan plan, StepPages pages, OneTimeLinks links, Recoveries recoveries, ResetCode reset, UserDirectory users, IDatabase database)
{
    /// <returns>Or what to answer instead: the step whose turn it is, or that the run or the link is over.</returns>
    internal async ValueTask<Result<RecoverySubject, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (!Recoveries.IsOffered(tenant)) return new Elsewhere(ErrorResult.Of(StatusCodes.Status404NotFound, "not_found"));
        return http.Request.Query["token"].ToString() is { Length: > 0 } token ? await ByLinkAsync(tenant, token, ct) : await ByRunAsync(http, tenant, ct);
    }

    private async ValueTask<Result<RecoverySubject, Elsewhere>> ByRunAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (!(await runs.FindAsync(http, tenant, ct)).TryGet(out var run, out var expired)) return new Elsewhere(expired);
        if (!(await halfWays.FindAsync(run, ct)).TryGet(out var halfWay, out var outcome)) return new Elsewhere(await pages.AnswerAsync(run, outcome, ct));
        await using var read = await database.ReadAsync(tenant.Id, ct);
        var open = (await plan.NextAsync(read, run, halfWay.User.Id, halfWay.Methods, null, ct)).Steps;
        if (!open.Any(step => step is TotpAuthenticator.AuthenticatorName or SmsAuthenticator.AuthenticatorName or RecoveryCodes.AuthenticatorName))
            return new Elsewhere(await pages.AnswerAsync(run, new StepOutcome.Next(open is [var next, ..] ? next : await plan.FirstAsync(run, ct)), ct));
        // Proved in this run: what an older session proved is not at hand.
        var here = halfWay.Proved.Proofs.Where(p => p.Session is null).Select(p => p.Method).ToList();
        var own = await recoveries.IsProofAsync(read, tenant, halfWay.User.Id, ct);
        var proof = own && here.Contains("pwd") ? RecoveryProof.Password : here.Contains("sms") ? RecoveryProof.Sms : RecoveryProof.None;
        return new RecoverySubject(halfWay.User, run.Interaction.Id.Value, proof, own && tenant.Settings.SignIn.Offers(SignInSettings.Password), halfWay, null);
    }

    private async ValueTask<Result<RecoverySubject, Elsewhere>> ByLinkAsync(TenantContext tenant, string token, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (await links.FindAsync(read, LinkPurpose.ResetPassword, token, ct) is not { UserId: { } id } link || OneTimeLinks.AlwaysResets(link.Payload)) return Invalid();
        if (await users.FindAsync(read, id, ct) is not { Status: UserStatus.Active } user || !await recoveries.ReplacesResetAsync(read, tenant, id, ct)) return Invalid();
        var phone = ResetOrigin.Parse(link.Payload).Phone;
        if (phone is { } number && !await reset.MayAsync(read, tenant, user, number, ct)) return Invalid();
        var place = SignUpCredentials.Subject(token);
        return new RecoverySubject(user, place, phone is null ? RecoveryProof.None : RecoveryProof.Sms, OwnPassword: false, null, token);
    }

    /// <summary>Uses up what she came by, in the transaction that sends the first message. False: it has been used meanwhile.</summary>
    internal async ValueTask<bool> SpendAsync(TenantTransaction tx, RecoverySubject subject, CancellationToken ct) =>
        subject.HalfWay is { } halfWay ? await halfWays.SpendAsync(tx, halfWay, ct)
        : await users.HoldActiveAsync(tx, subject.User.Id, ct) && await links.RedeemAsync(tx, LinkPurpose.ResetPassword, subject.Token, ct) is not null;

    internal static Elsewhere Invalid() =>
        new(PageResult.Of<LinkInvalidPage, LinkInvalidModel>(new(ForgotStep.Path), new PageOptions(StatusCodes.Status400BadRequest)));
}
