namespace Gatehouse.Flows.Definitions;

/// <summary>What a definition asks of one person in one situation: one pure function of the two, so that a preview says what a sign-in does.</summary>
/// <param name="DeniedBy">The step that keeps her out; null: none.</param>
/// <param name="FirstFactors">How she may begin, the usual one first.</param>
/// <param name="Further">What is asked once she has proved who she is, in the definition's order: terms, values, the tenant's programs and pages.</param>
public sealed record FlowVerdict(DenyStep? DeniedBy, IReadOnlyList<string> FirstFactors, IReadOnlyList<SecondFactorStep> SecondFactors, IReadOnlyList<FlowStep> Further)
{
    // RFC 8176 values by which a step's use is known afterwards. A code by text message is sms and no otp; one of an application does where one by message would.
    private static readonly Dictionary<string, string[]> methods = new(StringComparer.Ordinal)
    {
        ["password"] = ["pwd"], ["passkey"] = ["hwk", "swk"], ["email_code"] = ["email"], ["sms_code"] = ["sms"], ["totp"] = ["otp"], ["sms"] = ["sms", "otp"],
    };

    public static FlowVerdict Of(FlowDefinition definition, FlowFacts facts)
    {
        FirstFactorStep? first = null;
        DenyStep? denied = null;
        List<SecondFactorStep> second = [];
        List<FlowStep> further = [];
        foreach (var step in definition.Steps)
        {
            if (!step.Applies(facts)) continue;
            switch (step)
            {
                case FirstFactorStep begin:
                    first ??= begin;
                    break;
                case SecondFactorStep another:
                    second.Add(another);
                    break;
                case TermsStep or CollectStep or WebhookStep or WebStep:
                    further.Add(step);
                    break;
                case DenyStep deny:
                    denied ??= deny;
                    break;
            }
        }
        return new(denied, first?.AnyOf ?? [], second, further);
    }

    /// <summary>
    /// How somebody may begin of whom nothing is known yet, the usual one first: also what is open to some, of whom she may turn out to be one. The proof is
    /// then held to <see cref="AllowsFirst"/>.
    /// </summary>
    public static IReadOnlyList<string> OpenToAnybody(FlowDefinition definition, FlowFacts facts)
    {
        List<string> open = [];
        foreach (var step in definition.Steps.OfType<FirstFactorStep>())
        {
            var perhaps = step.When?.AsksWho == true;
            if (!perhaps && !step.Applies(facts)) continue;
            open.AddRange(step.AnyOf.Where(f => !open.Contains(f, StringComparer.Ordinal)));
            if (!perhaps) break;
        }
        return open;
    }

    /// <summary>Whether she began in a way that is open to her.</summary>
    public bool AllowsFirst(IReadOnlyList<string> done) => FirstFactors.Any(f => WasUsed(f, done));

    /// <summary>Whether a browser that she trusts stands in for this step: where the definition says so, and no application demands two.</summary>
    public static bool IsMetByTrust(SecondFactorStep step, FlowFacts facts) => step.TrustedDevice && facts.Device == DeviceStanding.Trusted && facts.Level < 2;

    /// <summary>Whether what she did is one of these steps.</summary>
    public static bool UsedAny(IReadOnlyList<string>? anyOf, IReadOnlyList<string> done) => anyOf is null || anyOf.Any(a => WasUsed(a, done));

    private static bool WasUsed(string step, IReadOnlyList<string> done) =>
        methods.TryGetValue(step, out var values) && values.Any(v => done.Contains(v, StringComparer.Ordinal));
}
