using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>What somebody who has proved her address answered: credential and what the flow asks, judged and not yet hers.</summary>
internal sealed record SignUpAnswer(FlowVerdict Verdict, IReadOnlyList<CollectField> Fields, CollectedValues Values, SignUpCredential Credential, IReadOnlyList<Heard> Heard);

/// <summary>Why it was not taken.</summary>
/// <param name="Values">Which values are wrong; null where none is.</param>
internal sealed record SignUpFault(string Code, CollectedValues? Values = null)
{
    /// <summary>The tenant's rules, or a program of its, let her not register.</summary>
    internal const string Closed = "registration_closed";

    /// <summary>The address has become somebody's meanwhile.</summary>
    internal const string Taken = "email_taken";
}

/// <summary>How a credential came: typed, or from an authenticator.</summary>
internal sealed record SignUpWay(bool ByPasskey, Guid Subject, string Question);

/// <summary>
/// Makes the account of somebody whose address is proved, be it by a link on a page or by a code in a program: judged first and without a transaction, then
/// whole or not at all.
/// </summary>
internal sealed class SignUpAccounts(RegistrationFlow registration, SignUpCredentials credentials, UserDirectory users, Interactions interactions, RateLimit limits, Advance advance, SignInMetrics metrics, AuditLog audit)
{
    private const int AnswersAtMost = 20;
    private static readonly TimeSpan window = TimeSpan.FromMinutes(10);

    /// <param name="way">Names the challenge of a passkey, and what programs are asked: one question, however often the answer is sent.</param>
    internal async ValueTask<Result<SignUpAnswer, SignUpFault>> JudgeAsync(TenantContext tenant, SignUpDraft draft, FlowVerdict verdict, SignUpWay way, StepInput input, RequestFacts request, CancellationToken ct)
    {
        var fields = RegistrationFlow.FieldsOf(verdict, draft);
        var values = CollectedValues.Read(fields, input);
        if (values.Faults.Count > 0) return new SignUpFault("values_invalid", values);
        if (!RegistrationFlow.AgreesTo(verdict, input)) return new SignUpFault("terms_not_accepted", values);
        // One proved address must not have any number of passwords hashed, programs asked and refusals written down.
        if (!await limits.TryTakeAsync(tenant.Id, "signup.answer", way.Subject.ToString(), AnswersAtMost, window, ct)) return new SignUpFault(way.ByPasskey ? "passkey_invalid" : "password_tries_too_many", values);
        if (!(await (way.ByPasskey ? credentials.PasskeyAsync(tenant, way.Subject, input, request, ct) : credentials.PasswordAsync(tenant, draft, input["password"], ct))).TryGet(out var credential, out var code))
            return new SignUpFault(code, values);

        // Before the transaction, which waits for nobody.
        var heard = await registration.AskAsync(tenant, verdict, draft, values, fields, way.Question, request, ct);
        if (heard.All(h => h.Answer.Allowed)) return new SignUpAnswer(verdict, fields, values, credential, heard);
        await registration.RefuseAsync(tenant, heard, request, ct);
        return new SignUpFault(SignUpFault.Closed, values);
    }

    /// <summary>Makes it, in the transaction that has used up the proof of the address. With <see cref="SignUpFault.Taken"/> nothing was written; after any other fault the caller does not commit.</summary>
    internal async ValueTask<Result<User, SignUpFault>> MakeAsync(TenantTransaction tx, TenantContext tenant, SignUpDraft draft, EmailAddress address, UserId id, SignUpAnswer answer, RequestFacts request, CancellationToken ct)
    {
        if (!(await users.CreateAsync(tx, id, address, verified: true, draft.Name, draft.Locale, ct)).TryGet(out var user, out var problem)) return new SignUpFault(problem.Code, answer.Values);
        if (await credentials.GiveAsync(tx, tenant, user, answer.Credential, request, ct) is { } refused) return new SignUpFault(refused, answer.Values);
        if (await registration.WriteAsync(tx, user, answer.Verdict, answer.Fields, answer.Values, answer.Heard, request, ct) is { } fault)
            return new SignUpFault("values_invalid", answer.Values.With(fault));
        await audit.AppendAsync(tx, new AuditEntry("user.registered", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request,
            new Dictionary<string, string> { ["credential"] = answer.Credential.Passkey is null ? "password" : "passkey" }), ct);
        return user;
    }

    /// <summary>What follows a first proof follows this one too. Commits; or, where the run has ended, says so and does not.</summary>
    /// <param name="run">As it stands in this transaction.</param>
    internal async ValueTask<(Run Run, StepOutcome Outcome)> SignInAsync(TenantTransaction tx, Run run, User user, EmailAddress address, SignUpAnswer answer, CancellationToken ct)
    {
        if (!await interactions.RememberIdentifierAsync(tx, run.Interaction.Id, address.Address, ct)) return (run, new StepOutcome.Gone());
        var named = run with { Interaction = run.Interaction with { Identifier = address.Address, Step = run.Interaction.Step + 1, Proved = null, Draft = null } };
        var outcome = await advance.AfterAsync(tx, named, user.Id, answer.Credential.Methods, ct);
        metrics.Registered();
        return (named, outcome);
    }
}
