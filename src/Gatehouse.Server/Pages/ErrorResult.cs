namespace Gatehouse.Pages;

/// <param name="Code">One of <see cref="Texts.ErrorCodes"/>; others show the general text.</param>
/// <param name="OnwardPath">Where the button leads: a path inside the tenant, or null for none.</param>
/// <param name="OnwardLabel">What the button says; null: "Continue".</param>
public sealed record ErrorModel(string Code, string? OnwardPath = null, string? OnwardLabel = null);

/// <summary>The friendly page for what went wrong.</summary>
public static class ErrorResult
{
    public static PageResult Of(int status, string code, string? onwardPath = null, string? onwardLabel = null) =>
        Of(new PageOptions(Status: status), code, onwardPath, onwardLabel);

    public static PageResult Of(PageOptions options, string code, string? onwardPath = null, string? onwardLabel = null) =>
        PageResult.Of<ErrorPage, ErrorModel>(new(code, onwardPath, onwardLabel), options);
}
