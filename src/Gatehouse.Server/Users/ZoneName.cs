using System.Text.RegularExpressions;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>The IANA name of a time zone, or none: OpenID Connect Core §5.1, <c>zoneinfo</c>.</summary>
public readonly partial record struct ZoneName(string? Value)
{
    // Without the time zone database (a bare container) only the shape can be judged.
    private static readonly Lazy<IReadOnlyList<string>> known = new(() =>
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

    /// <summary>The zones that this machine knows, for choosing from; perhaps none.</summary>
    public static IReadOnlyList<string> Known => known.Value;

    /// <returns>The name (absent for null or empty), or <c>zoneinfo_invalid</c>.</returns>
    internal static Result<ZoneName, Problem> Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new ZoneName(null);
        return text.Length <= 64 && Shape().IsMatch(text) && (Known.Count == 0 || text == "UTC" || TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId)
            ? new ZoneName(text)
            : Problem.Invalid("zoneinfo_invalid", "A time zone is an IANA name such as Asia/Tehran.", "zoneinfo");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$")]
    private static partial Regex Shape();
}
