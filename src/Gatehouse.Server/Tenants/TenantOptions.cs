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
}
