using Gatehouse.Credentials;
using Gatehouse.Http;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>Every step there is, by its name.</summary>
internal sealed class Steps
{
    private readonly Dictionary<string, IStep> all;
    private readonly SecondFactors factors;

    public Steps(IEnumerable<IStep> steps, SecondFactors factors) => (all, this.factors) = (steps.ToDictionary(s => s.Name, StringComparer.Ordinal), factors);

    /// <exception cref="KeyNotFoundException">No step has this name: the plan's mistake, never the person's.</exception>
    internal IStep Of(string name) => all[name];

    internal IStep? Find(string name) => all.GetValueOrDefault(name);

    /// <summary>Answers a step. What was refused, or leads to a step that sends something, takes the same time for somebody and for nobody.</summary>
    internal async ValueTask<StepOutcome> SubmitAsync(string name, Run run, StepInput input, CancellationToken ct)
    {
        var time = AnswerTime.Start();
        var outcome = await Of(name).SubmitAsync(run, input, ct);
        if (outcome is StepOutcome.Ask({ Problem: not null }) || (outcome is StepOutcome.Next(var next) && Of(next) is IResendable)) await time.WaitAsync(ct);
        return outcome;
    }

    /// <summary>Has a step send what it sends, in a time that does not tell whether it did.</summary>
    internal static async ValueTask<StepOutcome> ResendAsync(IResendable step, Run run, CancellationToken ct)
    {
        var time = AnswerTime.Start();
        var outcome = await step.ResendAsync(run, ct);
        await time.WaitAsync(ct);
        return outcome;
    }

    /// <summary>The code's step that the page's address means.</summary>
    internal IStep WayOf(HttpContext http) => all[factors.Of(http.Request.Query[CodeStep.Way]).Name];
}
