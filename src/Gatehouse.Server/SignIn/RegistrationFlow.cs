using System.Globalization;
using System.Net;
using Gatehouse.Audit;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// The tenant's flow for people who register: who may, what they agree to and what they say of themselves. Asked on the page behind the link, with the
/// password, and written with the account in one transaction: no account exists that has not answered.
/// </summary>
internal sealed class RegistrationFlow(IDatabase database, FlowDirectory flows, Hooks hooks, UserDirectory users, OwnUser own, AuditLog audit)
{
    internal const string TermsField = "terms.";

    /// <param name="client">Where she came from; null: from nowhere, or nobody knows.</param>
    internal async ValueTask<FlowVerdict> JudgeAsync(TenantContext tenant, ClientId? client, RequestFacts request, CancellationToken ct) =>
        FlowVerdict.Of(await flows.FindAsync(tenant, FlowDefinition.Registration, ct),
            new FlowFacts(client, IPAddress.TryParse(request.IpAddress, out var address) ? address : null, 0, [], default, false, [], null, DeviceName.Of(request.UserAgent).Platform));

    /// <summary>What is asked of whoever registers so, each once.</summary>
    internal static IReadOnlyList<CollectField> FieldsOf(FlowVerdict verdict, SignUpDraft draft)
    {
        // Nobody yet: what the form before asked is known, and nothing else.
        var nobody = new User(default, UserStatus.Active, draft.Name, null, null, draft.Locale, [], "{}", 1, default, default);
        return [.. verdict.Further.OfType<CollectStep>().Where(s => s.IsDue(nobody, asked: false)).SelectMany(s => s.MissingOf(nobody)).DistinctBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// <summary>What she agrees to, in her language.</summary>
    internal static IReadOnlyList<RegistrationTerms> TermsOf(FlowVerdict verdict, string locale) =>
        [.. verdict.Further.OfType<TermsStep>().Select(t => new RegistrationTerms(TermsField + t.Terms, t.Version, CollectedValues.In(t.Title, locale), CollectedValues.In(t.Text, locale), t.Url))];

    /// <summary>Whether she agreed to all of it, in the words that are in force.</summary>
    internal static bool AgreesTo(FlowVerdict verdict, StepInput input) => verdict.Further.OfType<TermsStep>().All(t => input[TermsField + t.Terms] == t.Version);

    /// <summary>Asks the tenant's programs, in the flow's order, until one refuses. No transaction may be open.</summary>
    /// <param name="question">What is asked under one name is one question, however often the form is sent.</param>
    internal async ValueTask<IReadOnlyList<Heard>> AskAsync(TenantContext tenant, FlowVerdict verdict, SignUpDraft draft, CollectedValues values, IReadOnlyList<CollectField> fields, string question, RequestFacts request, CancellationToken ct)
    {
        List<Heard> heard = [];
        var version = (await flows.FindAsync(tenant, FlowDefinition.Registration, ct)).Version;
        foreach (var step in verdict.Further.OfType<WebhookStep>())
        {
            var id = $"{Convert.ToHexStringLower(Secret.Hash(question))[..32]}.{step.Id}.{version.ToString(CultureInfo.InvariantCulture)}";
            var answer = await hooks.AskAsync(tenant, step, new HookQuestion(id, FlowDefinition.Registration, version, null, draft.Email, draft.Client, request, [], values.AttributesOf(fields)), ct);
            heard.Add(new(step, answer));
            if (!answer.Allowed) break;
        }
        return heard;
    }

    /// <summary>Writes down that the flow keeps somebody out: the first of a while.</summary>
    internal async ValueTask DenyAsync(TenantContext tenant, FlowStep denied, Refusals refusals, RequestFacts request, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await refusals.RecordAsync(tx, new AuditEntry("registration.requested", AuditOutcome.Denied, AuditActor.Anonymous, null, null, request,
            new Dictionary<string, string> { ["result"] = "sign_up_denied", ["step"] = denied.Id }), throttled: true, ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Writes down that a program refused.</summary>
    internal async ValueTask RefuseAsync(TenantContext tenant, IReadOnlyList<Heard> heard, RequestFacts request, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        foreach (var (step, answer) in heard) await audit.AppendAsync(tx, OutsideAnswers.Entry(step, answer, AuditActor.Anonymous, null, request), ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Makes it hers, in the transaction that made the account.</summary>
    /// <returns>What the Users room has against a value: then the caller does not commit.</returns>
    internal async ValueTask<Problem?> WriteAsync(TenantTransaction tx, User user, FlowVerdict verdict, IReadOnlyList<CollectField> fields, CollectedValues values, IReadOnlyList<Heard> heard, RequestFacts request, CancellationToken ct)
    {
        if (!values.IsEmpty)
        {
            var (wanted, written) = values.ProfileOf(user, fields);
            if (!(await own.ChangeProfileAsync(tx, user, wanted, ct)).TryGet(out _, out var problem)) return problem;
            await AuditAsync(tx, user, "user.collected", request, new() { ["step"] = FlowDefinition.Registration, ["fields"] = string.Join(' ', written) }, ct);
        }
        foreach (var (step, answer) in heard)
        {
            var kept = answer;
            if (answer.Attributes is { } patch && await users.FindAsync(tx, user.Id, ct) is { } now
                && !(await own.ChangeProfileAsync(tx, now, new Profile(now.DisplayName, now.GivenName, now.FamilyName, now.Locale, now.Zoneinfo, patch), ct)).TryGet(out _, out var problem))
            {
                // Nothing of it can be kept: as if there were no answer.
                kept = answer with { Result = "answer_invalid", Allowed = step.AllowOnFailure };
                if (!kept.Allowed) return problem;
            }
            await audit.AppendAsync(tx, OutsideAnswers.Entry(step, kept, AuditActor.User(user.Id), user.Id.ToString(), request), ct);
        }
        foreach (var step in verdict.Further)
            if (step is CollectStep { Once: true } collect) await flows.AnsweredAsync(tx, user.Id, collect, ct);
            else if (step is TermsStep terms && await flows.AcceptAsync(tx, user.Id, terms, ct))
                await AuditAsync(tx, user, "terms.accepted", request, new() { ["terms"] = terms.Terms, ["version"] = terms.Version }, ct);
        return null;
    }

    private ValueTask AuditAsync(TenantTransaction tx, User user, string action, RequestFacts request, Dictionary<string, string> details, CancellationToken ct) =>
        audit.AppendAsync(tx, new AuditEntry(action, AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request, details), ct);
}

/// <summary>What a program of the tenant's said.</summary>
internal sealed record Heard(WebhookStep Step, HookAnswer Answer);

/// <param name="Field">The checkbox's name.</param>
/// <param name="Text">Plain text; an empty line divides paragraphs.</param>
public sealed record RegistrationTerms(string Field, string Version, string Title, string Text, string? Url);
