using Gatehouse.Pages;

namespace Gatehouse.Impersonation;

/// <summary>The words of this room's page and of the banner.</summary>
public abstract class ImpersonationTexts : TextSet
{
    public static ImpersonationTexts For(Locale locale) => Of<ImpersonationTexts>(locale, EnglishImpersonationTexts.Instance, PersianImpersonationTexts.Instance);

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string Reason { get; }
    public abstract string Limits(string minutes);
    public abstract string Begin { get; }
    public abstract string Cancel { get; }
    public abstract string Banner(string name);
    public abstract string End { get; }
}

internal sealed class EnglishImpersonationTexts : ImpersonationTexts
{
    internal static EnglishImpersonationTexts Instance { get; } = new();

    public override string Title => "Act as this person?";
    public override string Lead => "Applications will take you for her. She is told, and the audit keeps what you do.";
    public override string Reason => "Your reason";
    public override string Limits(string minutes) => $"For {minutes} minutes at most. Her credentials, addresses, devices and consents stay closed to you.";
    public override string Begin => "Begin";
    public override string Cancel => "Don’t";
    public override string Banner(string name) => $"You are acting as {Isolate(name)}.";
    public override string End => "End impersonation";
}

internal sealed class PersianImpersonationTexts : ImpersonationTexts
{
    internal static PersianImpersonationTexts Instance { get; } = new();

    public override string Title => "به‌جای این شخص کار می‌کنید؟";
    public override string Lead => "برنامه‌ها شما را به‌جای او می‌گیرند. به او خبر داده می‌شود و کارهای شما ثبت می‌شود.";
    public override string Reason => "دلیل شما";
    public override string Limits(string minutes) => $"حداکثر {minutes} دقیقه. رمزها، نشانی‌ها، دستگاه‌ها و اجازه‌های او برای شما بسته می‌ماند.";
    public override string Begin => "آغاز";
    public override string Cancel => "انصراف";
    public override string Banner(string name) => $"شما اکنون به‌جای {Isolate(name)} کار می‌کنید.";
    public override string End => "پایان این کار";
}
