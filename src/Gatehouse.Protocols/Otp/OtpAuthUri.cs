using System.Globalization;

namespace Gatehouse.Protocols.Otp;

/// <summary>
/// What a QR code for an authenticator application says: <c>otpauth://totp/Issuer:account?secret=…</c>, the "Key URI Format" of Google
/// Authenticator's documentation, which all of them read.
/// </summary>
public static class OtpAuthUri
{
    /// <summary>Most characters of issuer and account: more makes a code that cameras read badly.</summary>
    public const int MaxLabelLength = 120;

    /// <param name="issuer">Who asks for the code; shown above it. A colon would end it early and becomes a space.</param>
    /// <param name="account">Whose code it is.</param>
    public static string Of(string issuer, string account, ReadOnlySpan<byte> key, int digits = 6, OtpAlgorithm algorithm = OtpAlgorithm.Sha1, int periodSeconds = Totp.PeriodSeconds)
    {
        var (who, whose) = (Escape(issuer), Escape(account));
        return string.Create(CultureInfo.InvariantCulture,
            $"otpauth://totp/{who}:{whose}?secret={KeyText.Encode(key)}&issuer={who}&algorithm={algorithm.ToString().ToUpperInvariant()}&digits={digits}&period={periodSeconds}");
    }

    private static string Escape(string label)
    {
        var text = label.Replace(':', ' ').Trim();
        if (text.Length > MaxLabelLength) text = text[..(char.IsHighSurrogate(text[MaxLabelLength - 1]) ? MaxLabelLength - 1 : MaxLabelLength)];
        return Uri.EscapeDataString(text);
    }
}
