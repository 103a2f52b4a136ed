using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

public enum AuditOutcome { Success, Failure, Denied }

/// <summary>Who did it. <paramref name="Kind"/>: <c>user</c>, <c>client</c>, <c>api_key</c>, <c>system</c> or <c>anonymous</c>.</summary>
public sealed record AuditActor(string Kind, string? Id)
{
    public static AuditActor System { get; } = new("system", null);
    public static AuditActor Anonymous { get; } = new("anonymous", null);
    public static AuditActor User(UserId id) => new("user", id.ToString());
    public static AuditActor Client(ClientId id) => new("client", id.ToString());
    public static AuditActor Of(Caller caller) => new(caller.Kind, caller.Id);
}

/// <summary>One thing that happened.</summary>
/// <param name="Action"><c>noun.verb_past</c>: <c>user.created</c>, <c>session.started</c>, <c>token.granted</c>.</param>
/// <param name="TargetKind">What it was done to: <c>user</c>, <c>client</c>, <c>session</c> …; with <paramref name="TargetId"/> or both null.</param>
/// <param name="Details">Short plain facts (reason, scope, method) for ever. Never a secret, nothing that tells of a person.</param>
public sealed record AuditEntry(string Action, AuditOutcome Outcome, AuditActor Actor, string? TargetKind, string? TargetId,
    RequestFacts Request, IReadOnlyDictionary<string, string>? Details = null)
{
    /// <summary>The organization in which it happened, where it was one: whose administrators may see it.</summary>
    public OrganizationId? Organization { get; init; }

    /// <summary>Facts that tell of a person (an address, a name): sealed under her key, masked for most, gone when she is erased.</summary>
    public IReadOnlyDictionary<string, string>? Personal { get; init; }
}
