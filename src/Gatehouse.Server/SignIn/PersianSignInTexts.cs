using Gatehouse.Credentials;

namespace Gatehouse.SignIn;

internal sealed class PersianSignInTexts : SignInTexts
{
    internal static PersianSignInTexts Instance { get; } = new();

    public override string SignInTitle => "ورود";
    public override string ContinueTo(string application) => $"برای ادامه در {Isolate(application)}";
    public override string NoAccount => "هنوز حساب ندارید؟";
    public override string SignUp => "ثبت‌نام";

    public override string UsePasskey => "ورود با گذرکلید";
    public override string PasskeyNotUsed => "هیچ گذرکلیدی به کار نرفت. دوباره تلاش کنید یا نشانی خود را وارد کنید.";
    public override string PasskeyRefused => "این گذرکلید اینجا کار نکرد، صفحه بیش از حد باز مانده بود یا تلاش‌ها بیش از حد بوده است. دوباره تلاش کنید یا نشانی خود را وارد کنید.";

    public override string PasswordTitle => "گذرواژهٔ خود را وارد کنید";
    public override string ForgotLink => "گذرواژه را فراموش کرده‌اید؟";
    public override string CredentialsWrong => "نشانی یا گذرواژه نادرست است، یا تلاش‌ها بیش از حد بوده است. هر دو را بررسی کنید، چند دقیقه صبر کنید یا گذرواژهٔ تازه‌ای بگذارید.";
    public override string WrongAccount => "برنامه حساب دیگری را خواسته است. با حسابی وارد شوید که در آن برنامه به کار می‌برید.";

    public override string CodeTitle => "کد را وارد کنید";
    public override string RecoveryTitle => "یک کد بازیابی وارد کنید";
    public override string UseRecovery => "استفاده از کد بازیابی";
    public override string UsePhone => "استفاده از کد تلفن";
    public override string EnrolTitle => "ورود دومرحله‌ای را تنظیم کنید";
    public override string EnrolLead => "اینجا گذرواژه به‌تنهایی کافی نیست.";

    public override string SignUpTitle => "حساب خود را بسازید";
    public override string SignUpLead => "پیوندی برای تأیید نشانی‌تان برایتان می‌فرستیم.";
    public override string Name => "نام";
    public override string HaveAccount => "از پیش حساب دارید؟";
    public override string ClosedTitle => "ثبت‌نام بسته است";
    public override string ClosedText => "حساب‌های تازه را گردانندگان این سرویس می‌سازند. از آنان بخواهید، یا اگر حساب دارید وارد شوید.";

    public override string SentTitle => "ایمیل خود را ببینید";
    public override string SignUpSent => "پیامی برایتان فرستادیم. برای ادامه، پیوند درون آن را تا ۶۰ دقیقهٔ آینده باز کنید.";
    public override string ResetSent => "اگر حسابی با این نشانی وجود داشته باشد، پیامی در راه است. پیوند درون آن را تا ۳۰ دقیقهٔ آینده باز کنید.";
    public override string SentHint => "پیامی نیامده؟ پوشهٔ هرزنامه را ببینید و از درستی نشانی مطمئن شوید.";
    public override string SendAgain => "ارسال دوباره";

    public override string ChooseTitle => "گذرواژه‌ای انتخاب کنید";
    public override string ChooseLead => "نشانی شما تأیید شد. با یک گذرواژه حسابتان کامل می‌شود.";
    public override string NewPassword => "گذرواژهٔ تازه";
    public override string CreateAccount => "ساختن حساب";
    public override string NewLink => "دریافت پیوند تازه";

    public override string ReplaceTitle => "گذرواژهٔ تازه‌ای انتخاب کنید";
    public override string ReplaceLead(PasswordChangeReason reason) => reason switch
    {
        PasswordChangeReason.Breached => "گذرواژهٔ شما در فهرست منتشرشده‌ای از گذرواژه‌های دزدیده‌شده است. اینجا گذرواژهٔ دیگری انتخاب کنید و گذرواژهٔ پیشین را هر جای دیگری هم که به کار می‌برید تغییر دهید.",
        PasswordChangeReason.Expired => "گذرواژهٔ شما قدیمی‌تر از آن است که این سرویس می‌پذیرد.",
        _ => "گردانندگان این سرویس از شما می‌خواهند گذرواژهٔ خود را عوض کنید.",
    };

    public override string ForgotTitle => "گذرواژه را فراموش کرده‌اید؟";
    public override string ForgotLead => "نشانی خود را وارد کنید تا پیوندی برای گذاشتن گذرواژهٔ تازه بفرستیم.";
    public override string SendLink => "ارسال پیوند";
    public override string BackToSignIn => "بازگشت به ورود";
    public override string ResetTitle => "گذرواژهٔ تازه بگذارید";
    public override string ResetLead => "از حساب خود در همهٔ دستگاه‌هایتان خارج خواهید شد.";
    public override string SetPassword => "ثبت گذرواژه";
    public override string ResetDoneTitle => "گذرواژهٔ شما تغییر کرد";
    public override string ResetDoneText => "از حساب خود در همهٔ دستگاه‌هایتان خارج شده‌اید. با گذرواژهٔ تازه وارد شوید.";

    public override string SignOutTitle => "خارج می‌شوید؟";
    public override string SignOutLead => "نشست شما در این مرورگر پایان می‌یابد.";
    public override string StaySignedIn => "بمانم";
    public override string SignedOutTitle => "خارج شدید";
    public override string SignedOutText => "اگر رایانه مشترک است، مرورگر را هم ببندید.";
}
