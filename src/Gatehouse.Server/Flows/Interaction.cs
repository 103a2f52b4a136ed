using Gatehouse.Kernel;

namespace Gatehouse.Flows;

/// <summary>
/// The stored run of something a person does at our pages on somebody's behalf: how doors hand over to each other without knowing each
/// other. The door that starts it says what it needs (<see cref="SignInDemand"/>) and where to come back; SignIn does its work and
/// returns the browser there.
/// </summary>
/// <param name="Kind">Who started it: <c>authorize</c>, <c>console</c>, <c>account</c> …</param>
/// <param name="ReturnPath">Path and query on this tenant's own issuer, made by the starting door, never by the outside.</param>
/// <param name="Payload">The starting door's own JSON (for OAuth, the validated authorization request).</param>
/// <param name="Identifier">What the person typed as her address, kept between the steps of the sign-in; null before.</param>
/// <param name="SessionId">The session that satisfied the demand; null until then.</param>
/// <param name="Step">How often what is known of the person has changed; every such change is conditional on it.</param>
/// <param name="Draft">What somebody who registers has said so far, in the words of the room that asks; null: nothing.</param>
/// <param name="Proved">What she has proved so far, while that is fresh enough to go on with. Never a session.</param>
public sealed record Interaction(InteractionId Id, string Kind, string ReturnPath, string Payload, SignInDemand Demand,
    SessionId? SessionId, DateTimeOffset? AuthenticatedAt, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Done, string? Identifier = null,
    long Step = 0, Proved? Proved = null, string? Draft = null);

/// <summary>What has been proved in a run that is not finished: a sign-in of two steps between the first and the second.</summary>
public sealed record Proved(UserId User, IReadOnlyList<Proof> Proofs)
{
    /// <summary>Which of the tenant's programs have said that she may go on.</summary>
    public IReadOnlyList<Answered> Answers { get; init; } = [];

    /// <summary>The organization that she chose to go on in; null: not yet, or nothing to choose.</summary>
    public OrganizationId? Organization { get; init; }
}

/// <summary>A step of a flow in which a tenant's program or page, in one version of it, let one person go on.</summary>
public sealed record Answered(string Step, long Version, UserId User);

/// <summary>One thing that was proved.</summary>
/// <param name="Session">The session it was proved in before this run began, which must be live when the run ends; null: it was proved in this run.</param>
/// <param name="Method">The RFC 8176 value of what was done: <c>pwd</c>, <c>otp</c> …</param>
public sealed record Proof(string Method, DateTimeOffset At, SessionId? Session = null);

/// <summary>What the sign-in must fulfil.</summary>
/// <param name="Reauthenticate">A present session is not enough (<c>prompt=login</c>, <c>max_age</c>).</param>
/// <param name="LoginHint">Fills the identifier field.</param>
/// <param name="UiLocales">Languages the application asked for, in order.</param>
/// <param name="RequiredUser">Only this user will do (<c>id_token_hint</c>).</param>
/// <param name="Create">Begin with registration (<c>prompt=create</c>).</param>
/// <param name="Level">What her sign-in must reach: 1 to 3 (<see cref="Sessions.Assurance"/>); 0: whatever her account asks for.</param>
/// <param name="Client">For which application; null: for her own account.</param>
/// <param name="KeepsDevice">Its program keeps a device, or will.</param>
/// <param name="Device">Hash of the one it sent (<see cref="Sessions.ProgramDevice"/>); null: none of ours.</param>
/// <param name="ApplicationName">Shown on the page: "to continue to …".</param>
public sealed record SignInDemand(bool Reauthenticate = false, string? LoginHint = null, IReadOnlyList<string>? UiLocales = null,
    UserId? RequiredUser = null, bool Create = false, string? ApplicationName = null, int Level = 0, ClientId? Client = null,
    bool KeepsDevice = false, byte[]? Device = null)
{
    /// <summary>What is asked of the organization she goes on in.</summary>
    public Organizations.OrganizationDemand Organization { get; init; }
}
