namespace Gatehouse.Console;

internal sealed class PersianConsoleTexts : ConsoleTexts
{
    internal static PersianConsoleTexts Instance { get; } = new();

    public override string Applications => "برنامه‌ها";
    public override string ApplicationsLead => "آنچه افراد از اینجا وارد آن می‌شوند، و برنامه‌هایی که برای خود کار می‌کنند.";
    public override string NoApplications => "هنوز برنامه‌ای نیست";
    public override string NoApplicationsText => "یکی بسازید تا تنظیماتی را که کتابخانهٔ کارخواه لازم دارد بگیرید.";
    public override string NewApplication => "برنامهٔ تازه";
    public override string ChooseKind => "چه نوع برنامه‌ای است؟ این تعیین می‌کند که برنامه چگونه خود را ثابت کند و بعداً تغییر نمی‌کند.";
    public override string KindName(ApplicationKind kind) => kind switch
    {
        ApplicationKind.Web => "برنامهٔ وب",
        ApplicationKind.SinglePage => "برنامهٔ تک‌صفحه‌ای",
        ApplicationKind.Native => "برنامه روی دستگاه",
        _ => "سرویس",
    };
    public override string KindText(ApplicationKind kind) => kind switch
    {
        ApplicationKind.Web => "روی سرور اجرا می‌شود و راز نگه می‌دارد: Express، ASP.NET Core، Django، Rails.",
        ApplicationKind.SinglePage => "در مرورگر اجرا می‌شود و رازی نگه نمی‌دارد: React، Vue، Svelte.",
        ApplicationKind.Native => "روی گوشی یا رایانه اجرا می‌شود و رازی نگه نمی‌دارد.",
        _ => "بدون حضور کسی و برای خود کار می‌کند: کار زمان‌بندی‌شده، سرویس، اسکریپت.",
    };
    public override string Create => "ساختن برنامه";
    public override string Name => "نام";
    public override string NameHint => "افراد هنگام ورود آن را می‌بینند.";
    public override string RedirectUris => "نشانی‌های بازگشت";
    public override string RedirectUrisHint => "جایی که افراد پس از ورود به آن برمی‌گردند. هر سطر یک نشانی، دقیقاً همان‌گونه که برنامه می‌فرستد.";
    public override string PostLogoutUris => "پس از خروج";
    public override string PostLogoutUrisHint => "جایی که افراد پس از خروج می‌توانند به آن برگردند. هر سطر یک نشانی.";
    public override string Scopes => "دامنه‌های دسترسی";
    public override string ScopesHint => "آنچه می‌تواند بخواهد، با فاصله از هم جدا شده. APIهای ثبت‌شده می‌گویند چه دامنه‌هایی هست.";

    public override string Created => "برنامه ساخته شد";
    public override string Settings => "تنظیمات برای کتابخانهٔ کارخواه";
    public override string SettingsLead => "کتابخانهٔ OpenID Connect فقط همین‌ها را لازم دارد.";
    public override string Issuer => "صادرکننده";
    public override string ClientIdLabel => "شناسهٔ برنامه";
    public override string ClientSecretLabel => "راز برنامه";
    public override string DiscoveryUrl => "سند کشف";
    public override string RedirectUri => "نشانی بازگشت";
    public override string SampleLine(string sample) => $"اجرای نمونهٔ {Isolate(sample)}";
    public override string SecretOnce => "همین حالا راز را رونوشت کنید";
    public override string SecretOnceText => "فقط همین یک بار نشان داده می‌شود. تنها اثر انگشت آن نگه داشته می‌شود.";

    public override string Details => "مشخصات";
    public override string Saved => "تغییرات شما ذخیره شد.";
    public override string Secrets => "رازها";
    public override string SecretsLead => "دو راز می‌توانند کنار هم باشند: یکی بیفزایید، برنامه را به آن منتقل کنید و قدیمی را حذف کنید.";
    public override string SecretEnding(string hint) => $"با {Isolate(hint)} تمام می‌شود";
    public override string MadeOn(string date) => $"ساخته‌شده در {date}";
    public override string NewSecret => "افزودن راز";
    public override string RemoveSecret => "حذف";
    public override string Enabled => "فعال";
    public override string Disabled => "غیرفعال";
    public override string Administrator => "مدیر";
    public override string Availability => "در دسترس بودن";
    public override string DisableText => "برنامهٔ غیرفعال نمی‌تواند کسی را وارد کند و توکنی نمی‌گیرد. می‌توانید دوباره فعالش کنید.";
    public override string EnableText => "این برنامه غیرفعال است: نمی‌تواند کسی را وارد کند و توکنی نمی‌گیرد.";
    public override string Disable => "غیرفعال کردن";
    public override string Enable => "فعال کردن";
    public override string Delete => "حذف برنامه";
    public override string DeleteTitle(string name) => $"{Isolate(name)} حذف شود؟";
    public override string DeleteText => "رازها و هر آنچه گرفته بی‌درنگ پایان می‌یابد. این کار برگشت‌پذیر نیست.";
    public override string More => "نمایش بیشتر";

    public override string Users => "کاربران";
    public override string UsersLead => "افرادی که اینجا حساب دارند.";
    public override string NewUser => "کاربر تازه";
    public override string NewUserText => "گذرواژه‌ای تعیین نمی‌شود. خود او با «فراموشی گذرواژه» در صفحهٔ ورود یکی انتخاب می‌کند.";
    public override string DisplayName => "نام نمایشی";
    public override string CreateUser => "ساختن کاربر";
    public override string UserCreated => "کاربر ساخته شد.";
    public override string You => "شما";

    public override string ForbiddenTitle => "این صفحه برای مدیران است";
    public override string ForbiddenText(string account) => $"شما با {Isolate(account)} وارد شده‌اید که اینجا مدیر نیست. از یک مدیر بخواهید این نقش را به شما بدهد.";
    public override string ToAccount => "رفتن به حساب شما";

    public override string Problem(string code) => code switch
    {
        "name_invalid" => "نامی از ۱ تا ۱۰۰ نویسه وارد کنید.",
        "redirect_uri_invalid" => "نشانی کامل و بدون # و * وارد کنید: https، یا برای localhost‏ http. فقط برنامهٔ روی دستگاه می‌تواند طرح خودش را داشته باشد، مانند com.example.app:/callback.",
        "redirect_uris_required" => "دست‌کم یک نشانی بازگشت وارد کنید.",
        "redirect_uris_too_many" => "حداکثر ۵۰ نشانی وارد کنید.",
        "redirect_uri_repeated" => "یک نشانی دو بار آمده است.",
        "scope_unknown" => "یکی از دامنه‌های دسترسی وجود ندارد.",
        "scopes_invalid" => "هر دامنه را یک بار بنویسید، حداکثر ۲۰۰ تا.",
        "secret_limit_reached" => "دو راز هست. نخست آن را که دیگر به کار نمی‌رود حذف کنید.",
        "version_mismatch" => "کسی در این میان این را تغییر داده است. ببینید حالا چه نوشته و تغییر خود را دوباره انجام دهید.",
        "email_invalid" => "نشانی ایمیلی مانند name@example.com وارد کنید.",
        "email_taken" => "این نشانی از آنِ کاربر دیگری است.",
        "display_name_invalid" => "نامی حداکثر ۲۰۰ نویسه و بدون شکست سطر وارد کنید.",
        "last_administrator" => "او آخرین مدیر است. نخست کس دیگری را مدیر کنید.",
        _ => "این کار انجام نشد. آنچه را وارد کردید بررسی کنید.",
    };
}
