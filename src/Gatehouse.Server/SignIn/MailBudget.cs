using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>
/// How often one network address may make us send mail to whomever it likes. Addresses have their own, smaller budget in Messaging,
/// whose exhaustion is never shown; this one is the asker's own doing and may be.
/// </summary>
internal static class MailBudget
{
    private const int PerHour = 60, PerSiteAndHour = 600;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <returns>False when there is none left; then the caller does not commit.</returns>
    internal static async ValueTask<bool> TryTakeAsync(TenantTransaction tx, RateLimit limits, string bucket, RequestFacts request, CancellationToken ct)
    {
        var (address, site) = (RateLimit.AddressKey(request.IpAddress), RateLimit.SiteKey(request.IpAddress));
        if (!await limits.TryTakeAsync(tx, bucket, address, PerHour, Window, ct)) return false;
        // Who holds an IPv6 /48 has 65,536 networks to ask from.
        return string.Equals(address, site, StringComparison.Ordinal) || await limits.TryTakeAsync(tx, bucket, site, PerSiteAndHour, Window, ct);
    }

    internal static PageResult Exhausted() => ErrorResult.Of(new PageOptions(StatusCodes.Status429TooManyRequests, RetryAfter: Window), "too_many");
}
