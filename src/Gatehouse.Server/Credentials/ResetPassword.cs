using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>
/// <c>POST /api/v1/users/{id}/password-reset</c>: an administrator has a user choose a new password, without ever knowing one: by a link that
/// works once, mailed to her or handed over by the administrator. Either way she is told by mail; older links end.
/// </summary>
internal static class ResetPassword
{
    internal const string ByMail = "mail", ByLink = "link";
    private const int LeastSeconds = 300, MostSeconds = 86_400, UsualSeconds = 3600;

    /// <param name="Delivery"><c>mail</c> (default): to her primary address. <c>link</c>: in the answer, to be handed over.</param>
    /// <param name="Revoke">Her present password stops working and every session ends, now and not when she chooses another.</param>
    /// <param name="ExpiresIn">How long the link works, seconds, 300 to 86400; default 3600.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Delivery = null, bool Revoke = false, int? ExpiresIn = null);

    /// <param name="Link">Opens her account to whoever holds it; null when it was mailed.</param>
    internal sealed record Response(string Delivery, DateTimeOffset ExpiresAt, string? Link);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/{id}/password-reset", HandleAsync).WithName("users.password.reset").WithSummary("Have a user choose a new password").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>user_disabled</c>, <c>user_without_email</c>; 422 <c>delivery_invalid</c>, <c>expires_in_invalid</c>; 429 <c>mail_limit</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, Passwords passwords, OneTimeLinks links, ICallerGuard guard, Mailer mailer, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        var delivery = request.Delivery ?? ByMail;
        if (delivery is not (ByMail or ByLink)) return Problem.Invalid("delivery_invalid", $"delivery is {ByMail} or {ByLink}.", "delivery").ToHttp();
        var seconds = request.ExpiresIn ?? UsualSeconds;
        if (seconds is < LeastSeconds or > MostSeconds) return Problem.Invalid("expires_in_invalid", $"expires_in is from {LeastSeconds} to {MostSeconds} seconds.", "expires_in").ToHttp();

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Also for another tenant's user: existence there is not ours to tell.
        if (!UserId.TryParse(id, out var userId) || await users.FindAsync(tx, userId, ct) is not { } user)
            return Problem.NotFound("user_not_found", "There is no such user in this tenant.").ToHttp();
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        if (user.Status != UserStatus.Active) return Problem.Conflict("user_disabled", "She is disabled: enable her first.").ToHttp();
        if (user.PrimaryEmail is not { } email) return Problem.Conflict("user_without_email", "She has no e-mail address to sign in with or to be told at.").ToHttp();

        if (request.Revoke) await passwords.VoidAsync(tx, userId, ct);
        var lifetime = TimeSpan.FromSeconds(seconds);
        // A link that is handed over names no address: whoever uses it has not shown that she reads any mail.
        var token = await links.IssueAsync(tx, LinkPurpose.ResetPassword, userId, delivery == ByMail ? email.Id : null, OneTimeLinks.ByAdministrator, lifetime, ct);
        await links.VoidOthersAsync(tx, LinkPurpose.ResetPassword, userId, token, ct);
        var link = tenant.Url($"/signin/reset?token={token}");
        var mail = delivery == ByMail
            ? new Mail(email.Address, "administrator_reset", user.Locale ?? tenant.Settings.Locales.Default,
                new Dictionary<string, string> { ["link"] = link, ["minutes"] = (seconds / 60).ToString(System.Globalization.CultureInfo.InvariantCulture) })
            : new Mail(email.Address, "administrator_reset_notice", user.Locale ?? tenant.Settings.Locales.Default, new Dictionary<string, string> { ["link"] = tenant.Url("/signin/forgot") });
        // Nothing is done by halves: without the mail there is no link, and the password stays.
        if (!await mailer.QueueAsync(tx, tenant, mail, ct) && delivery == ByMail)
            return Problem.TooMany("mail_limit", "Her address has had its share of mail for this hour, or cannot be mailed to. Wait, or hand the link over yourself (delivery: link).").ToHttp();
        await audit.AppendAsync(tx, new("password.reset_issued", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts,
            new Dictionary<string, string> { ["delivery"] = delivery, ["revoked"] = request.Revoke ? "true" : "false" }), ct);
        await tx.CommitAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(delivery, clock.Now() + lifetime, delivery == ByLink ? link : null));
    }
}
