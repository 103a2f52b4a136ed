using Gatehouse.Http;

namespace Gatehouse.Pages;

/// <summary>Where pages find what they load.</summary>
internal static class AssetUrls
{
    internal static string Style => Asset.Style.Path;
    internal static string Script => Asset.Script.Path;
    internal static string Passkeys => Asset.Passkeys.Path;
    internal static string Icon => Asset.Icon.Path;

    /// <summary>The tenant's colours, or null where they are ours. The accent in the address makes it safe to keep for ever.</summary>
    internal static string? Brand(TenantContext? tenant) =>
        tenant is null || string.Equals(tenant.Settings.Brand.Accent, BrandSettings.DefaultAccent, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{tenant.PathBase}/assets/brand.css?accent={tenant.Settings.Brand.Accent[1..]}";
}
