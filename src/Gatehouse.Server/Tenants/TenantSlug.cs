namespace Gatehouse.Tenants;

/// <summary>A tenant's name in subdomains and paths: a DNS label (RFC 1123 §2.1) in lower case, so that it can always become one.</summary>
internal static class TenantSlug
{
    internal static bool IsValid(string? text)
    {
        if (text is null || text.Length is < 1 or > 63 || text[0] == '-' || text[^1] == '-') return false;
        foreach (var c in text)
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return false;
        // "xn--" labels are international names in disguise (RFC 5890 §2.3.1).
        return !text.StartsWith("xn--", StringComparison.Ordinal);
    }
}
