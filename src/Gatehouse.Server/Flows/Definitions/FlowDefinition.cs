namespace Gatehouse.Flows.Definitions;

/// <summary>
/// What people go through to sign in or to register, as a tenant wrote it: steps in order, each with the condition under which it applies. A definition is
/// data: it can leave out, demand and deny, and it cannot begin a session.
/// </summary>
/// <param name="Json">As it was stored.</param>
public sealed record FlowDefinition(IReadOnlyList<FlowStep> Steps, string Json)
{
    /// <summary>Its number among the tenant's versions of the kind; 0: the product's own, or one that is not stored.</summary>
    public long Version { get; init; }

    /// <summary>What follows from every proof, after registration too.</summary>
    public const string SignIn = "sign_in";

    /// <summary>Who may register, what they agree to and what they say of themselves.</summary>
    public const string Registration = "registration";
}

/// <summary>One step of a definition.</summary>
/// <param name="Id">Its name within the definition; in the audit and in previews.</param>
/// <param name="When">Null: always.</param>
public abstract record FlowStep(string Id, FlowCondition? When)
{
    public bool Applies(FlowFacts facts) => When?.Holds(facts) ?? true;
}

/// <summary>How one may begin. Of several that apply the first holds.</summary>
/// <param name="AnyOf"><c>password</c>, <c>passkey</c>, <c>email_code</c>, <c>sms_code</c>; the usual one first.</param>
public sealed record FirstFactorStep(string Id, FlowCondition? When, IReadOnlyList<string> AnyOf) : FlowStep(Id, When);

/// <summary>A second step: asked of who has one; set up by who has none, as <paramref name="Enrol"/> says. All that apply hold.</summary>
/// <param name="AnyOf">Null: whichever she has. <c>totp</c>, <c>sms</c>, <c>passkey</c>.</param>
/// <param name="EnrolFrom">From when on she must set one up; null: at once. Before, she is not asked.</param>
/// <param name="TrustedDevice">Whether a browser she trusts stands in for it, where the tenant lets people trust any. Never for what an application demands.</param>
public sealed record SecondFactorStep(string Id, FlowCondition? When, IReadOnlyList<string>? AnyOf, bool Enrol, DateTimeOffset? EnrolFrom, bool TrustedDevice) : FlowStep(Id, When);

/// <summary>Terms that she must have agreed to in this version.</summary>
/// <param name="Title">By language tag.</param>
/// <param name="Url">Where they can be read whole; null: the text is all.</param>
public sealed record TermsStep(string Id, FlowCondition? When, string Terms, string Version, IReadOnlyDictionary<string, string> Title, IReadOnlyDictionary<string, string> Text, string? Url) : FlowStep(Id, When);

/// <summary>Nobody to whom this applies gets in.</summary>
public sealed record DenyStep(string Id, FlowCondition? When) : FlowStep(Id, When);

/// <summary>A program of the tenant's is asked whether she goes on.</summary>
/// <param name="AllowOnFailure">What holds where it does not answer in time, or not as it should.</param>
public sealed record WebhookStep(string Id, FlowCondition? When, string Url, TimeSpan Timeout, bool AllowOnFailure) : FlowStep(Id, When);

/// <summary>A page of the tenant's own, to which the browser is sent and from which it comes back.</summary>
public sealed record WebStep(string Id, FlowCondition? When, string Url) : FlowStep(Id, When)
{
    /// <summary>Who speaks from there: scheme, host and port.</summary>
    public string Origin { get; } = new Uri(Url).GetLeftPart(UriPartial.Authority);
}
