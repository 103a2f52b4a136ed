using System.Globalization;

namespace Gatehouse.Messaging;

/// <summary>Every text message the product sends, in every language. Short: each 70 characters of Persian, or 160 of English, are paid for.</summary>
internal static class SmsKinds
{
    private const int MaxName = 24;

    private static readonly Dictionary<string, (string English, string Persian)> messages = new(StringComparer.Ordinal)
    {
        ["sign_in_code"] = ("{0} is your sign-in code for {1}. It works for {2} minutes. Tell it to nobody.", "کد ورود شما به {1}: {0}\nتا {2} دقیقه معتبر است. آن را به کسی نگویید."),
        ["reset_code"] = ("{0} is your code for a new password at {1}. It works for {2} minutes. Tell it to nobody.", "کد گذرواژهٔ تازه در {1}: {0}\nتا {2} دقیقه معتبر است. آن را به کسی نگویید."),
        ["recovery_code"] = ("{0} is your code to recover your account at {1}. It works for {2} minutes. Tell it to nobody.", "کد بازیابی حساب شما در {1}: {0}\nتا {2} دقیقه معتبر است. آن را به کسی نگویید."),
        // No code and no link: what to do stands in her mail.
        ["recovery_started"] = ("A recovery of your account at {1} has begun. If it was not you, cancel it: see your mail.", "بازیابی حساب شما در {1} آغاز شد. اگر کار شما نیست، آن را لغو کنید: ایمیل خود را ببینید."),
        ["verify_phone"] = ("{0} is the code to confirm this number at {1}. It works for {2} minutes.", "کد تأیید این شماره در {1}: {0}\nتا {2} دقیقه معتبر است."),
    };

    internal static IEnumerable<string> All => messages.Keys;

    internal static bool Exists(string name) => messages.ContainsKey(name);

    /// <summary>
    /// The words, and on the last line for which site the code is, as browsers read it (WICG, Origin-bound one-time codes): what offers it
    /// for filling in does so on that site only.
    /// </summary>
    internal static string Write(string name, string locale, string tenant, string host, string code, int minutes)
    {
        var shown = OneLine(tenant);
        if (shown.Length > MaxName) shown = shown[..(MaxName - (char.IsHighSurrogate(shown[MaxName - 1]) ? 2 : 1))] + "…";
        var (english, persian) = messages[name];
        var number = minutes.ToString(CultureInfo.InvariantCulture);
        var words = locale == "fa"
            ? string.Format(CultureInfo.InvariantCulture, persian, code, shown, PersianMails.Digits(number))
            : string.Format(CultureInfo.InvariantCulture, english, code, shown, number);
        return code.Length == 0 ? words : $"{words}\n\n@{host} #{code}";
    }

    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);
}
