using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Protocols.Otp;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/enrol</c>, <c>GET /signin/enrol/qr.svg</c>: where the tenant requires a second step and the person has none, she sets
/// one up here, before there is a session. Never in place of one she has: the password alone must not be enough for that.
/// </summary>
internal static class EnrolStep
{
    internal const string Path = "/signin/enrol", ImagePath = "/signin/enrol/qr.svg";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapGet(ImagePath, ShowImageAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, SecondStep step, TotpAuthenticator totp, CancellationToken ct)
    {
        if (!(await FindAsync(http, tenant, step, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        return await PageAsync(http, tenant, database, halfWay, totp, null, ct);
    }

    private static async Task<IResult> ShowImageAsync(HttpContext http, TenantContext tenant, IDatabase database, SecondStep step, TotpAuthenticator totp, CancellationToken ct)
    {
        if (!(await FindAsync(http, tenant, step, ct)).TryGet(out var halfWay, out _)) return Results.NotFound();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await totp.FindPendingAsync(tx, halfWay.User.Id, DeviceCookie.Ensure(http, tenant), ct) is { } key
            ? QrImage.Of(OtpAuthUri.Of(tenant.DisplayName, halfWay.Name, key))
            : Results.NotFound();
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, SecondStep step, TotpAuthenticator totp,
        RecoveryCodes recovery, SignInCompletion completion, SignInMetrics metrics, SessionDirectory sessions, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await FindAsync(http, tenant, step, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        if (form["code"].Length == 0) return await PageAsync(http, tenant, database, halfWay, totp, "code_missing", ct);
        var (interaction, user) = (halfWay.Interaction, halfWay.User);

        IReadOnlyList<string> codes;
        string secret;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (!await step.SpendAsync(tx, halfWay, ct)) return SignInRun.SeeOther(tenant, SignInRun.Path(Path, interaction.Id));
            if (!await totp.ConfirmAsync(tx, user.Id, DeviceCookie.Ensure(http, tenant), form["code"], replace: false, ct)) secret = "";
            else secret = await completion.CompleteAsync(tx, tenant, http, user.Id, interaction, SecondStep.Methods(halfWay.Proved, totp), request, ct);
            codes = secret.Length == 0 ? [] : await recovery.RenewAsync(tx, user.Id, ct);
            if (secret.Length > 0)
            {
                await audit.AppendAsync(tx, new AuditEntry("second_step.added", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request,
                    new Dictionary<string, string> { ["method"] = totp.Name }), ct);
                await TwoStepNotice.QueueAsync(tx, mailer, tenant, user, TwoStepNotice.Added, LocaleChoice.For(http, tenant).Tag, ct);
                await tx.CommitAsync(ct);
            }
        }
        if (secret.Length == 0) return await PageAsync(http, tenant, database, halfWay, totp, "code_wrong", ct);
        metrics.Succeeded();
        sessions.SetCookie(http, tenant, secret);
        return PageResult.Of<EnrolledPage, EnrolledModel>(new(codes, tenant.Issuer + interaction.ReturnPath), SignInRun.Options(interaction));
    }

    /// <returns>A run in which this is the next step; else the way to the right one.</returns>
    private static async ValueTask<Result<HalfWay, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, SecondStep step, CancellationToken ct)
    {
        if (!(await step.FindAsync(http, tenant, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        return halfWay.HasFactor ? new Elsewhere(SignInRun.SeeOther(tenant, SignInRun.Path(CodeStep.Path, halfWay.Interaction.Id))) : halfWay;
    }

    private static async Task<IResult> PageAsync(HttpContext http, TenantContext tenant, IDatabase database, HalfWay halfWay, TotpAuthenticator totp, string? problem, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var key = await totp.EnrolAsync(tx, halfWay.User.Id, DeviceCookie.Ensure(http, tenant), ct);
        await tx.CommitAsync(ct);
        return PageResult.Of<EnrolPage, EnrolModel>(new(halfWay.Interaction.Id, halfWay.Name, KeyText.Grouped(KeyText.Encode(key)), problem),
            SignInRun.Options(halfWay.Interaction, problem is null ? 200 : 422));
    }
}

public sealed record EnrolModel(InteractionId Interaction, string Name, string Key, string? Problem);

/// <param name="Onward">Where the sign-in leads.</param>
public sealed record EnrolledModel(IReadOnlyList<string> Codes, string Onward);
