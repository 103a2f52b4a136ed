using System.Globalization;
using Gatehouse.Messaging;
using Gatehouse.Sessions;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>Tells a person by mail that a browser or program signed in as her which never had. Never sent for an account's first session.</summary>
internal static class NewDeviceNotice
{
    internal static Mail Of(Run run, User user, UserEmail email, DateTimeOffset now)
    {
        // Our own words for it, never the header's: whoever signs in chooses that, and would be writing to her.
        var device = DeviceName.Of(run.Request.UserAgent);
        var name = device.Known ? $"{device.Browser}, {device.System}" : device.Browser.Length + device.System.Length > 0 ? device.Browser + device.System : "?";
        return new(email.Address, "new_device", user.Locale ?? run.Locale, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["link"] = run.Tenant.Url("/account/sessions"),
            ["device"] = name,
            ["ip"] = run.Request.IpAddress,
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        }) { About = user.Id };
    }
}
