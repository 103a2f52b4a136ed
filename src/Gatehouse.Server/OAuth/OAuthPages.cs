using Gatehouse.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>This room's pages for what cannot be told to an application.</summary>
internal static class OAuthPages
{
    /// <summary>For the person: what to do. For the application's developer: what was wrong.</summary>
    internal static PageResult Refused(OAuthError error) =>
        PageResult.Of<RefusedPage, RefusedModel>(new(error.Code, error.Description), new PageOptions(Status: error.Status == 401 ? StatusCodes.Status400BadRequest : error.Status));

    /// <summary>The interaction is over, was begun in another browser, or never was.</summary>
    internal static IResult Expired() => ErrorResult.Of(StatusCodes.Status400BadRequest, "interaction_expired");
}

public sealed record RefusedModel(string Code, string Description);
