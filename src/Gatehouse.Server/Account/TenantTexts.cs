using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words of the page about tenants of one's own.</summary>
public abstract class TenantTexts : TextSet
{
    public static TenantTexts For(Locale locale) => Of<TenantTexts>(locale, EnglishTenantTexts.Instance, PersianTenantTexts.Instance);

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string Register { get; }
    public abstract string RegisterText { get; }
    public abstract string Name { get; }
    public abstract string Slug { get; }
    public abstract string SlugHint { get; }
    public abstract string Domain { get; }
    public abstract string DomainHint { get; }
    public abstract string RegisterNow { get; }
    public abstract string Closed { get; }
    public abstract string ClosedText { get; }
    public abstract string Open { get; }
    public abstract string Withdraw { get; }
    public abstract string Verify { get; }
    public abstract string ProveDomain(string domain);
    public abstract string RecordName { get; }
    public abstract string RecordValue { get; }
    public abstract string OpenUntil(string date);
    public abstract string MailSent { get; }

    /// <summary>The state of a registration.</summary>
    public abstract string State(string code);
    public static IReadOnlyList<string> StateCodes { get; } = ["pending", "active", "refused", "withdrawn", "expired"];

    /// <summary>What is wrong, and what to do.</summary>
    public abstract string Problem(string code);
    public static IReadOnlyList<string> ProblemCodes { get; } =
    [
        "tenant_registration_closed", "email_unverified", "tenant_quota_reached", "tenants_full", "slug_taken", "slug_invalid", "display_name_invalid", "domain_required", "domain_invalid", "domain_shared", "domain_not_proved",
        "tenant_registration_over", "tenant_registrations_too_many", "other",
    ];
}

internal sealed class EnglishTenantTexts : TenantTexts
{
    internal static EnglishTenantTexts Instance { get; } = new();

    public override string Title => "Your tenants";
    public override string Lead => "Places of your own, with their own people, applications and keys.";
    public override string Register => "Register a tenant";
    public override string RegisterText => "You become its first administrator, with your primary email address. A message there lets you set a password.";
    public override string Name => "Display name";
    public override string Slug => "Name in addresses";
    public override string SlugHint => "3 to 63 lower-case letters, digits and hyphens. It cannot be changed.";
    public override string Domain => "Your domain";
    public override string DomainHint => "For example example.com. You prove it by a record.";
    public override string RegisterNow => "Register";
    public override string Closed => "Nobody can register tenants here";
    public override string ClosedText => "Ask the people who run this place.";
    public override string Open => "Open";
    public override string Withdraw => "Withdraw";
    public override string Verify => "Check now";
    public override string ProveDomain(string domain) => $"Publish this TXT record to prove that {Isolate(domain)} is yours, then have it checked.";
    public override string RecordName => "Name";
    public override string RecordValue => "Value";
    public override string OpenUntil(string date) => $"Open until {date}";
    public override string MailSent => "A message at your address lets you in.";

    public override string State(string code) => code switch
    {
        "pending" => "Waiting", "active" => "Ready", "refused" => "Refused", "withdrawn" => "Withdrawn", _ => "Over",
    };

    public override string Problem(string code) => code switch
    {
        "tenant_registration_closed" => "Nobody can register tenants here at the moment.",
        "email_unverified" => "Confirm your primary email address first.",
        "tenant_quota_reached" => "You have as many tenants as one person may have here.",
        "tenants_full" => "No more tenants can be registered here. Ask the people who run this place.",
        "slug_taken" => "That name is taken. Choose another one.",
        "slug_invalid" => "Choose 3 to 63 lower-case letters, digits and hyphens; some names are reserved.",
        "display_name_invalid" => "Enter a display name of 1 to 100 characters.",
        "domain_required" => "Enter a domain that is yours.",
        "domain_invalid" => "Enter a domain with at least two parts, such as example.com.",
        "domain_shared" => "Many people have addresses at this domain. Enter one of your own.",
        "domain_not_proved" => "The record was not found yet. New records may take a while to be seen.",
        "tenant_registration_over" => "That registration is over.",
        "tenant_registrations_too_many" => "You tried this often. Wait an hour and try again.",
        _ => "This did not work. Try again.",
    };
}

internal sealed class PersianTenantTexts : TenantTexts
{
    internal static PersianTenantTexts Instance { get; } = new();

    public override string Title => "مستأجرهای شما";
    public override string Lead => "جاهایی از آنِ خودتان، با کاربران، برنامه‌ها و کلیدهای خودشان.";
    public override string Register => "ثبت یک مستأجر";
    public override string RegisterText => "شما با نشانی ایمیل اصلی‌تان نخستین مدیر آن می‌شوید. پیامی به همان نشانی می‌رسد تا گذرواژه بگذارید.";
    public override string Name => "نام نمایشی";
    public override string Slug => "نام در نشانی‌ها";
    public override string SlugHint => "۳ تا ۶۳ حرف کوچک لاتین، رقم و خط تیره. دیگر تغییر نمی‌کند.";
    public override string Domain => "دامنهٔ شما";
    public override string DomainHint => "برای نمونه example.com. با یک رکورد اثباتش می‌کنید.";
    public override string RegisterNow => "ثبت";
    public override string Closed => "این‌جا کسی نمی‌تواند مستأجر ثبت کند";
    public override string ClosedText => "از گردانندگان این سرویس بپرسید.";
    public override string Open => "باز کردن";
    public override string Withdraw => "پس گرفتن";
    public override string Verify => "اکنون بررسی کن";
    public override string ProveDomain(string domain) => $"برای اثبات این‌که {Isolate(domain)} از آنِ شماست این رکورد TXT را منتشر کنید و سپس بررسی را بخواهید.";
    public override string RecordName => "نام";
    public override string RecordValue => "مقدار";
    public override string OpenUntil(string date) => $"مهلت تا {date}";
    public override string MailSent => "پیامی به نشانی شما راه ورود را می‌گشاید.";

    public override string State(string code) => code switch
    {
        "pending" => "در انتظار", "active" => "آماده", "refused" => "رد شده", "withdrawn" => "پس گرفته شده", _ => "پایان یافته",
    };

    public override string Problem(string code) => code switch
    {
        "tenant_registration_closed" => "اکنون کسی نمی‌تواند این‌جا مستأجر ثبت کند.",
        "email_unverified" => "نخست نشانی ایمیل اصلی خود را تأیید کنید.",
        "tenant_quota_reached" => "به اندازه‌ای که یک نفر می‌تواند، این‌جا مستأجر دارید.",
        "tenants_full" => "دیگر مستأجری این‌جا ثبت نمی‌شود. از گردانندگان این سرویس بپرسید.",
        "slug_taken" => "این نام گرفته شده است. نام دیگری برگزینید.",
        "slug_invalid" => "۳ تا ۶۳ حرف کوچک لاتین، رقم و خط تیره برگزینید؛ برخی نام‌ها کنار گذاشته شده‌اند.",
        "display_name_invalid" => "نامی با ۱ تا ۱۰۰ نویسه وارد کنید.",
        "domain_required" => "دامنه‌ای از آنِ خودتان وارد کنید.",
        "domain_invalid" => "دامنه‌ای با دست‌کم دو بخش وارد کنید، مانند example.com.",
        "domain_shared" => "کسان بسیاری در این دامنه نشانی دارند. دامنهٔ خودتان را وارد کنید.",
        "domain_not_proved" => "رکورد هنوز پیدا نشد. دیده شدن رکوردهای تازه زمان می‌برد.",
        "tenant_registration_over" => "این ثبت پایان یافته است.",
        "tenant_registrations_too_many" => "بسیار آزموده‌اید. یک ساعت صبر کنید و دوباره تلاش کنید.",
        _ => "انجام نشد. دوباره تلاش کنید.",
    };
}
