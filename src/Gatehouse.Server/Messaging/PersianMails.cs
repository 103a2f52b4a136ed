namespace Gatehouse.Messaging;

/// <summary>The shipped messages in Persian.</summary>
internal static class PersianMails
{
    private const string Fallback = "اگر دکمه کار نکرد، این نشانی را در مرورگر خود وارد کنید:";
    private const string OnceOnly = "این پیوند تا {{minutes}} دقیقه معتبر است و فقط یک بار کار می‌کند.";

    private static readonly Dictionary<string, ShippedMail> Messages = new(StringComparer.Ordinal)
    {
        ["verify_email"] = new(
            "نشانی ایمیل خود را برای {{tenant}} تأیید کنید", "نشانی ایمیل خود را تأیید کنید",
            ["برای استفاده از {{email}} در {{tenant}}، تأیید کنید که این نشانی از آنِ شماست."],
            "تأیید نشانی ایمیل",
            [OnceOnly, "اگر شما این را نخواسته‌اید، این پیام را نادیده بگیرید. هیچ اتفاقی نمی‌افتد."], Fallback),
        ["reset_password"] = new(
            "بازنشانی گذرواژهٔ شما در {{tenant}}", "بازنشانی گذرواژه",
            ["درخواستی برای بازنشانی گذرواژهٔ حساب شما در {{tenant}} دریافت کردیم. اگر خودتان آن را فرستاده‌اید، گذرواژهٔ تازه‌ای انتخاب کنید."],
            "انتخاب گذرواژهٔ تازه",
            [OnceOnly, "اگر کار شما نبوده است، این پیام را نادیده بگیرید. گذرواژهٔ شما تغییری نمی‌کند."], Fallback),
        ["already_registered"] = new(
            "شما از پیش در {{tenant}} حساب دارید", "شما از پیش حساب دارید",
            ["کسی، به احتمال زیاد خودتان، خواست با نشانی {{email}} در {{tenant}} ثبت‌نام کند. این نشانی از پیش حساب دارد و می‌توانید با آن وارد شوید."],
            "ورود",
            ["اگر گذرواژهٔ خود را فراموش کرده‌اید، هنگام ورود «گذرواژه را فراموش کرده‌اید؟» را انتخاب کنید.", "اگر کار شما نبوده است، این پیام را نادیده بگیرید. چیزی تغییر نکرده است."], Fallback),
        ["password_changed"] = new(
            "گذرواژهٔ شما در {{tenant}} تغییر کرد", "گذرواژهٔ شما تغییر کرد",
            ["گذرواژهٔ حساب شما در {{tenant}} ({{email}}) هم‌اکنون تغییر کرد. اگر خودتان این کار را کرده‌اید، نیازی به کار دیگری نیست.",
             "اگر کار شما نبوده است، همین حالا گذرواژهٔ خود را بازنشانی کنید."],
            "بازنشانی گذرواژه",
            [], Fallback),
    };

    internal static ShippedMail Find(string name) => Messages[name];

    /// <summary>Numbers within a Persian sentence: ۰۱۲۳۴۵۶۷۸۹.</summary>
    internal static string Digits(string number) => string.Create(number.Length, number, static (span, text) =>
    {
        for (var i = 0; i < text.Length; i++) span[i] = char.IsAsciiDigit(text[i]) ? (char)('\u06F0' + (text[i] - '0')) : text[i];
    });
}
