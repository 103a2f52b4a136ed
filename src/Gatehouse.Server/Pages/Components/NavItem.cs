namespace Gatehouse.Pages.Components;

/// <param name="Icon">A name that <see cref="Components.Icon"/> knows.</param>
public sealed record NavItem(string Href, string Label, string Icon, bool Current);

public sealed record TrailStep(string Href, string Label);
