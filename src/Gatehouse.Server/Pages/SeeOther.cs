using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>303: after a form, look there (RFC 9110 §15.4.4). A reload then repeats the look and not the form.</summary>
/// <param name="url">A complete path (<c>tenant.PathBase</c> included) or an absolute URL of our own.</param>
public sealed class SeeOther(string url) : IResult
{
    public string Url { get; } = url;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = Url;
        response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
