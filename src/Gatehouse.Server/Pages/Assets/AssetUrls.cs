using Gatehouse.Http;

namespace Gatehouse.Pages;

/// <summary>Where pages find what they load.</summary>
internal static class AssetUrls
{
    internal static string Style => Asset.Style.Path;
    internal static string Script => Asset.Script.Path;
    internal static string Passkeys => Asset.Passkeys.Path;
    internal static string Icon => Asset.Icon.Path;

    /// <summary>The page's colours, or null where they are ours. The accent in the address makes it safe to keep for ever.</summary>
    internal static string? Brand(PageContext page) =>
        page.Tenant is null || string.Equals(page.Accent, BrandSettings.DefaultAccent, StringComparison.OrdinalIgnoreCase)
            ? null
            : page.Link($"/assets/brand.css?accent={page.Accent[1..].ToLowerInvariant()}");
}
