using System.Globalization;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>
/// Versions as entity tags (RFC 9110 §8.8.3): <c>ETag: "v7"</c>. A caller that sends <c>If-Match</c> changes only what it has seen.
/// The handler repeats the version in its conditional statement: this check alone is read-then-write.
/// </summary>
public static class ETags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    /// <summary>Sets the <c>ETag</c> of the response.</summary>
    public static void Set(HttpContext http, long version) => http.Response.Headers.ETag = Of(version);

    /// <summary>RFC 9110 §13.1.1: <c>*</c>, or a list of tags of which one is the current one. Weak tags never match.</summary>
    /// <returns>Null when the request may go on: no <c>If-Match</c>, or one that fits.</returns>
    public static Problem? Check(HttpContext http, long version)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count == 0) return null;
        var current = Of(version);
        foreach (var line in header)
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
                if (part is "*" || string.Equals(part, current, StringComparison.Ordinal)) return null;
        return Changed;
    }

    /// <summary>Somebody else was faster, or the caller had seen an older version.</summary>
    public static Problem Changed { get; } =
        Problem.PreconditionFailed("version_mismatch", "This has changed since you read it. Read it again and repeat the change on what you find.");
}
