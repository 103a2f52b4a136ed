using System.Globalization;
using System.Text;

namespace Gatehouse.Audit;

/// <summary>
/// An entry as an RFC 5424 message with the octet count of RFC 5425 §4.3 (and RFC 6587 §3.4.1) before it. Everything is ASCII: the body is
/// JSON, whose control characters are escaped, so that nothing an entry holds can begin another message.
/// </summary>
internal static class SyslogMessage
{
    // Facility 13 is "log audit"; severities: notice for what was done, warning for what failed or was denied.    RFC 5424 §6.2.1
    private const int Facility = 13, Notice = 5, Warning = 4;

    internal static byte[] Frame(string tenant, AuditRow row, string body)
    {
        var text = new StringBuilder(256 + body.Length).Append('<').Append((Facility * 8 + (row.Outcome == "success" ? Notice : Warning)).ToString(CultureInfo.InvariantCulture)).Append(">1 ")
            .Append(AuditCanonical.Time(row.At)).Append(' ').Append(Name(Environment.MachineName, 255)).Append(" gatehouse - ").Append(Name(row.Action, 32))
            .Append(" [gatehouse@32473 tenant=\"").Append(Value(tenant)).Append("\" seq=\"").Append(row.Seq!.Value.ToString(CultureInfo.InvariantCulture))
            .Append("\" id=\"").Append(Value(row.Id.ToString())).Append("\" outcome=\"").Append(Value(row.Outcome)).Append("\"] ").Append(Printable(body));
        var message = Encoding.ASCII.GetBytes(text.ToString());
        return [.. Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture) + " "), .. message];
    }

    /// <summary>PRINTUSASCII without spaces; the nil value for nothing.                                             RFC 5424 §6</summary>
    internal static string Name(string text, int max)
    {
        var name = string.Concat(text.Where(c => c is > ' ' and <= '~').Take(max));
        return name.Length == 0 ? "-" : name;
    }

    /// <summary>In a parameter's value, <c>"</c>, <c>\</c> and <c>]</c> are escaped.                                RFC 5424 §6.3.3</summary>
    internal static string Value(string text) => Printable(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    // The body is escaped JSON already; this holds whatever comes here.
    private static string Printable(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
