using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.SignIn.Recovering;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/reset?token=…</c>, <c>GET /signin/reset/done</c>: behind the link of the reset message. Looking changes nothing.
/// A new password ends every session, proves the address that the link was sent to (one that an administrator handed over, or that a code by text
/// message gave, proves none), is
/// told to the person by mail, and is then used: whoever holds the mailbox does not by that alone hold a session.
/// </summary>
internal static class ResetStep
{
    internal const string Path = "/signin/reset", DonePath = "/signin/reset/done";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
        pages.MapGet(DonePath, ShowDoneAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, OneTimeLinks links, UserDirectory users, ResetCode reset, Recoveries recoveries, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var token = http.Request.Query["token"].ToString();
        if (await FindAsync(tx, tenant, links, users, reset, recoveries, token, ct) is not { } found) return Invalid();
        return found.Recovers ? SignInRun.SeeOther(tenant, $"{RecoverStart.Path}?token={token}") : Show(token, found.User, found.Email, null);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, OneTimeLinks links,
        UserDirectory users, Passwords passwords, ResetCode reset, Recoveries recoveries, SignInRun run, Interactions interactions, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        var token = http.Request.Query["token"].ToString();
        Found? found;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) found = await FindAsync(read, tenant, links, users, reset, recoveries, token, ct);
        if (found is not { Recovers: false } asked) return Invalid();
        var (user, email, sent, _) = asked;
        if (!(await passwords.HashReplacementAsync(tenant, user.Id, form["password"], email.Address, ct)).TryGet(out var phc, out var problem)) return Show(token, user, email, problem.Code);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await links.RedeemAsync(tx, LinkPurpose.ResetPassword, token, ct) is not { } link) return Invalid();
        var origin = ResetOrigin.Parse(link.Payload);
        // The number may have gone, or become her second step, while she was choosing.
        if (origin.Phone is { } phone && (await users.FindAsync(tx, user.Id, ct) is not { } now || !await reset.MayAsync(tx, tenant, now, phone, ct))) return Invalid();
        await passwords.SetByLinkAsync(tx, user.Id, phc, ct);
        // The link came through that mailbox, so it is hers. Gone meanwhile: the link was void with it.
        if (sent && !email.Verified && !await users.VerifyEmailAsync(tx, user.Id, email.Id, ct)) return Invalid();
        await audit.AppendAsync(tx, new AuditEntry("password.reset", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request), ct);
        await PasswordNotice.QueueAsync(tx, mailer, tenant, user, email, LocaleChoice.For(http, tenant).Tag, ct);
        var interaction = await run.FindIfAnyAsync(tx, http, tenant, origin.Run, ct);
        if (interaction is not null) await interactions.RememberIdentifierAsync(tx, interaction.Id, email.Address, ct);
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(DonePath, interaction?.Id));
    }

    private static async Task<IResult> ShowDoneAsync(HttpContext http, TenantContext tenant, SignInRun run, CancellationToken ct)
    {
        var interaction = await run.FindIfAnyAsync(http, tenant, ct);
        return PageResult.Of<ResetDonePage, ResetDoneModel>(new(interaction?.Id), SignInRun.Options(interaction));
    }

    /// <summary>Whose password it would set; null for a link that is used, old, void or meant for nobody.</summary>
    private static async ValueTask<Found?> FindAsync(TenantTransaction tx, TenantContext tenant, OneTimeLinks links, UserDirectory users, ResetCode reset, Recoveries recoveries, string token, CancellationToken ct)
    {
        if (await links.FindAsync(tx, LinkPurpose.ResetPassword, token, ct) is not { UserId: { } id } link) return null;
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active } user) return null;
        if (ResetOrigin.Parse(link.Payload).Phone is { } phone && !await reset.MayAsync(tx, tenant, user, phone, ct)) return null;
        if ((link.EmailId is { } sentTo ? user.Emails.FirstOrDefault(e => e.Id == sentTo) : user.PrimaryEmail) is not { } email) return null;
        // Who signs in by passkeys alone is recovered, unless an administrator decided otherwise or she had a password a moment ago.
        return new(user, email, link.EmailId is not null, !OneTimeLinks.AlwaysResets(link.Payload) && await recoveries.ReplacesResetAsync(tx, tenant, id, ct));
    }

    private static PageResult Invalid() => PageResult.Of<LinkInvalidPage, LinkInvalidModel>(new(ForgotStep.Path), new PageOptions(StatusCodes.Status400BadRequest));

    private static PageResult Show(string token, User user, UserEmail email, string? problem) =>
        PageResult.Of<ChoosePasswordPage, ChoosePasswordModel>(new($"{Path}?token={token}", email.Address, IsNewAccount: false, problem),
            new PageOptions(problem is null ? 200 : 422, user.Locale is { } locale ? [locale] : null));

    /// <param name="Sent">By mail: it proves the address.</param>
    /// <param name="Recovers">It sets no password, but begins a recovery.</param>
    private sealed record Found(User User, UserEmail Email, bool Sent, bool Recovers);
}

public sealed record ResetDoneModel(InteractionId? Interaction);
