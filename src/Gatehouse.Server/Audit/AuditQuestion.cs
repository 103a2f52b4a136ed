using System.Globalization;
using System.Net;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>The filters of a list, an export or anything else that asks for entries, as they stand in the query.</summary>
internal static class AuditQuestion
{
    private const int MaxFilterLength = 400;

    /// <returns>The filter; its <see cref="AuditFilter.IpMac"/> is not filled in yet, which takes the tenant's key.</returns>
    internal static Result<AuditFilter, Problem> Parse(string? actor, string? target, string? action, string? outcome, string? organization, string? ip, string? from, string? to, Caller caller)
    {
        if (Unfit(actor) || Unfit(target) || Unfit(action))
            return Problem.BadRequest("filter_invalid", $"actor, target and action have 1 to {MaxFilterLength} characters.");
        if (action is not null && action.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && (star != action.Length - 1 || !action.EndsWith(".*", StringComparison.Ordinal) || action.IndexOf('.', StringComparison.Ordinal) != action.Length - 2 || action.Length < 3))
            return Problem.BadRequest("filter_invalid", "action is a whole name, or a noun and .* such as user.*.", "action");
        if (outcome is not (null or "success" or "failure" or "denied")) return Problem.BadRequest("filter_invalid", "outcome is success, failure or denied.", "outcome");
        if (!TryTime(from, out var since) || !TryTime(to, out var until))
            return Problem.BadRequest("time_invalid", "from and to are RFC 3339 times, such as 2026-01-31T12:00:00Z.");
        OrganizationId? inside = null;
        if (organization is not null)
        {
            if (!OrganizationId.TryParse(organization, out var id)) return Problem.BadRequest("filter_invalid", "organization is an organization's id.", "organization");
            inside = id;
        }
        string? address = null;
        if (ip is not null)
        {
            // Whoever may not see addresses may not ask for one either: "is there an entry from here" answers the same question.
            if (!AuditMask.SeesPersons(caller)) return Problem.Forbidden("audit_pii_required", $"Asking by address takes the scope {Scopes.AuditPii}.");
            if (!IPAddress.TryParse(ip, out var parsed)) return Problem.BadRequest("filter_invalid", "ip is an IPv4 or IPv6 address.", "ip");
            address = (parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed).ToString();
        }
        return new AuditFilter(actor, target, action, since, until) { Outcome = outcome, Organization = inside, Ip = address };
    }

    private static bool Unfit(string? filter) => filter is not null && (filter.Length is 0 or > MaxFilterLength || filter.Contains('\0', StringComparison.Ordinal));

    private static bool TryTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)) return false;
        time = parsed.Year is > 1970 and < 9999 ? parsed : null;
        return time is not null;
    }
}
