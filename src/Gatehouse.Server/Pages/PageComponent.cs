using Microsoft.AspNetCore.Components;

namespace Gatehouse.Pages;

/// <summary>Base of everything rendered on a page: gives the page's context and the shared words.</summary>
/// <remarks>
/// Components of every room are <c>public</c> because the Razor compiler makes them so; rooms still use only those of Pages.
/// </remarks>
public abstract class PageComponent : ComponentBase
{
    [CascadingParameter] public PageContext Page { get; set; } = null!;

    protected Texts Text => Page.Text;
}

/// <summary>Base of a whole page. Its first element is a layout (<c>CardLayout</c>, <c>WideLayout</c>).</summary>
public abstract class PageOf<TModel> : PageComponent where TModel : class
{
    [Parameter, EditorRequired] public TModel Model { get; set; } = null!;
}
