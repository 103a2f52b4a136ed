using Gatehouse.Pages;
using Gatehouse.Pages.Components;

namespace Gatehouse.Console;

/// <summary>Base of this room's pages: adds the room's words and its navigation.</summary>
public abstract class ConsolePageOf<TModel> : PageOf<TModel> where TModel : class
{
    protected ConsoleTexts Words => ConsoleTexts.For(Page.Locale);

    protected string SignOutHref => Page.Link("/signout");

    /// <param name="current">The section that the page belongs to.</param>
    protected IReadOnlyList<NavItem> Nav(string current) =>
    [
        new(Page.Link(ConsolePaths.Applications), Words.Applications, "app", current == ConsolePaths.Applications),
        new(Page.Link(ConsolePaths.Users), Words.Users, "user", current == ConsolePaths.Users),
    ];

    /// <summary>What is wrong, at the field that the form has for it.</summary>
    protected FormErrors Errors(FormProblem? problem) => problem is null ? FormErrors.None : new(new FormError(problem.Field, Words.Problem(problem.Code)));
}

/// <param name="Field">The form's field, or empty for the form as a whole.</param>
public sealed record FormProblem(string Code, string Field)
{
    /// <param name="fields">The fields the form has; a problem with anything else is the whole form's.</param>
    internal static FormProblem Of(Kernel.Problem problem, params ReadOnlySpan<string> fields) =>
        new(problem.Code, problem.Field is { } field && fields.Contains(field) ? field : "");
}

internal static class ConsolePaths
{
    internal const string Root = "/console", Applications = "/console/applications", New = "/console/applications/new", Users = "/console/users";

    internal static string Application(string id) => $"{Applications}/{id}";
}
