using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Users;

namespace Gatehouse.Sessions;

/// <summary>Tells a person by mail what a browser or program has come to be to her account.</summary>
public static class DeviceNotice
{
    /// <summary>It signed in as her and never had. Never sent for an account's first session.</summary>
    public const string New = "new_device";

    /// <summary>From now on it stands in for her second step.</summary>
    public const string Trusted = "device_trusted";

    /// <param name="locale">Used when the user has chosen no language.</param>
    public static Mail Of(string template, TenantContext tenant, User user, UserEmail email, string locale, RequestFacts request, DateTimeOffset now) =>
        new(email.Address, template, user.Locale ?? locale, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["link"] = tenant.Url("/account/sessions"),
            ["device"] = DeviceName.Of(request.UserAgent).Words,
            ["ip"] = request.IpAddress,
            ["time"] = MailTime.Text(now),
        }) { About = user.Id };
}
