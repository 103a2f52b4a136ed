using Gatehouse.Pages;

namespace Gatehouse.Account;

internal sealed class PersianAccountTexts : AccountTexts
{
    internal static PersianAccountTexts Instance { get; } = new();

    public override string Overview => "حساب شما";
    public override string OverviewLead => "آنچه اینجا دربارهٔ شما ثبت شده است.";
    public override string Profile => "مشخصات";
    public override string Name => "نام";
    public override string NotGiven => "ثبت نشده";
    public override string MemberSince => "تاریخ ساختن حساب";
    public override string AccountId => "شناسهٔ حساب";
    public override string Emails => "نشانی‌های ایمیل";
    public override string Primary => "اصلی";
    public override string Verified => "تأییدشده";
    public override string NotVerified => "تأییدنشده";

    public override string Devices => "دستگاه‌ها";
    public override string Sessions => "جاهایی که وارد شده‌اید";
    public override string SessionsLead => "هر چه را نمی‌شناسید پایان دهید و سپس گذرواژهٔ خود را تغییر دهید.";
    public override string BrowserOn(string browser, string system) => $"{Isolate(browser)} روی {Isolate(system)}";
    public override string UnknownBrowser => "مرورگر ناشناخته";
    public override string ThisBrowser => "همین مرورگر";
    public override string LastSeen => "آخرین بازدید";
    public override string SignedIn => "ورود";
    public override string EndSession => "خروج";
    public override string EndOthersTitle => "خروج از همهٔ جاهای دیگر";
    public override string EndOthersText => "اینجا وارد می‌مانید. برنامه‌هایی که جاهای دیگر به کار برده‌اید دسترسی خود را از دست می‌دهند.";
    public override string EndOthers => "خروج از همهٔ جاهای دیگر";
    public override string More => "نمایش بیشتر";

    public override string Password => "گذرواژه";
    public override string PasswordLead => "با تغییر گذرواژه، از همهٔ جاهای دیگر خارج می‌شوید.";
    public override string CurrentPassword => "گذرواژهٔ کنونی";
    public override string NewPassword => "گذرواژهٔ تازه";
    public override string ChangePassword => "تغییر گذرواژه";
    public override string CurrentWrong => "این گذرواژهٔ کنونی شما نیست، یا تلاش‌ها بیش از حد بوده است. آن را بررسی کنید یا چند دقیقه صبر کنید.";
    public override string PasswordChanged => "گذرواژهٔ شما تغییر کرد";
    public override string PasswordChangedText => "از همهٔ جاهای دیگر خارج شده‌اید.";
    public override string ForgotPassword => "گذرواژهٔ کنونی را فراموش کرده‌اید؟";

    public override string TwoStep => "ورود دومرحله‌ای";
    public override string TwoStepLead => "کدی از تلفن شما در کنار گذرواژه.";
    public override string TwoStepWhy => "کسی که گذرواژهٔ شما را بداند، بدون تلفن شما نمی‌تواند وارد شود.";
    public override string CodeApp => "برنامهٔ کدساز در تلفن شما";
    public override string On => "روشن";
    public override string Off => "خاموش";
    public override string LastUsed => "آخرین استفاده";
    public override string SetUp => "تنظیم";
    public override string SetUpApp => "تنظیم تلفن";
    public override string AnotherApp => "تنظیم تلفنی دیگر";
    public override string TurnOff => "خاموش کردن";
    public override string TurnOffTitle => "ورود دومرحله‌ای خاموش شود؟";
    public override string TurnOffText => "از آن پس گذرواژه به‌تنهایی کافی است و کدهای بازیابی از کار می‌افتند.";
    public override string TwoStepRemoved => "ورود دومرحله‌ای خاموش شد";
    public override string TwoStepRemovedText => "آن را از برنامهٔ تلفن خود نیز پاک کنید.";
    public override string TwoStepOn => "ورود دومرحله‌ای روشن شد";
    public override string TwoStepOnText => "در ورود بعدی، کدی از تلفن شما خواسته می‌شود.";
    public override string NewCodes => "ساختن کدهای تازه";
    public override string NewCodesText => "کدهایی که اکنون دارید از کار می‌افتند.";
    public override string Kept => "آنها را نگه داشتم";
    public override string OnSince(string date) => $"روشن از {date}";
    public override string CodesLeft(int count) => $"{Locale.Persian.Number(count)} کد باقی مانده است.";

    public override string Applications => "برنامه‌ها";
    public override string ApplicationsLead => "برنامه‌هایی که اجازه داده‌اید از طرف شما کار کنند.";
    public override string NoApplications => "هنوز برنامه‌ای نیست";
    public override string NoApplicationsText => "هر برنامه‌ای که از شما اجازه بخواهد، پس از موافقت شما اینجا دیده می‌شود.";
    public override string AllowedOn(string date) => $"اجازه داده‌شده در {date}";
    public override string Revoke => "پس گرفتن اجازه";
}
