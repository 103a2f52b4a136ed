namespace Gatehouse.Tenants;

/// <summary>How tenants are reached. Section <c>Hosting</c>.</summary>
public sealed class TenantOptions
{
    public const string Section = "Hosting";

    /// <summary>
    /// Domain below which every tenant answers as <c>{slug}.{BaseDomain}</c>, for example <c>id.example.com</c>; with a port where it is
    /// not the scheme's own. Empty (the default): tenants are reached by their own domains and by <c>/t/{slug}</c> only.
    /// </summary>
    public string BaseDomain { get; set; } = "";

    /// <summary>
    /// The server's own base URL, for example <c>https://id.example.com</c>: the issuer of tenant <c>main</c> when the first run is done in
    /// a browser. Empty (the default): the address at which the browser opened the set-up page.
    /// </summary>
    public string Url { get; set; } = "";
}
