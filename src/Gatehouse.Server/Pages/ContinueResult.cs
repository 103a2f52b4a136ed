using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>
/// Answers a form whose next place may lead away from us (a sign-in, a consent): a small page that moves on by itself, without script,
/// through the <c>Refresh</c> header (HTML §7.4.2.1), and shows a link should the browser not.
/// </summary>
/// <remarks>
/// A plain 303 would be followed as part of the form's own navigation, and browsers hold every hop of that to our <c>form-action</c>:
/// the application's redirect URI, and wherever the application redirects next, would be blocked. Allowing them would mean knowing
/// all of them, or allowing everything. A refresh is a new navigation of ours. The address is our own, or of a page that the tenant has named in its flow.
/// </remarks>
public sealed class ContinueResult(string url, PageOptions? options = null) : IResult
{
    /// <summary>Absolute, or a path. Never what a request brought.</summary>
    public string Url { get; } = url;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // Programs (and browsers from before fetch metadata) hold nobody to form-action, and many follow redirects only.
        if (httpContext.Request.Headers["Sec-Fetch-Mode"] != "navigate")
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = Url;
            return Task.CompletedTask;
        }
        httpContext.Response.Headers["Refresh"] = $"0;url={Url}";
        return PageResult.Of<ContinuePage, ContinueModel>(new(Url), options).ExecuteAsync(httpContext);
    }
}

public sealed record ContinueModel(string Url);
