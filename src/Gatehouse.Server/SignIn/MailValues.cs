using System.Globalization;

namespace Gatehouse.SignIn;

/// <summary>What this room's messages may say: the placeholders of the shipped templates.</summary>
internal static class MailValues
{
    internal static Dictionary<string, string> Of(string link, TimeSpan lifetime) => new(StringComparer.Ordinal)
    {
        ["link"] = link,
        ["minutes"] = ((int)lifetime.TotalMinutes).ToString(CultureInfo.InvariantCulture),
    };
}
