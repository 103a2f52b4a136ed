using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>
/// What is answered to a browser that is not where a page thought it was: the way to sign in, the page of an expired run, too many. The
/// failure half of a <c>Result</c>, which handlers return unchanged.
/// </summary>
public sealed class Elsewhere(IResult answer) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => answer.ExecuteAsync(httpContext);
}
