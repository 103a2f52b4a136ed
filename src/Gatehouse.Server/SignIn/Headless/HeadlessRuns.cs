using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn.Headless;

/// <summary>What a program is told: which steps are open, or that it is done.</summary>
/// <param name="State"><c>open</c>: one of the steps must be answered; <c>completed</c>: here is the code; <c>cancelled</c>.</param>
/// <param name="AuthSession">Names the run in every further request; a secret.</param>
/// <param name="Steps">Any one of them leads on; the usual one first.</param>
/// <param name="AuthorizationCode">To be redeemed at the token endpoint with the <c>code_verifier</c>.</param>
/// <param name="Device">To be kept on this device and sent with the next start; only where the program asked for one and had none that is known.</param>
/// <param name="RecoveryCodes">Shown this once, where a second step was set up on the way.</param>
internal sealed record FlowDocument(string State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AuthSession = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StepDocument>? Steps = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AuthorizationCode = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? RecoveryCodes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Device = null);

/// <param name="Schema">JSON Schema (2020-12) of an answer's <c>values</c>.</param>
/// <param name="Data">What belongs to the question: a challenge, a key.</param>
/// <param name="Resendable">Whether it can be sent once more.</param>
internal sealed record StepDocument(string Name, JsonObject Schema, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Data, bool Resendable);

/// <summary>Why an answer was not taken, and what may be answered now.</summary>
/// <param name="Code">As in docs/errors.md or, of a protocol refusal, OAuth's.</param>
/// <param name="Errors">Which values are wrong, where there are several.</param>
internal sealed record FlowRefusal(string Code, string Detail, int Status, string? Step = null, FlowDocument? Flow = null, IReadOnlyList<ValueFault>? Errors = null);

/// <summary>What is wrong with one value.</summary>
internal sealed record ValueFault(string Field, string Code, string Detail);

/// <summary>
/// Drives the steps for programs: the same steps, plan and store as the pages. A run is bound to its <c>auth_session</c>; cookies are neither
/// read nor set.
/// </summary>
internal sealed class HeadlessRuns(IDatabase database, Interactions interactions, IHeadlessRequests requests, Steps steps, SignInPlan plan, HalfWays halfWays, AutomaticSteps automatic)
{
    internal async ValueTask<Result<FlowDocument, FlowRefusal>> StartAsync(HttpContext http, TenantContext tenant, FormParameters parameters, CancellationToken ct)
    {
        if (!(await requests.ReadAsync(http, tenant, parameters, ct)).TryGet(out var request, out var refused)) return Of(refused);
        var demand = request.Demand;
        if (demand.Create && !tenant.Settings.Registration.Open) return StepProblems.Of(SignUpFault.Closed);
        if (parameters["device"] is { } device && demand.Client is { } client) demand = demand with { KeepsDevice = true, Device = ProgramDevice.Hash(client, device) };
        (Interaction, string)? started;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            started = await interactions.StartHeadlessAsync(tx, tenant, RequestFacts.Of(http), request.Payload, demand, ct);
            if (started is not null) await tx.CommitAsync(ct);
        }
        if (started is not var (interaction, session)) return new FlowRefusal("temporarily_unavailable", "Too many sign-ins were begun from this network. Wait some minutes.", 429);
        return await DescribeAsync(new Run(http, tenant, RequestFacts.Of(http), interaction, Secret.Hash(session[(session.IndexOf('.', StringComparison.Ordinal) + 1)..]), Headless: true), session, ct);
    }

    internal async ValueTask<Result<FlowDocument, FlowRefusal>> CurrentAsync(HttpContext http, TenantContext tenant, string? session, CancellationToken ct) =>
        await FindAsync(http, tenant, session, ct) is { } run ? await GoOnAsync(run, session!, null, ct) : Ended;

    internal async ValueTask<Result<FlowDocument, FlowRefusal>> SubmitAsync(HttpContext http, TenantContext tenant, string? session, string? name, IReadOnlyDictionary<string, JsonElement> values, CancellationToken ct)
    {
        if (await FindAsync(http, tenant, session, ct) is not { } run) return Ended;
        if (name is null || steps.Find(name) is not { } step || !(await OpenAsync(run, ct)).Contains(name, StringComparer.Ordinal))
            return new FlowRefusal("step_not_open", "This step cannot be answered now; the open ones are named in flow.", 409, name, await DescribeAsync(run, session!, ct));
        var fields = step is IAdaptiveStep adaptive ? await adaptive.FieldsAsync(run, ct) : step.Fields;
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            var field = fields.FirstOrDefault(f => f.Name == key);
            if (field is null) return new FlowRefusal("member_unknown", $"The step {name} has no such value.", 422, name);
            if (Text(field, value) is not { } text) return new FlowRefusal("member_invalid", $"{key} is not of the type that the step's schema says.", 422, name);
            if (text.Length > field.MaxLength || text.Contains('\0')) return new FlowRefusal("member_invalid", $"{key} is longer than {field.MaxLength} characters or holds a NUL.", 422, name);
            texts[key] = text;
        }
        return await AfterAsync(run, session!, await steps.SubmitAsync(name, run, new StepInput(key => texts.GetValueOrDefault(key, "")), ct), ct);
    }

    /// <summary>A value as text: as it is written, or as a text where the request is a form.</summary>
    private static string? Text(StepField field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StringOf(value),
        JsonValueKind.Number when field.Format is "integer" or "number" => value.GetRawText(),
        JsonValueKind.True or JsonValueKind.False when field.Format == "boolean" => value.GetRawText(),
        JsonValueKind.Null when field.Optional => "",
        _ => null,
    };

    private static string? StringOf(JsonElement value)
    {
        try { return value.GetString(); }
        catch (InvalidOperationException) { return null; }      // an escaped lone surrogate
    }

    internal async ValueTask<Result<FlowDocument, FlowRefusal>> ResendAsync(HttpContext http, TenantContext tenant, string? session, string? name, CancellationToken ct)
    {
        if (await FindAsync(http, tenant, session, ct) is not { } run) return Ended;
        if (name is null || steps.Find(name) is not IResendable step || !(await OpenAsync(run, ct)).Contains(name, StringComparer.Ordinal))
            return new FlowRefusal("step_not_open", "This step sends nothing, or cannot be answered now.", 409, name, await DescribeAsync(run, session!, ct));
        return await AfterAsync(run, session!, await Steps.ResendAsync(step, run, ct), ct);
    }

    internal async ValueTask<Result<FlowDocument, FlowRefusal>> CancelAsync(HttpContext http, TenantContext tenant, string? session, CancellationToken ct)
    {
        if (await FindAsync(http, tenant, session, ct) is not { } run) return Ended;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await interactions.FinishAsync(tx, run.Interaction.Id, ct)) return Ended;
        await tx.CommitAsync(ct);
        return new FlowDocument("cancelled");
    }

    /// <summary>Which client the run is for; null when there is no such run.</summary>
    internal async ValueTask<ClientId?> ClientOfAsync(TenantContext tenant, string? session, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(tenant.Id, ct);
        return (await interactions.FindHeadlessAsync(read, session, ct))?.Interaction.Demand.Client;
    }

    private async ValueTask<Run?> FindAsync(HttpContext http, TenantContext tenant, string? session, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (await interactions.FindHeadlessAsync(read, session, ct) is not var (interaction, binding)) return null;
        if (interaction.Demand.Client is { } client) await requests.AllowOriginAsync(http, tenant, client, ct);
        return new Run(http, tenant, RequestFacts.Of(http), interaction, binding, Headless: true);
    }

    private async ValueTask<Result<FlowDocument, FlowRefusal>> AfterAsync(Run run, string session, StepOutcome outcome, CancellationToken ct)
    {
        (run, outcome) = await automatic.GoOnAsync(run, outcome, ct);
        // What holds now: the step may have changed the run.
        if (await FindAsync(run.Http, run.Tenant, session, ct) is not { } now) return Ended;
        return outcome switch
        {
            StepOutcome.Ask({ Problem: { } problem } view) => StepProblems.Of(problem) with
            {
                Step = view.Step, Flow = await DescribeAsync(now, session, ct), Errors = view.Faults.Count == 0 ? null : [.. view.Faults.Select(f => new ValueFault(f.Field, f.Code, StepProblems.Say(f.Code)))],
            },
            StepOutcome.Gone => Ended,
            _ => await GoOnAsync(now, session, outcome as StepOutcome.Done, ct),
        };
    }

    /// <summary>The open steps, or the code when the run was fulfilled.</summary>
    private async ValueTask<Result<FlowDocument, FlowRefusal>> GoOnAsync(Run run, string session, StepOutcome.Done? done, CancellationToken ct)
    {
        if (run.Interaction.SessionId is null)
        {
            if (await OpenAsync(run, ct) is [WebPageStep.StepName]) return new FlowRefusal("redirect_to_web", "The tenant's flow goes on at a page of its own. Send the person to the authorization endpoint in a browser.", 400);
            return await DescribeAsync(run, session, ct);
        }
        return (await requests.FinishAsync(run.Http, run.Tenant, run.Interaction.Id, run.Binding, ct)).TryGet(out var code, out var refused)
            ? new FlowDocument("completed", AuthorizationCode: code, RecoveryCodes: done?.RecoveryCodes, Device: done?.Device)
            : Of(refused);
    }

    private async ValueTask<FlowDocument> DescribeAsync(Run run, string session, CancellationToken ct)
    {
        List<StepDocument> open = [];
        foreach (var name in await OpenAsync(run, ct))
        {
            var step = steps.Of(name);
            if (await step.ShowAsync(run, ct) is not StepOutcome.Ask(var view)) continue;
            var data = view.Data is { } value ? JsonSerializer.SerializeToNode(value, value.GetType(), SignInJson.Default) : null;
            open.Add(new(name, view.Schema ?? StepSchema.Of(step), data, step is IResendable));
        }
        return new("open", session, run.Interaction.ExpiresAt, open);
    }

    /// <summary>Of somebody new: what registers her. Before a proof: whose account, or the first factor of the account that was named. After it: what the plan says.</summary>
    private async ValueTask<IReadOnlyList<string>> OpenAsync(Run run, CancellationToken ct)
    {
        if (SignUpRun.IsOne(run)) return SignUpRun.Open(run);
        if ((await halfWays.FindAsync(run, ct)).TryGet(out var halfWay, out _))
        {
            await using var read = await database.ReadAsync(run.Tenant.Id, ct);
            return (await plan.NextAsync(read, run, halfWay.User.Id, Assurance.Combine(halfWay.Proved.Proofs.Select(p => p.Method)), ct)).Steps;
        }
        string[] passkey = Passkeys.RpId(run.Tenant) is null || !run.Tenant.Settings.SignIn.Offers(SignInSettings.Passkey) ? [] : [PasskeyStep.StepName];
        return run.Interaction.Identifier is null ? [IdentifierStep.StepName, .. passkey] : [.. await plan.FirstFactorsAsync(run, ct), .. passkey, IdentifierStep.StepName];
    }

    private static FlowRefusal Ended => new("invalid_session", "The run has ended or expired, or never was. Start again.", 400);

    private static FlowRefusal Of(HeadlessRefusal refused) => new(refused.Error, refused.Description, refused.Status);
}
