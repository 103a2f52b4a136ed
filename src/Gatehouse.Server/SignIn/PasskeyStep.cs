using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>POST /signin/passkey</c>: a passkey instead of address and password, on the first page. Unknown passkeys, wrong answers, disabled users
/// and too many attempts get one answer; only the audit knows which it was.
/// </summary>
internal static class PasskeyStep
{
    internal const string Path = "/signin/passkey";
    internal static readonly string[] Fields = ["id", "client_data", "data", "signature", "user_handle"];
    private static readonly TimeSpan ThrottledWindow = TimeSpan.FromMinutes(10);

    internal static void Map(IEndpointRouteBuilder pages) => pages.MapPost(Path, SubmitAsync);

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, SignInRun run,
        UserDirectory users, Passkeys passkeys, SessionDirectory sessions, SignInCompletion completion, SecondStep second, Interactions interactions, SignInMetrics metrics, RateLimit limits, AuditLog audit, CancellationToken ct)
    {
        // 1. The form and the run it belongs to, whose challenge was signed.
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await run.FindAsync(tx, http, tenant, ct)).TryGet(out var interaction, out var expired)) return expired;

        // 2. The proof, and whether she may sign in, and here.
        var sent = new PasskeyForm(form["id"], form["client_data"], form["data"], form["signature"], form["user_handle"], "");
        var result = await passkeys.VerifyAsync(tx, tenant, interaction.Id.Value, sent, request, ct);
        if (result.TryGet(out var proof, out var refused))
        {
            if (!await users.HoldActiveAsync(tx, proof.UserId, ct))
            {
                refused = new("passkey_refused", "user_disabled", proof.UserId);
                await passkeys.CountFailureAsync(tx, tenant, request, ct);
            }
            else if (interaction.Demand.RequiredUser is { } required && required != proof.UserId) refused = new("wrong_account", "wrong_account", proof.UserId);
        }

        // 3. What follows from it, whole or not at all; the challenge is used up either way.
        if (refused is not null)
        {
            // Of throttled attempts the first of a window is written down: the rest would let a stranger fill the audit at no cost.
            if (refused.Reason != "throttled" || await limits.TryTakeAsync(tx, "throttled.audit", RateLimit.AddressKey(request.IpAddress), 1, ThrottledWindow, ct))
                await audit.AppendAsync(tx, Failure(refused, request), ct);
            var page = await IdentifierStep.PageAsync(tx, tenant, passkeys, interaction, interaction.Identifier ?? interaction.Demand.LoginHint, refused.Code, ct);
            await tx.CommitAsync(ct);
            metrics.RefusedPasskey();
            return page;
        }
        // Where the device did not verify her, it is one factor like a password, and what follows a password follows it.
        if (!proof!.Methods.Contains("mfa", StringComparer.Ordinal) && await second.PathAsync(tx, tenant, proof.UserId, ct) is { } next)
        {
            if (await interactions.ProveAsync(tx, interaction, proof.UserId, proof.Methods, ct)) await tx.CommitAsync(ct);
            return SignInRun.SeeOther(tenant, SignInRun.Path(next, interaction.Id));
        }
        var secret = await completion.CompleteAsync(tx, tenant, http, proof.UserId, interaction, proof.Methods, request, ct);
        await tx.CommitAsync(ct);
        metrics.Succeeded();

        sessions.SetCookie(http, tenant, secret);
        return new ContinueResult(tenant.Issuer + interaction.ReturnPath, SignInRun.Options(interaction));
    }

    private static AuditEntry Failure(PasskeyRefusal refused, RequestFacts request) =>
        new("session.refused", refused.Reason is "throttled" or "user_disabled" or "wrong_account" ? AuditOutcome.Denied : AuditOutcome.Failure, AuditActor.Anonymous,
            refused.UserId is null ? null : "user", refused.UserId?.ToString(), request, new Dictionary<string, string> { ["method"] = "passkey", ["reason"] = refused.Reason });
}
