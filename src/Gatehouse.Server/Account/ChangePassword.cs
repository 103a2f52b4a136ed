using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET, POST /account/password</c>: a new password for the old one. Ends every other session; this one goes on with a new secret, so
/// that a stolen cookie is worth nothing afterwards either.
/// </summary>
internal static class ChangePassword
{
    internal const string Path = "/account/password";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/password", ShowAsync);
        account.MapPost("/password", SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? Show(visitor, null, null, http.Request.Query.ContainsKey("changed"))
            : signIn;

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database,
        Passwords passwords, SessionDirectory sessions, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var (user, email) = (visitor.User, visitor.User.PrimaryEmail);
        if (form["current"].Length == 0) return Show(visitor, "current", "password_missing", false);
        if (passwords.CheckPolicy(tenant, form["new"], email?.Address) is { } weak) return Show(visitor, "new", weak.Code, false);

        DateTimeOffset? changedAt;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) changedAt = await passwords.ChangedAtAsync(read, user.Id, ct);
        var verdict = await passwords.VerifyAsync(tenant, user, email?.Normalized ?? user.Id.ToString(), form["current"], DeviceCookie.Hash(http, tenant), request, ct);
        var entry = new AuditEntry("password.changed", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request);
        if (verdict != PasswordVerdict.Right)
        {
            await using var failed = await database.BeginAsync(tenant.Id, ct);
            var reason = verdict == PasswordVerdict.Throttled ? "throttled" : "wrong_password";
            await audit.AppendAsync(failed, entry with { Outcome = AuditOutcome.Failure, Details = new Dictionary<string, string> { ["reason"] = reason } }, ct);
            await failed.CommitAsync(ct);
            return Show(visitor, "current", "current_wrong", false);
        }
        if (!(await passwords.HashReplacementAsync(tenant, user.Id, form["new"], email?.Address, ct)).TryGet(out var phc, out var refused)) return Show(visitor, "new", refused.Code, false);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Somebody reset it meanwhile: whoever knew the old one must not have the last word.
        if (!(changedAt is { } set && await passwords.HoldAsync(tx, user.Id, set, ct))) return Show(visitor, "current", "current_wrong", false);
        await passwords.SetAsync(tx, user.Id, phc, visitor.Session.Id, ct);
        // Not a new sign-in: a password alone must neither renew nor replace what a second step proved.
        var secret = await sessions.RotateAsync(tx, tenant, visitor.Session.Id, http, ct);
        await audit.AppendAsync(tx, entry, ct);
        if (email is not null)
        {
            await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "password_changed", user.Locale ?? LocaleChoice.For(http, tenant).Tag,
                new Dictionary<string, string> { ["link"] = tenant.Url("/signin/forgot") }), ct);
        }
        await tx.CommitAsync(ct);
        if (secret is not null) sessions.SetCookie(http, tenant, secret);
        return new SeeOther($"{tenant.PathBase}{Path}?changed=1");
    }

    private static PageResult Show(Visitor visitor, string? field, string? problem, bool changed) =>
        PageResult.Of<PasswordChangePage, PasswordChangeModel>(new(visitor.Name, field, problem, changed), new PageOptions(problem is null ? 200 : 422));
}

/// <param name="Field">Where <paramref name="Problem"/> stands.</param>
/// <param name="Changed">It has just been done.</param>
public sealed record PasswordChangeModel(string Name, string? Field, string? Problem, bool Changed);
