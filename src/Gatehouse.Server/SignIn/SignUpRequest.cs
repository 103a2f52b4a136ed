using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>What became of asking for a message.</summary>
internal enum SignUpSent { Sent, Rationed, TooMany }

/// <summary>
/// Sends whoever wants to register what proves her address: a link, and to a program also a code. A known address gets another message and the asker
/// the same answer, after the same steps: both ways store the same rows and queue a message, so that neither the answer nor its time tells them apart.
/// </summary>
internal sealed class SignUpRequest(UserDirectory users, OneTimeLinks links, OneTimeCodes codes, RateLimit limits, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    internal static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(60);

    /// <param name="run">The program's run in which a code may be typed; null: a page, and the link alone.</param>
    /// <returns>The caller commits what was <see cref="SignUpSent.Sent"/>, and of a page what was rationed; never what was too many.</returns>
    internal async ValueTask<SignUpSent> SendAsync(TenantTransaction tx, TenantContext tenant, SignUpDraft draft, EmailAddress address, InteractionId? run, RequestFacts request, CancellationToken ct)
    {
        if (!await MailBudget.TryTakeAsync(tx, limits, "signup.ip", request, ct)) return SignUpSent.TooMany;
        var existing = await users.FindByEmailAsync(tx, address, ct);
        IssuedCode? issued = null;
        // Nothing is right for an address that is somebody's.
        if (run is { } id && (issued = await codes.IssueAsync(tx, tenant, Binding(id, address), existing is null ? draft.User : null, null, ct)) is null) return SignUpSent.Rationed;
        // Behind the link of a program's message a browser begins anew: another account than the one that the code would make.
        var behind = run is null ? draft : draft with { User = UserId.New(clock) };
        var token = await links.IssueAsync(tx, LinkPurpose.VerifyEmail, existing?.Id, null, JsonSerializer.Serialize(behind, SignInJson.Default.SignUpDraft), LinkLifetime, ct);
        var queued = await mailer.QueueAsync(tx, tenant, existing is null ? Welcome(tenant, draft, address, token, issued) : Known(tenant, draft, existing, address), ct);
        await audit.AppendAsync(tx, new AuditEntry("registration.requested", queued ? AuditOutcome.Success : AuditOutcome.Denied, AuditActor.Anonymous,
            existing is null ? null : "user", existing?.Id.ToString(), request,
            new Dictionary<string, string> { ["result"] = !queued ? "mail_limit" : existing is not null ? "already_registered" : issued is null ? "link_sent" : "code_sent" }), ct);
        return queued ? SignUpSent.Sent : SignUpSent.Rationed;
    }

    /// <summary>Which code proves an address in a run.</summary>
    internal static CodeBinding Binding(InteractionId run, EmailAddress address) => new(CodePurpose.SignUp, run.Value, address.Normalized);

    private static Mail Welcome(TenantContext tenant, SignUpDraft draft, EmailAddress address, string token, IssuedCode? issued)
    {
        var values = MailValues.Of(tenant.Url($"{SignUpVerify.Path}?token={token}"), issued?.Lifetime ?? LinkLifetime);
        if (issued is null) return new(address.Address, "verify_email", draft.Locale, values);
        values["code"] = issued.Code;
        return new(address.Address, "verify_email_code", draft.Locale, values);
    }

    private static Mail Known(TenantContext tenant, SignUpDraft draft, User existing, EmailAddress address) =>
        new(existing.EmailOf(address).Address, "already_registered", existing.Locale ?? draft.Locale, MailValues.Of(tenant.Url(IdentifierStep.PagePath), LinkLifetime));
}
