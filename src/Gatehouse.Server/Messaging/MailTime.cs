using System.Globalization;

namespace Gatehouse.Messaging;

/// <summary>How messages say a time, and pages that speak of the same one: to the minute and with its zone, so that they can be compared.</summary>
public static class MailTime
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
