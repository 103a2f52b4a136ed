namespace Gatehouse.Hosting;

/// <summary>Well-known URLs of tenants that live below a path, in the layout that RFC 8414 §3.1 and RFC 9728 §3.1 prescribe.</summary>
internal static class WellKnownPath
{
    private const string Prefix = "/.well-known/";

    /// <returns><c>/t/acme/.well-known/name</c> for <c>/.well-known/name/t/acme</c>, keeping what follows the slug (RFC 9728 §3.1); else null.</returns>
    internal static string? TryMoveTenantFirst(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var nameEnd = path.IndexOf('/', Prefix.Length);
        if (nameEnd < 0 || !path.AsSpan(nameEnd).StartsWith("/t/")) return null;
        var slugEnd = path.IndexOf('/', nameEnd + 3);
        if (slugEnd < 0) slugEnd = path.Length;
        return string.Concat(path.AsSpan(nameEnd, slugEnd - nameEnd), path.AsSpan(0, nameEnd), path.AsSpan(slugEnd));
    }
}
