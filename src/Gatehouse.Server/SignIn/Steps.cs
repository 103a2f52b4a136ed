using Gatehouse.Credentials;
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

    /// <summary>The code's step that the page's address means.</summary>
    internal IStep WayOf(HttpContext http) => all[factors.Of(http.Request.Query[CodeStep.Way]).Name];
}
