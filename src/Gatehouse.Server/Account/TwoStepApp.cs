using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Protocols.Otp;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET, POST /account/two-step/app</c>, <c>GET …/app/qr.svg</c>: sets up a code app, or another one in place of hers. After a fresh proof; the
/// key belongs to this browser until a code confirms it. The answer to a right code shows the recovery codes and is no redirect: there
/// is nowhere to read them from again.
/// </summary>
internal static class TwoStepApp
{
    internal const string Path = "/account/two-step/app", ImagePath = "/account/two-step/app/qr.svg";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/two-step/app", ShowAsync);
        account.MapGet("/two-step/app/qr.svg", ShowImageAsync);
        account.MapPost("/two-step/app", SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, TotpAuthenticator totp, CancellationToken ct) =>
        (await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? await PageAsync(http, tenant, database, visitor, totp, null, ct)
            : signIn;

    private static async Task<IResult> ShowImageAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, TotpAuthenticator totp, SessionDirectory sessions, CancellationToken ct)
    {
        // An image begins no sign-in: who is not signed in gets nothing.
        if (await sessions.FindCurrentAsync(http, tenant, ct) is null) return Results.NotFound();
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out _)) return Results.NotFound();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await totp.FindPendingAsync(tx, visitor.User.Id, DeviceCookie.Ensure(http, tenant), ct) is { } key
            ? QrImage.Of(OtpAuthUri.Of(tenant.DisplayName, visitor.Name, key))
            : Results.NotFound();
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database, TotpAuthenticator totp,
        RecoveryCodes recovery, SessionDirectory sessions, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (form["code"].Length == 0) return await PageAsync(http, tenant, database, visitor, totp, "code_missing", ct);

        var user = visitor.User;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await totp.ConfirmAsync(tx, user.Id, DeviceCookie.Ensure(http, tenant), form["code"], replace: true, ct))
            {
                var codes = await recovery.RenewAsync(tx, user.Id, ct);
                // She has now proved both: the session says so, with a new secret. It grows no younger by a code of a key that was made a moment ago.
                var (_, secret) = await sessions.StartAsync(tx, tenant, user.Id, Assurance.Combine(visitor.Session.Methods.Concat(totp.Methods)), visitor.Session.AuthenticatedAt, http, ct);
                await audit.AppendAsync(tx, new AuditEntry("second_step.added", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request,
                    new Dictionary<string, string> { ["method"] = totp.Name }), ct);
                await TwoStepNotice.QueueAsync(tx, mailer, tenant, user, TwoStepNotice.Added, LocaleChoice.For(http, tenant).Tag, ct);
                await tx.CommitAsync(ct);
                sessions.SetCookie(http, tenant, secret);
                return PageResult.Of<TwoStepCodesPage, TwoStepCodesModel>(new(visitor.Name, codes, TurnedOn: true));
            }
        }
        return await PageAsync(http, tenant, database, visitor, totp, "code_wrong", ct);
    }

    private static async Task<IResult> PageAsync(HttpContext http, TenantContext tenant, IDatabase database, Visitor visitor, TotpAuthenticator totp, string? problem, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var key = await totp.EnrolAsync(tx, visitor.User.Id, DeviceCookie.Ensure(http, tenant), ct);
        await tx.CommitAsync(ct);
        return PageResult.Of<TwoStepAppPage, TwoStepAppModel>(new(visitor.Name, KeyText.Grouped(KeyText.Encode(key)), problem), new PageOptions(problem is null ? 200 : 422));
    }
}

public sealed record TwoStepAppModel(string Name, string Key, string? Problem);
