namespace Gatehouse.Organizations.Domains;

/// <summary>How domains of organizations are checked. Section <c>Domains</c>.</summary>
public sealed class DomainOptions
{
    public const string Section = "Domains";

    /// <summary>
    /// Name server that is asked for the TXT record, as address or <c>address:port</c> (<c>[::1]:5353</c> for IPv6): one that you trust, near by. Empty (the default): the first of this
    /// machine's (<c>/etc/resolv.conf</c>).
    /// </summary>
    public string NameServer { get; set; } = "";
}
