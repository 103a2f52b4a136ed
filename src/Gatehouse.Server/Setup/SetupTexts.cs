using Gatehouse.Pages;

namespace Gatehouse.Setup;

/// <summary>The words of the set-up page.</summary>
public abstract class SetupTexts : TextSet
{
    public static SetupTexts For(Locale locale) => Of<SetupTexts>(locale, EnglishSetupTexts.Instance, PersianSetupTexts.Instance);

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string DisplayName { get; }
    public abstract string DisplayNameHint { get; }
    public abstract string AdminEmail { get; }
    public abstract string Finish { get; }
    public abstract string AddressInvalid { get; }
}

internal sealed class EnglishSetupTexts : SetupTexts
{
    internal static EnglishSetupTexts Instance { get; } = new();

    public override string Title => "Set up your server";
    public override string Lead => "Name it and make its first administrator. This page works once.";
    public override string DisplayName => "Name";
    public override string DisplayNameHint => "What people see when they sign in: your company or product.";
    public override string AdminEmail => "Your e-mail address";
    public override string Finish => "Finish";
    public override string AddressInvalid =>
        "The address in your browser cannot become the address of this server: it must begin with https, or with http on localhost. Open the link there, or start the server with --url.";
}

internal sealed class PersianSetupTexts : SetupTexts
{
    internal static PersianSetupTexts Instance { get; } = new();

    public override string Title => "راه‌اندازی سرور";
    public override string Lead => "برای آن نامی بگذارید و نخستین مدیر را بسازید. این صفحه فقط یک بار کار می‌کند.";
    public override string DisplayName => "نام";
    public override string DisplayNameHint => "آنچه افراد هنگام ورود می‌بینند: شرکت یا محصول شما.";
    public override string AdminEmail => "نشانی ایمیل شما";
    public override string Finish => "پایان";
    public override string AddressInvalid =>
        "نشانی مرورگر شما نمی‌تواند نشانی این سرور شود: باید با https آغاز شود، یا با http روی localhost باشد. پیوند را آنجا باز کنید، یا سرور را با ‎--url‎ راه‌اندازی کنید.";
}
