using Gatehouse.Pages;

namespace Gatehouse.Account;

internal sealed class PersianAccountTexts : AccountTexts
{
    internal static PersianAccountTexts Instance { get; } = new();

    public override string Overview => "حساب شما";
    public override string OverviewLead => "آنچه اینجا دربارهٔ شما ثبت شده است.";
    public override string RecoveryTitle => "بازیابی حساب شما در جریان است";
    public override string RecoveryText(string date) => $"از {date} به بعد، پیوندی که به نشانی اصلی شما فرستاده می‌شود مرحلهٔ دوم و گذرکلیدهایتان را برمی‌دارد. اگر شما آن را نخواسته‌اید یا گمشده را یافته‌اید، لغوش کنید.";
    public override string RecoveryCancel => "لغو بازیابی";
    public override string RecoveryCancelled => "بازیابی لغو شد";
    public override string RecoveryCancelledText => "اگر شما آن را نخواسته بودید، همین حالا گذرواژه را تغییر دهید.";
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
    public override string SetPassword => "گذاشتن گذرواژه";
    public override string NoPassword => "شما بدون گذرواژه وارد می‌شوید. می‌توانید گذرواژه‌ای به‌عنوان راه دیگری برای ورود بگذارید.";
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

    public override string Passkey => "گذرکلید";
    public override string Passkeys => "گذرکلیدها";
    public override string PasskeysLead => "به جای گذرواژه با اثر انگشت، چهره یا پین دستگاه خود وارد شوید.";
    public override string NoPasskeys => "هنوز گذرکلیدی ندارید";
    public override string NoPasskeysText => "گذرکلید از گذرواژه سریع‌تر است و هیچ‌کس نمی‌تواند آن را با فریب از شما بگیرد.";
    public override string PasskeySynced => "همگام‌شده";
    public override string PasskeyOneDevice => "فقط همین دستگاه";
    public override string PasskeyCreated => "افزوده‌شده";
    public override string PasskeyUsed => "آخرین استفاده";
    public override string PasskeyNeverUsed => "هنوز به کار نرفته";
    public override string PasskeyName => "نام گذرکلید";
    public override string PasskeyNameHint => "نامی که آن را بشناسید، مانند: گوشی من.";
    public override string PasskeyRename => "تغییر نام";
    public override string PasskeyRemove => "حذف";
    public override string PasskeyAddTitle => "افزودن گذرکلید";
    public override string PasskeyAddText => "دستگاه شما اثر انگشت، چهره یا پین می‌خواهد. هیچ‌یک از این‌ها از آن بیرون نمی‌رود.";
    public override string PasskeyAdd => "گذرکلید را بیفزا";
    public override string PasskeyAdded => "گذرکلید شما افزوده شد";
    public override string PasskeyAddedText => "بار دیگر «ورود با گذرکلید» را انتخاب کنید.";
    public override string PasskeyNotAdded => "گذرکلیدی ساخته نشد. شاید این دستگاه از پیش گذرکلیدی برای شما دارد. دوباره تلاش کنید یا دستگاه دیگری به کار ببرید.";
    public override string PasskeyNeedsScript => "افزودن گذرکلید به جاوااسکریپت و مرورگری نیاز دارد که گذرکلید را بشناسد.";
    public override string PasskeysNotOffered => "این سرویس گذرکلید ارائه نمی‌کند.";
    public override string PasskeyConfirm => "تأیید کنید که خودتان هستید";
    public override string PasskeyConfirmText => "پیش از افزودن یا حذف گذرکلید، یک بار دیگر وارد شوید.";

    public override string PasskeyProblem(string code) => code switch
    {
        "passkey_expired" => "صفحه بیش از حد باز مانده بود. دوباره تلاش کنید.",
        "passkey_model_refused" => "این نوع دستگاه در این‌جا پذیرفته نمی‌شود. از دستگاه دیگری استفاده کنید یا از گردانندگان این سرویس بپرسید کدام‌ها را می‌پذیرند.",
        "passkey_synced_refused" => "گذرکلیدهایی که به دستگاه‌های دیگر شما رونوشت می‌شوند در این‌جا پذیرفته نمی‌شوند. از کلید امنیتی یا گذرکلیدی که فقط روی همین دستگاه می‌ماند استفاده کنید.",
        "passkey_taken" => "این گذرکلید از پیش به کار رفته است. دستگاه دیگری به کار ببرید.",
        "passkeys_too_many" => "بیش از این نمی‌توانید گذرکلید داشته باشید. نخست یکی را حذف کنید.",
        "passkey_last" => "تنها با همین گذرکلید وارد می‌شوید. نخست گذرواژه‌ای بگذارید یا گذرکلید دیگری بیفزایید.",
        "passkey_name_invalid" => "نامی با حداکثر ۸۰ نویسه و بدون شکست سطر بنویسید.",
        _ => "پاسخ دستگاه شما پذیرفته نشد. دوباره تلاش کنید یا دستگاه دیگری به کار ببرید.",
    };

    public override string Applications => "برنامه‌ها";
    public override string ApplicationsLead => "برنامه‌هایی که اجازه داده‌اید از طرف شما کار کنند.";
    public override string NoApplications => "هنوز برنامه‌ای نیست";
    public override string NoApplicationsText => "هر برنامه‌ای که از شما اجازه بخواهد، پس از موافقت شما اینجا دیده می‌شود.";
    public override string AllowedOn(string date) => $"اجازه داده‌شده در {date}";
    public override string Revoke => "پس گرفتن اجازه";

    public override string Change => "تغییر";
    public override string Saved => "ذخیره شد";
    public override string ConfirmFirst => "پیش از این کار، یک بار دیگر وارد شوید.";

    public override string ProfileLead => "اینجا و برنامه‌هایی که به کار می‌برید شما را چگونه بنامند.";
    public override string ProfileSavedText => "مشخصات شما همان است که اینجا می‌بینید.";
    public override string DisplayName => "نام";
    public override string DisplayNameHint => "نامی که برنامه‌ها از شما نشان می‌دهند.";
    public override string GivenName => "نام کوچک";
    public override string FamilyName => "نام خانوادگی";
    public override string LanguageLabel => "زبان";
    public override string LanguageOfBrowser => "همان که مرورگر می‌خواهد";
    public override string LanguageHint => "زبان پیام‌ها به شما و این صفحه‌ها.";
    public override string TimeZone => "منطقهٔ زمانی";

    public override string ProfileProblem(string code) => code switch
    {
        "name_invalid" => "نامی با حداکثر ۲۰۰ نویسه و بدون شکست سطر بنویسید.",
        "zoneinfo_invalid" => "یک منطقهٔ زمانی از فهرست انتخاب کنید.",
        "version_mismatch" => "مشخصات شما در این میان تغییر کرده است. دوباره آن را ببینید و تغییر خود را تکرار کنید.",
        "attributes_invalid" => "یکی از مقدارها بیش از حد بلند است.",
        _ => "این مقدار پذیرفته نمی‌شود. آن را تغییر دهید و دوباره تلاش کنید.",
    };

    public override string EmailsLead => "با هر یک از آنها می‌توانید وارد شوید. پیام‌های حساب به نشانی اصلی فرستاده می‌شوند.";
    public override string EmailAdded => "این نشانی از آنِ شما شد";
    public override string EmailAddedText => "از این پس می‌توانید با آن وارد شوید.";
    public override string EmailPending => "نشانی خود را تأیید کنید";
    public override string EmailPendingText => "پیامی با یک کد در راه است. کد را اینجا وارد کنید یا پیوند پیام را در همین مرورگر باز کنید.";
    public override string EmailCodeTo(string address) => $"کدی که به {Isolate(address)} فرستاده شد";
    public override string EmailConfirm => "تأیید نشانی";
    public override string SendCode => "فرستادن کد";
    public override string MakePrimary => "اصلی شود";
    public override string Remove => "حذف";
    public override string EmailAddTitle => "افزودن نشانی";
    public override string EmailAddText => "کدی به آن می‌فرستیم تا مطمئن شویم از آنِ شماست.";
    public override string EmailConfirmFirst => "پیش از تغییر نشانی‌ها، یک بار دیگر وارد شوید.";
    public override string EmailLinkTitle => "این نشانی افزوده شود؟";
    public override string EmailLinkLead(string address) => $"{Isolate(address)} یکی از نشانی‌های این حساب می‌شود:";

    public override string EmailProblem(string code) => code switch
    {
        "email_yours" => "این نشانی از پیش از آنِ شماست.",
        "emails_too_many" => "بیش از این نمی‌توانید نشانی داشته باشید. نخست یکی را حذف کنید.",
        "emails_too_often" => "پیام‌های بیش از حد خواسته شده است. یک ساعت صبر کنید و دوباره تلاش کنید.",
        "email_taken" => "این نشانی از آنِ حسابی دیگر است.",
        "code_wrong" => "کد نادرست، استفاده‌شده یا قدیمی است. تازه‌ترین پیام را ببینید یا کد دیگری بخواهید.",
        "email_primary" => "این نشانی اصلی شماست. نخست نشانی دیگری را اصلی کنید.",
        "email_last_verified" => "این تنها نشانی تأییدشدهٔ شماست. نخست نشانی دیگری را تأیید کنید.",
        "email_not_verified" => "نخست این نشانی را تأیید کنید.",
        "version_mismatch" => "حساب شما در این میان تغییر کرده است. فهرست را دوباره ببینید و تغییر خود را تکرار کنید.",
        _ => "این پذیرفته نمی‌شود. دوباره تلاش کنید.",
    };

    public override string TrustedDevices => "دستگاه‌های مورد اعتماد";
    public override string TrustedDevicesText => "در این دستگاه‌ها هنگام ورود کدی از شما خواسته نمی‌شود. گذرواژهٔ تازه یا تغییر ورود دومرحله‌ای، این اعتماد را همه جا پایان می‌دهد.";
    public override string NoTrustedDevices => "هیچ دستگاهی مورد اعتماد نیست";
    public override string NoTrustedDevicesText => "وقتی برای ورود کدی وارد می‌کنید، می‌توانید به آن دستگاه اعتماد کنید.";
    public override string TrustedUntil => "مورد اعتماد تا";
    public override string Distrust => "پایان اعتماد";
    public override string DistrustAll => "پایان اعتماد به همه";

    public override string NameIt => "نامی به آن بدهید";
    public override string SessionName => "نام دستگاه";
    public override string NameInvalid => "نامی با حداکثر ۸۰ نویسه و بدون شکست سطر بنویسید.";

    public override string Activity => "رویدادها";
    public override string ActivityLead => "آنچه در حساب شما رخ داده است. اگر چیزی کار شما نبوده، گذرواژه را تغییر دهید.";
    public override string NoActivity => "هنوز چیزی نیست";
    public override string NoActivityText => "ورودها و تغییرها اینجا دیده می‌شوند.";
    public override string NotDone => "انجام نشد";

    public override string By(ActivityBy who) => who switch
    {
        ActivityBy.You => "خود شما",
        ActivityBy.Administrator => "به دست یک مدیر",
        ActivityBy.Application => "به دست یک برنامه",
        ActivityBy.System => "خودبه‌خود",
        _ => "به دست کسی",
    };

    public override string Happened(string code) => code switch
    {
        "impersonation.requested" => "درخواست یک مدیر برای کار به‌جای شما",
        "impersonation.started" => "آغاز کار یک مدیر به‌جای شما",
        "impersonation.ended" => "پایان کار یک مدیر به‌جای شما",
        "session.started" => "ورود",
        "session.refused" => "ورود پذیرفته نشد",
        "session.ended" => "خروج",
        "session.others_ended" => "خروج از همهٔ جاهای دیگر",
        "session.renamed" => "تغییر نام دستگاه",
        "session.revoked" => "خروج از یک دستگاه",
        "session.all_revoked" => "خروج از همه جا",
        "device.trusted" => "اعتماد به یک دستگاه",
        "device.trust_used" => "ورود در دستگاه مورد اعتماد",
        "device.trust_revoked" => "پایان اعتماد به یک دستگاه",
        "password.changed" => "تغییر گذرواژه",
        "password.set" => "تعیین گذرواژه",
        "password.reset" => "بازنشانی گذرواژه با پیوند",
        "password.reset_requested" => "درخواست پیوند بازنشانی گذرواژه",
        "password.reset_proved" => "کد گذاشتن گذرواژهٔ تازه وارد شد",
        "password.reset_issued" => "درخواست گذرواژهٔ تازه از شما",
        "passkey.added" => "افزودن گذرکلید",
        "passkey.renamed" => "تغییر نام گذرکلید",
        "passkey.removed" => "حذف گذرکلید",
        "second_step.added" => "روشن شدن ورود دومرحله‌ای",
        "second_step.removed" => "خاموش شدن ورود دومرحله‌ای",
        "recovery_code.used" => "ورود با کد بازیابی",
        "recovery_codes.renewed" => "ساختن کدهای بازیابی تازه",
        "consent.given" => "اجازه به برنامه",
        "consent.revoked" => "پس گرفتن اجازهٔ برنامه",
        "grant.created" => "ورود به یک برنامه",
        "grant.refused" => "رد شدن برنامه",
        "token.revoked" => "خروج برنامه",
        "grant.revoked" => "پایان دسترسی برنامه",
        "user.created" => "ساخته شدن حساب برای شما",
        "user.registered" => "ساختن حساب",
        "user.updated" => "تغییر مشخصات",
        "user.disabled" => "بسته شدن حساب",
        "user.enabled" => "باز شدن دوبارهٔ حساب",
        "user.email_requested" => "فرستادن کد به نشانی ایمیل تازه",
        "user.email_request_cancelled" => "انصراف از نشانی ایمیل تازه",
        "user.email_added" => "افزودن نشانی ایمیل",
        "user.email_verified" => "تأیید نشانی ایمیل",
        "user.email_removed" => "حذف نشانی ایمیل",
        "user.email_made_primary" => "تغییر نشانی اصلی ایمیل",
        "user.phone_requested" => "کدی به شمارهٔ تلفن فرستاده شد",
        "user.phone_request_cancelled" => "از شمارهٔ تازه چشم‌پوشی شد",
        "user.phone_added" => "شمارهٔ تلفن افزوده شد",
        "user.phone_verified" => "شمارهٔ تلفن تأیید شد",
        "user.phone_removed" => "شمارهٔ تلفن حذف شد",
        "user.phone_made_primary" => "شمارهٔ اصلی تلفن تغییر کرد",
        "user.notices_changed" => "انتخاب پیام‌ها",
        "user.data_downloaded" => "دریافت داده‌های شما",
        "api_key.created" => "ساختن کلید API",
        "api_key.revoked" => "باطل کردن کلید API",
        "role.granted" => "دادن نقش به شما",
        "role.revoked" => "گرفتن نقش از شما",
        _ => "رویدادی دیگر",
    };

    public override string Privacy => "حریم خصوصی";
    public override string PrivacyLead => "چه پیام‌هایی می‌گیرید و چه چیزی از شما نگه داشته می‌شود.";
    public override string Notices => "پیام‌ها";
    public override string NoticesText => "پیام‌های ایمنی حساب همیشه فرستاده می‌شوند. این‌ها را می‌توانید خاموش کنید:";
    public override string NoticesSavedText => "پیام‌هایی را می‌گیرید که اینجا علامت خورده‌اند.";
    public override string Notice(string code) => code switch
    {
        "application_allowed" => "وقتی به برنامه‌ای اجازه می‌دهم از حسابم استفاده کند",
        "profile_changed" => "وقتی مشخصاتم تغییر می‌کند",
        _ => "پیام‌های دیگر",
    };
    public override string Data => "داده‌های شما";
    public override string DataText => "همهٔ آنچه اینجا از شما می‌دانیم، در یک پرونده که برنامه‌ها می‌خوانند.";
    public override string DataDownload => "دریافت داده‌های من";
    public override string DeleteTitle => "حذف حساب";
    public override string DeleteQuestion => "حساب شما حذف شود؟";
    public override string DeleteText => "حساب شما و هر چه در آن است برای همیشه از میان می‌رود و از همه جا خارج می‌شوید. این کار برگشت‌پذیر نیست.";
    public override string DeleteType(string name) => $"برای ادامه، {Isolate(name)} را بنویسید";
    public override string Delete => "حذف حساب";
    public override string DeleteProblem(string code) => code switch
    {
        "name_differs" => "این همان نیست که بالای خانه نوشته شده است. درست همان را بنویسید.",
        "last_administrator" => "شما آخرین مدیر هستید. نخست کس دیگری را مدیر کنید.",
        _ => "حساب شما حذف نشد. دوباره تلاش کنید یا از گردانندگان این سرویس بپرسید.",
    };
    public override string Deleted => "حساب شما حذف شد";
    public override string DeletedText(string name) => $"{Isolate(name)} دیگر اینجا حسابی ندارد. می‌توانید این صفحه را ببندید.";
}
