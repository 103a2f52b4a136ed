namespace Gatehouse.Tenants;

/// <summary>Host headers as addresses are stored: lower case, without the port that the scheme implies anyway.</summary>
public static class HostText
{
    /// <summary>Allocates only when the text is not in that form already. Both default ports go: a proxy may end TLS before us.</summary>
    public static string Normalize(string host)
    {
        if (host.EndsWith(":443", StringComparison.Ordinal)) host = host[..^4];
        else if (host.EndsWith(":80", StringComparison.Ordinal)) host = host[..^3];
        foreach (var c in host)
            if (c is >= 'A' and <= 'Z') return host.ToLowerInvariant();
        return host;
    }
}
