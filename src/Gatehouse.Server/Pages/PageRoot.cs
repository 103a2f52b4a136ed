using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Gatehouse.Pages;

/// <summary>The root of every render: cascades the context to the page it is given.</summary>
internal sealed class PageRoot : IComponent
{
    private RenderHandle handle;

    public void Attach(RenderHandle renderHandle) => handle = renderHandle;

    public Task SetParametersAsync(ParameterView parameters)
    {
        var context = parameters.GetValueOrDefault<PageContext>(nameof(PageContext))!;
        var content = parameters.GetValueOrDefault<RenderFragment>(nameof(RenderFragment))!;
        handle.Render(builder => Cascade(builder, context, content));
        return Task.CompletedTask;
    }

    private static void Cascade(RenderTreeBuilder builder, PageContext context, RenderFragment content)
    {
        builder.OpenComponent<CascadingValue<PageContext>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), context);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), content);
        builder.CloseComponent();
    }
}
