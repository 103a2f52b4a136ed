using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// What happens once a person has proved who she is: session, remembered device, notice of a new one, fulfilled interaction and audit, in the caller's
/// transaction. A half-finished sign-in is never a session.
/// </summary>
internal sealed class SignInCompletion(SessionDirectory sessions, Interactions interactions, FlowDirectory flows, DeviceRecognition devices, Recoveries recoveries, Passwords passwords, UserDirectory users, OrganizationEnrolment enrolment, AuditLog audit)
{
    /// <summary>
    /// The interaction may have been fulfilled a moment ago by the first of two clicks, or have ended: the person is signed in all the
    /// same, and the door that waits at the return path says whether this session will do.
    /// </summary>
    /// <param name="methods">RFC 8176 values of what she has proved.</param>
    /// <param name="authenticatedAt">When she gave the oldest of these proofs: <c>auth_time</c>.</param>
    /// <param name="organization">In which she works from now; null: as before.</param>
    /// <returns>For after the commit: the cookie's value, and a device for a program to keep.</returns>
    internal async ValueTask<(string Secret, string? Device)> CompleteAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, DateTimeOffset authenticatedAt, OrganizationId? organization, CancellationToken ct)
    {
        if (Assurance.HasSecondFactor(methods))
        {
            // She has not lost everything; and a password that stood beside it is hers, however it was set.
            await recoveries.CancelAsync(tx, run.Tenant, user, AuditActor.User(user), "signed_in", run.Locale, run.Request, ct);
            if (methods.Contains("pwd", StringComparer.Ordinal)) await passwords.ConfirmAsync(tx, user, ct);
        }
        if (await users.FindAsync(tx, user, ct) is { } person) await enrolment.JoinByDomainAsync(tx, person, run.Request, ct);
        var (session, secret) = await sessions.StartAsync(tx, run.Tenant, user, methods, authenticatedAt, run.Http, ct, inBrowser: !run.Headless, organization);
        await interactions.FulfilAsync(tx, run.Interaction.Id, session, ct);
        await flows.KeepAnswersAsync(tx, session.Id, run.Interaction.Proved?.Answers ?? [], ct);
        var device = await devices.RecogniseAsync(tx, run, user, ct);
        await audit.AppendAsync(tx, new AuditEntry("session.started", AuditOutcome.Success, AuditActor.User(user), "session", session.Id.ToString(), run.Request,
            new Dictionary<string, string> { ["method"] = string.Join(' ', methods) }), ct);
        return (secret, device);
    }
}
