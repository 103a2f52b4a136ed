using Gatehouse.Credentials;
using Gatehouse.Pages;

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
    public override string CredentialsWrongOrPasskey => CredentialsWrong + " اگر حساب شما تنها با گذرکلید باز می‌شود، بازگردید و از آن استفاده کنید.";
    public override string CredentialsWrong => "نشانی یا گذرواژه نادرست است، یا تلاش‌ها بیش از حد بوده است. هر دو را بررسی کنید، چند دقیقه صبر کنید یا گذرواژهٔ تازه‌ای بگذارید.";
    public override string WrongAccount => "برنامه حساب دیگری را خواسته است. با حسابی وارد شوید که در آن برنامه به کار می‌برید.";
    public override string SignInDenied => "اینجا نمی‌توانید وارد شوید: قواعد این سازمان ورود شما، یا ورود از جایی را که هستید، اجازه نمی‌دهد. از مدیر خود بپرسید.";
    public override string MethodNotAllowed => "از این راه نمی‌توانید وارد شوید. از گذرکلید خود یا راه دیگری که پیشنهاد می‌شود استفاده کنید.";
    public override string InvitationTitle => "شما دعوت شده‌اید";
    public override string InvitationLead(string organization, string tenant) => $"{Isolate(organization)} می‌خواهد شما در {Isolate(tenant)} به آن بپیوندید.";
    public override string InvitationFor => "برای";
    public override string InvitationHow => "با همین نشانی وارد شوید و بپذیرید. اگر هنوز حسابی ندارد، پیامی به آن می‌فرستیم تا حساب بسازید.";
    public override string InvitationUntil => "مهلت تا";
    public override string InvitationOther(string account) => $"با حساب {Isolate(account)} وارد شده‌اید. این دعوت برای نشانی دیگری است: برای پذیرفتنش با همان نشانی وارد شوید.";
    public override string InvitationGone => "این دعوت دیگر باز نیست";
    public override string InvitationGoneText => "به آن پاسخ داده شده، پس گرفته شده، با پیوند تازه‌تری دوباره فرستاده شده یا مهلتش گذشته است. به حساب خود نگاه کنید یا از دعوت‌کننده بخواهید دوباره بفرستد.";
    public override string InvitationToAccount => "رفتن به حساب";
    public override string OrganizationTitle => "یک سازمان انتخاب کنید";
    public override string OrganizationLead => "شما عضو چند سازمان هستید. می‌خواهید در کدام ادامه دهید؟";
    public override string OrganizationElse => "استفاده از حساب دیگر";
    public override string OrganizationUnknown => "دیگر عضو آن سازمان نیستید. سازمان دیگری انتخاب کنید.";
    public override string TermsNotAccepted => "برای ادامه باید با این موافقت کنید.";
    public override string TermsLead(string tenant) => $"{tenant} از شما می‌خواهد پیش از ادامه با این موافقت کنید.";
    public override string TermsWhole => "متن کامل را بخوانید";
    public override string TermsAgree => "موافقم و ادامه می‌دهم";
    public override string TermsDecline => "موافق نیستم";
    public override string TermsCheck => "این را خوانده‌ام و موافقم";
    public override string CheckTitle => "یک بررسی دیگر";
    public override string CheckLead => "این سرویس از یکی از سامانه‌های خود می‌پرسد که آیا می‌توانید ادامه دهید.";

    public override string CollectTitle => "چند چیز دیگر";
    public override string CollectLead(string tenant) => $"{tenant} پیش از ادامه این‌ها را از شما می‌پرسد.";
    public override string CollectDecline => "اکنون نه";
    public override string CollectChoose => "انتخاب کنید…";
    public override string CollectYes => "بله";
    public override string CollectNo => "خیر";
    public override string ValueProblem(string code) => code switch
    {
        "value_missing" => "این را پر کنید.",
        "value_pattern" => "این به شکلی که خواسته شده نیست.",
        "value_choice" or "locale_invalid" or "zoneinfo_invalid" => "یکی از این‌ها را انتخاب کنید.",
        "value_uri" => "نشانی‌ای مانند https://example.com وارد کنید.",
        "value_date" => "روزی مانند 2001-12-31 وارد کنید.",
        "value_number" => "یک عدد وارد کنید.",
        _ => "چیزی در این هست که اینجا به کار نمی‌رود. آن را عوض کنید و دوباره تلاش کنید.",
    };
    public override string ValueTooShort(int length) => $"دست‌کم {Locale.Persian.Number(length)} نویسه بنویسید.";
    public override string ValueTooLong(int length) => $"حداکثر {Locale.Persian.Number(length)} نویسه بنویسید.";
    public override string ValueTooSmall(string bound) => $"{IsolateLeftToRight(bound)} یا بیشتر وارد کنید.";
    public override string ValueTooLarge(string bound) => $"{IsolateLeftToRight(bound)} یا کمتر وارد کنید.";

    public override string CodeTitle => "کد را وارد کنید";
    public override string RecoveryTitle => "یک کد بازیابی وارد کنید";
    public override string TrustDevice(int days) => $"{Locale.Persian.Number(days)} روز به این دستگاه اعتماد کن";
    public override string TrustDeviceHint => "در این مدت اینجا کدی خواسته نمی‌شود. تنها در دستگاهی که کس دیگری از آن استفاده نمی‌کند.";
    public override string Way(string code) => code switch
    {
        "password" => "استفاده از گذرواژه",
        "email_code" => "دریافت کد با ایمیل",
        "sms" => "دریافت کد با پیامک",
        "recovery_code" => "استفاده از کد بازیابی",
        _ => "استفاده از کد تلفن",
    };

    public override string NoneOfThese => "هیچ‌کدام را ندارم";
    public override string EmailOrPhone => "نشانی ایمیل یا شمارهٔ تلفن";
    public override string SendCodeTitle => "دریافت کد";
    public override string SendCode => "ارسال کد";
    public override string MailCodeLead => "یک کد و یک پیوند برایتان می‌فرستیم. با هر یک می‌توانید وارد شوید.";
    public override string MailCodeSent => "اگر حسابی با این نشانی وجود داشته باشد، یک کد و یک پیوند در راه است.";
    public override string MailCodeHint => "رقم‌های درون پیام. پیامی نیامده؟ پوشهٔ هرزنامه را ببینید، یا پس از نیم دقیقه دوباره بفرستید.";
    public override string CheckPhoneTitle => "تلفن خود را ببینید";
    public override string SmsCodeLead(string number) => $"کدی به {IsolateLeftToRight(number)} می‌فرستیم.";
    public override string SmsCodeSent(string number) => $"اگر {IsolateLeftToRight(number)} شمارهٔ حساب شما باشد، کدی به آن در راه است.";
    public override string SmsCodeHint => "رقم‌های درون پیامک. پیامی نیامده؟ پس از نیم دقیقه دوباره بفرستید.";
    public override string SentCodeWrong => "این کد نادرست یا استفاده‌شده است، کد تازه‌تری جای آن را گرفته، یا تلاش‌ها بیش از حد بوده است. تازه‌ترین پیام را به کار ببرید یا کد دیگری بخواهید.";
    public override string LinkTitle => "وارد می‌شوید؟";
    public override string LinkLead => "این پیوند را در همین مرورگر خواسته‌اید.";
    public override string ElsewhereTitle => "این کد را آنجا بنویسید";
    public override string ElsewhereLead => "پیوند را در مرورگری جز آن که با آن وارد می‌شوید باز کرده‌اید. این کد را در همان مرورگر وارد کنید:";
    public override string ElsewhereWarning => "جایی وارد نمی‌شوید؟ پس کس دیگری می‌کوشد وارد شود: این صفحه را ببندید و کد را به کسی نگویید.";
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
    public override string FinishTitle => "حساب خود را کامل کنید";
    public override string FinishLead => "انتخاب کنید که از این پس چگونه وارد شوید.";
    public override string PasskeyWhy => "با گذرکلید، با اثر انگشت، چهره یا پین وارد می‌شوید. گذرواژه‌ای نیست که فراموش شود و کسی نمی‌تواند با فریب آن را از شما بگیرد.";
    public override string MakePasskey => "ساختن گذرکلید";
    public override string PasskeyNotMade => "گذرکلیدی ساخته نشد. دوباره تلاش کنید یا راه دیگری برگزینید.";
    public override string PasskeyNeeded => "این سرویس با گذرکلید به کار می‌رود. برای آن جاوااسکریپت و مرورگری لازم است که گذرکلید را بشناسد.";
    public override string OrPassword => "یا گذرواژه‌ای انتخاب کنید:";
    public override string PasskeyProblem(string code) => code switch
    {
        "passkey_expired" => "این صفحه بیش از حد باز مانده است. دوباره تلاش کنید.",
        "passkey_model_refused" => "این نوع دستگاه را اینجا نمی‌توان به کار برد. دستگاه دیگری به کار ببرید.",
        "passkey_synced_refused" => "گذرکلیدهایی که به دستگاه‌های دیگر شما رونوشت می‌شوند اینجا پذیرفته نیستند. گذرکلیدی به کار ببرید که در همین دستگاه بماند.",
        "passkey_taken" => "این گذرکلید از پیش به کار رفته است. دستگاه دیگری به کار ببرید.",
        "passkey_only" => "این سرویس بدون گذرواژه به کار می‌رود. گذرکلیدی بسازید.",
        _ => "پاسخ دستگاه شما پذیرفته نشد. دوباره تلاش کنید یا دستگاه دیگری به کار ببرید.",
    };
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
    public override string ForgotLeadTexted => "نشانی خود را وارد کنید تا پیوندی برای گذاشتن گذرواژهٔ تازه بفرستیم؛ یا شمارهٔ تلفن خود را، برای یک کد.";
    public override string SendLinkOrCode => "ارسال پیوند یا کد";
    public override string SendCodeByText => "به‌جای آن کدی به تلفنم بفرست";
    public override string ResetCodeSent => "اگر حساب این نشانی شمارهٔ تلفن تأییدشده‌ای داشته باشد، کدی به آن در راه است.";
    public override string BackToSignIn => "بازگشت به ورود";
    public override string ResetTitle => "گذرواژهٔ تازه بگذارید";
    public override string ResetLead => "از حساب خود در همهٔ دستگاه‌هایتان خارج خواهید شد.";
    public override string SetPassword => "ثبت گذرواژه";
    public override string ResetDoneTitle => "گذرواژهٔ شما تغییر کرد";
    public override string ResetDoneText => "از حساب خود در همهٔ دستگاه‌هایتان خارج شده‌اید. با گذرواژهٔ تازه وارد شوید.";

    public override string NotMeTitle => "کار شما نبوده است؟";
    public override string NotMeLead => "حساب شما از همه‌جا خارج می‌شود، گذرواژه‌اش دیگر کار نمی‌کند و پیوندی برای انتخاب گذرواژهٔ تازه برایتان می‌فرستیم.";
    public override string NotMeLeadNoLink => "حساب شما از همه‌جا خارج می‌شود.";
    public override string NotMeButton => "کار من نبود: خروج از همه‌جا";
    public override string NotMeItWasMe => "کار خودم بود";
    public override string NotMeDoneTitle => "از همه‌جا خارج شدید";
    public override string NotMeDoneText => "اکنون هیچ‌کس در حساب شما نیست. پیوندی برای انتخاب گذرواژهٔ تازه برایتان فرستادیم.";
    public override string NotMeDoneTextNoLink => "اکنون هیچ‌کس در حساب شما نیست. گذرواژهٔ شما تغییری نکرده است: همین حالا با نشانی‌ای که از آنِ حساب شماست آن را عوض کنید.";
    public override string NotMeDoneHint => "هنگام ورود کد یا گذرکلیدی خواسته می‌شود که از شما نیست؟ از گردانندگان این سرویس کمک بخواهید.";

    public override string SignOutTitle => "خارج می‌شوید؟";
    public override string SignOutLead => "نشست شما در این مرورگر پایان می‌یابد.";
    public override string StaySignedIn => "بمانم";
    public override string SignedOutTitle => "خارج شدید";
    public override string SignedOutText => "اگر رایانه مشترک است، مرورگر را هم ببندید.";
}
