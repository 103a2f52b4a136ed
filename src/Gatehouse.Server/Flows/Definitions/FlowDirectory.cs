using Gatehouse.Flows.Hooks;
using System.Text.Json;
using Gatehouse.Caching;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Flows.Definitions;

/// <summary>The definition in force, from memory when nothing changed; and what people agreed to.</summary>
public sealed class FlowDirectory
{
    internal const string Topic = "flow";
    private const int Capacity = 5_000;

    private readonly TenantCache<string, FlowDefinition> active;
    private readonly Func<TenantId, string, CancellationToken, ValueTask<FlowDefinition?>> load;
    private readonly IDatabase database;
    private readonly TimeProvider clock;

    public FlowDirectory(IDatabase database, IChangeFeed feed, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        active = new(Topic, Capacity, feed);
        load = LoadAsync;
    }

    /// <summary>The tenant's own definition; the product's, made from its settings, where it has none.</summary>
    public async ValueTask<FlowDefinition> FindAsync(TenantContext tenant, string kind, CancellationToken ct) =>
        await active.GetAsync(tenant.Id, kind, load, ct) ?? ShippedFlow.Of(tenant, kind);

    public async ValueTask<bool> HasOwnAsync(TenantContext tenant, string kind, CancellationToken ct) => await active.GetAsync(tenant.Id, kind, load, ct) is not null;

    /// <summary>What she has agreed to, newest first; at most 500.</summary>
    public async ValueTask<IReadOnlyList<AcceptedTerms>> ListAcceptedAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await FlowStore.ListAcceptedAsync(tx, user, ct);

    public ValueTask<bool> HasAcceptedAsync(TenantTransaction tx, UserId user, TermsStep terms, CancellationToken ct) =>
        FlowStore.HasAcceptedAsync(tx, user, terms.Terms, terms.Version, ct);

    /// <returns>False when she had agreed to it before.</returns>
    public ValueTask<bool> AcceptAsync(TenantTransaction tx, UserId user, TermsStep terms, CancellationToken ct) =>
        FlowStore.AcceptAsync(tx, user, terms.Terms, terms.Version, clock.Now(), ct);

    /// <summary>Keeps with a session what the tenant's programs and pages said before it began: it is asked about again when it comes to another application.</summary>
    public async ValueTask KeepAnswersAsync(TenantTransaction tx, SessionId session, IReadOnlyList<Answered> answers, CancellationToken ct)
    {
        foreach (var answer in answers) await SessionAnswerStore.KeepAsync(tx, session, answer, ct);
    }

    public async ValueTask<IReadOnlyList<Answered>> ListAnswersAsync(TenantTransaction tx, SessionId session, UserId user, CancellationToken ct) => await SessionAnswerStore.ListAsync(tx, session, user, ct);

    /// <summary>Whether she was asked before and answered.</summary>
    public ValueTask<bool> HasAnsweredAsync(TenantTransaction tx, UserId user, CollectStep step, CancellationToken ct) => FlowStore.HasAnsweredAsync(tx, user, step.Id, ct);

    /// <returns>False when she had answered it before.</returns>
    public ValueTask<bool> AnsweredAsync(TenantTransaction tx, UserId user, CollectStep step, CancellationToken ct) => FlowStore.AnsweredAsync(tx, user, step.Id, clock.Now(), ct);

    /// <exception cref="InvalidOperationException">A newer process wrote what this one does not know: nobody signs in here rather than by half a policy.</exception>
    internal static FlowDefinition Parse(string kind, string stored)
    {
        using var document = JsonDocument.Parse(stored);
        return FlowReader.Read(kind, document.RootElement.Clone()).TryGet(out var definition, out _) ? definition : throw new InvalidOperationException("The flow in force has parts that this version does not know.");
    }

    private async ValueTask<FlowDefinition?> LoadAsync(TenantId tenant, string kind, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return await FlowStore.FindActiveAsync(tx, kind, ct) is { Definition: { } stored, Version: var version } ? Parse(kind, stored) with { Version = version } : null;
    }
}

/// <summary>
/// What holds where a tenant wrote nothing: any way of beginning that its settings offer, and the second step of who has one; of whoever registers, nothing
/// beyond address and password is asked.
/// </summary>
internal static class ShippedFlow
{
    private static readonly FlowDefinition registration = new([], """{"steps":[]}""");

    internal static FlowDefinition Of(TenantContext tenant, string kind)
    {
        if (kind == FlowDefinition.Registration) return registration;
        var required = tenant.Settings.SignIn.SecondFactor == SignInSettings.Required;
        return new FlowDefinition([new FirstFactorStep("first", null, ["password", "passkey", "email_code", "sms_code"]), new SecondFactorStep("second", null, null, required, null, TrustedDevice: true)],
            required ? Json.Replace("\"enrol\":false", "\"enrol\":true", StringComparison.Ordinal) : Json);
    }

    private const string Json = """{"steps":[{"id":"first","type":"first_factor","any_of":["password","passkey","email_code","sms_code"]},{"id":"second","type":"second_factor","enrol":false,"trusted_device":true}]}""";
}

/// <summary>Terms that a person agreed to.</summary>
public sealed record AcceptedTerms(string Terms, string Version, DateTimeOffset AcceptedAt);
