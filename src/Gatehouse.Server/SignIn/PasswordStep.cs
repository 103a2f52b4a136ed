using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/password</c>: the account's password. Known and unknown addresses, wrong passwords, disabled users and too many
/// attempts get one answer after one amount of work; only the audit knows which it was.
/// </summary>
internal static class PasswordStep
{
    internal const string Path = "/signin/password";
    private static readonly TimeSpan ThrottledWindow = TimeSpan.FromMinutes(10);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, SignInRun run, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!(await run.FindAsync(tx, http, tenant, ct)).TryGet(out var interaction, out var expired)) return expired;
        return interaction.Identifier is { } identifier
            ? Show(interaction, identifier, null)
            : SignInRun.SeeOther(tenant, SignInRun.Path(IdentifierStep.Path, interaction.Id));
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, IDatabase database, SignInRun run,
        UserDirectory users, Passwords passwords, SessionDirectory sessions, SecondStep second, Interactions interactions, SignInCompletion completion, SignInMetrics metrics, RateLimit limits, AuditLog audit, CancellationToken ct)
    {
        // 1. The form, the run it belongs to, and whose account that is about.
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        Interaction? interaction;
        EmailAddress address;
        User? user;
        DateTimeOffset? changedAt;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            if (!(await run.FindAsync(read, http, tenant, ct)).TryGet(out interaction, out var expired)) return expired;
            if (!EmailAddress.Parse(interaction.Identifier).TryGet(out address, out _))
                return SignInRun.SeeOther(tenant, SignInRun.Path(IdentifierStep.Path, interaction.Id));
            user = await users.FindByEmailAsync(read, address, ct);
            changedAt = await passwords.ChangedAtAsync(read, user?.Id ?? default, ct);      // asked for nobody as well
        }
        if (form["password"].Length == 0) return Show(interaction, address.Address, "password_missing");

        // 2. The proof. Outside every transaction: it takes milliseconds and waits its turn.
        var verdict = await passwords.VerifyAsync(tenant, user, address.Normalized, form["password"], DeviceCookie.Hash(http, tenant), request, ct);
        var problem = verdict != PasswordVerdict.Right || user is null ? "credentials_wrong"
            : interaction.Demand.RequiredUser is { } required && required != user.Id ? "wrong_account"
            : null;

        // 3. What follows from it, whole or not at all.
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // She may have been disabled, or have set another password, while this one waited for its turn; her sessions have ended then.
        if (problem is null && !(changedAt is { } set && await passwords.HoldAsync(tx, user!.Id, set, ct) && await users.HoldActiveAsync(tx, user.Id, ct)))
            problem = "credentials_wrong";
        if (problem is not null)
        {
            // Of throttled attempts the first of a window is written down: the rest would let a stranger fill the audit at no cost.
            if (verdict != PasswordVerdict.Throttled || await limits.TryTakeAsync(tx, "throttled.audit", user?.Id.ToString() ?? RateLimit.AddressKey(request.IpAddress), 1, ThrottledWindow, ct))
                await audit.AppendAsync(tx, Failure(user, verdict, problem, request), ct);
            await tx.CommitAsync(ct);
            metrics.Refused(verdict);
            return Show(interaction, address.Address, problem);
        }
        if (await second.PathAsync(tx, tenant, user!.Id, ct) is { } next)
        {
            // Where another submit of this run was faster, the page that follows shows what holds now.
            if (await interactions.ProveAsync(tx, interaction, user.Id, ["pwd"], ct)) await tx.CommitAsync(ct);
            return SignInRun.SeeOther(tenant, SignInRun.Path(next, interaction.Id));
        }
        var secret = await completion.CompleteAsync(tx, tenant, http, user.Id, interaction, ["pwd"], request, ct);
        await tx.CommitAsync(ct);
        metrics.Succeeded();

        sessions.SetCookie(http, tenant, secret);
        return new ContinueResult(tenant.Issuer + interaction.ReturnPath, SignInRun.Options(interaction));
    }

    /// <summary>The actor is nobody: whoever typed it has proved nothing. Unknown addresses are not written down: people type passwords there.</summary>
    private static AuditEntry Failure(User? user, PasswordVerdict verdict, string problem, RequestFacts request) =>
        new("session.refused", verdict == PasswordVerdict.Wrong ? AuditOutcome.Failure : AuditOutcome.Denied, AuditActor.Anonymous,
            user is null ? null : "user", user?.Id.ToString(), request, new Dictionary<string, string>
            {
                ["method"] = "pwd",
                ["reason"] = verdict switch
                {
                    PasswordVerdict.Throttled => "throttled",
                    PasswordVerdict.Right => problem,
                    _ when user is null => "unknown_user",
                    _ when user.Status == UserStatus.Disabled => "user_disabled",
                    _ => "wrong_password",
                },
            });

    private static PageResult Show(Interaction interaction, string identifier, string? problem) =>
        PageResult.Of<PasswordPage, PasswordModel>(new(interaction.Id, identifier, interaction.Demand.ApplicationName, problem),
            SignInRun.Options(interaction, problem is null ? 200 : 422));
}

public sealed record PasswordModel(InteractionId Interaction, string Identifier, string? Application, string? Problem);
