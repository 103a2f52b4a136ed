using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Account;

/// <summary>
/// A new password for the old one, or a first one. Ends every other session; the one she is in goes on, in a browser with a new secret, so that a stolen
/// cookie is worth nothing afterwards either.
/// </summary>
internal sealed class MyPassword(IDatabase database, Passwords passwords, SessionDirectory sessions, Mailer mailer, AuditLog audit)
{
    /// <returns>Null when it is done; 422 <c>password_missing</c>, <c>current_wrong</c> (also after too many attempts), <c>password_…</c>; 503 <c>busy</c>.</returns>
    internal async ValueTask<Problem?> ChangeAsync(Own me, HttpContext http, string? current, string? wanted, CancellationToken ct)
    {
        var (user, email) = (me.Visitor.User, me.Visitor.User.PrimaryEmail);
        DateTimeOffset? changedAt;
        await using (var read = await database.ReadAsync(me.Tenant.Id, ct)) changedAt = await passwords.ChangedAtAsync(read, user.Id, ct);
        // Who has none has just proved who she is by something else: both doors see to that.
        if (changedAt is null) return await SetFirstAsync(me, http, wanted, ct);
        if (string.IsNullOrEmpty(current)) return Problem.Invalid("password_missing", "Send your current password.", "current");
        if (passwords.CheckPolicy(me.Tenant, wanted ?? "", email?.Address) is { } weak) return weak with { Field = "new" };

        var verdict = await passwords.VerifyAsync(me.Tenant, user, email?.Normalized ?? user.Id.ToString(), current, DeviceCookie.Hash(http, me.Tenant), me.Request, ct);
        if (verdict != PasswordVerdict.Right)
        {
            await using var failed = await database.BeginAsync(me.Tenant.Id, ct);
            var reason = verdict == PasswordVerdict.Throttled ? "throttled" : "wrong_password";
            await audit.AppendAsync(failed, me.Entry("password.changed") with { Outcome = AuditOutcome.Failure, Details = new Dictionary<string, string> { ["reason"] = reason } }, ct);
            await failed.CommitAsync(ct);
            return CurrentWrong;
        }
        if (!(await passwords.HashReplacementAsync(me.Tenant, user.Id, wanted!, email?.Address, ct)).TryGet(out var phc, out var refused)) return refused with { Field = "new" };

        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        // Somebody reset it meanwhile: whoever knew the old one must not have the last word.
        if (!(changedAt is { } set && await passwords.HoldAsync(tx, user.Id, set, ct))) return CurrentWrong;
        await passwords.SetAsync(tx, user.Id, phc, me.Visitor.Session.Id, ct);
        // Not a new sign-in: a password alone must neither renew nor replace what a second step proved.
        var secret = await sessions.RotateAsync(tx, me.Tenant, me.Visitor.Session.Id, http, ct);
        await audit.AppendAsync(tx, me.Entry("password.changed"), ct);
        await PasswordNotice.QueueAsync(tx, mailer, me.Tenant, user, email, me.Language, ct);
        await tx.CommitAsync(ct);
        if (secret is not null) sessions.SetCookie(http, me.Tenant, secret);
        return null;
    }

    /// <summary>Whether she has one.</summary>
    internal async ValueTask<bool> HasAsync(Own me, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(me.Tenant.Id, ct);
        return await passwords.ChangedAtAsync(read, me.Id, ct) is not null;
    }

    private async ValueTask<Problem?> SetFirstAsync(Own me, HttpContext http, string? wanted, CancellationToken ct)
    {
        var (user, email) = (me.Visitor.User, me.Visitor.User.PrimaryEmail);
        if (!(await passwords.HashNewAsync(me.Tenant, wanted ?? "", email?.Address, ct)).TryGet(out var phc, out var refused)) return refused with { Field = "new" };
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        await passwords.SetAsync(tx, user.Id, phc, me.Visitor.Session.Id, ct);
        var secret = await sessions.RotateAsync(tx, me.Tenant, me.Visitor.Session.Id, http, ct);
        await audit.AppendAsync(tx, me.Entry("password.changed") with { Details = new Dictionary<string, string> { ["reason"] = "first" } }, ct);
        await PasswordNotice.QueueAsync(tx, mailer, me.Tenant, user, email, me.Language, ct);
        await tx.CommitAsync(ct);
        if (secret is not null) sessions.SetCookie(http, me.Tenant, secret);
        return null;
    }

    private static Problem CurrentWrong { get; } = Problem.Invalid("current_wrong", "This is not your current password, or there were too many attempts. Check it, or wait a few minutes.", "current");
}
