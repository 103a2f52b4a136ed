namespace Gatehouse.Vault;

/// <summary>Where the master key is. Section <c>Vault</c>. At most one of the two is set.</summary>
public sealed class VaultOptions
{
    public const string Section = "Vault";

    /// <summary>
    /// The master key itself: 32 bytes in base64 (<c>openssl rand -base64 32</c>). Empty (the default): see <see cref="MasterKeyFile"/>.
    /// </summary>
    public string MasterKey { get; set; } = "";

    /// <summary>
    /// A file that holds the master key in the same form, for example a mounted secret. Empty (the default):
    /// <c>master.key</c> in <c>Storage:DataDirectory</c>, which is made at the first start on a new database.
    /// </summary>
    public string MasterKeyFile { get; set; } = "";
}
