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
    private const int PerHour = 60;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    internal static ValueTask<bool> TryTakeAsync(TenantTransaction tx, RateLimit limits, string bucket, RequestFacts request, CancellationToken ct) =>
        limits.TryTakeAsync(tx, bucket, RateLimit.AddressKey(request.IpAddress), PerHour, Window, ct);

    internal static PageResult Exhausted() => ErrorResult.Of(new PageOptions(StatusCodes.Status429TooManyRequests, RetryAfter: Window), "too_many");
}
