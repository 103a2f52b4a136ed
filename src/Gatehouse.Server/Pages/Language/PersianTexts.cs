using Gatehouse.Http;

namespace Gatehouse.Pages;

internal sealed class PersianTexts : Texts
{
    internal static PersianTexts Instance { get; } = new();

    public override string Language => "زبان";
    public override string SkipToContent => "رفتن به محتوا";
    public override string LegalLinks => "پیوندهای حقوقی";
    public override string Terms => "شرایط استفاده";
    public override string Privacy => "حریم خصوصی";
    public override string Menu => "فهرست";
    public override string Breadcrumbs => "مسیر شما";

    public override string Continue => "ادامه";
    public override string StartAgain => "شروع دوباره";
    public override string Cancel => "انصراف";
    public override string Back => "بازگشت";
    public override string Save => "ذخیره";
    public override string SignIn => "ورود";
    public override string SignOut => "خروج";
    public override string SignedInAs => "وارد شده با حساب";
    public override string NotYou => "شما نیستید؟";
    public override string Copy => "کپی";
    public override string Copied => "کپی شد";
    public override string Working => "یک لحظه…";
    public override string Optional => "اختیاری";

    public override string Email => "نشانی ایمیل";
    public override string Password => "گذرواژه";
    public override string ShowPassword => "نمایش گذرواژه";
    public override string HidePassword => "پنهان کردن گذرواژه";

    public override string Code => "کد";
    public override string CodeHint => "شش رقم، از برنامهٔ کدساز تلفن شما.";
    public override string RecoveryCode => "کد بازیابی";
    public override string RecoveryCodeHint => "یکی از کدهایی که هنگام تنظیم دریافت کردید. هر کد فقط یک بار کار می‌کند.";
    public override string ScanThis => "این تصویر را با یک برنامهٔ کدساز در تلفن خود اسکن کنید.";
    public override string QrImage => "همان کلید زیر، به شکل تصویری برای برنامه";
    public override string KeyLabel => "یا این کلید را در برنامه وارد کنید";
    public override string TurnOn => "روشن کردن";
    public override string RecoveryCodes => "کدهای بازیابی شما";
    public override string RecoveryCodesLead => "هر کد یک بار، وقتی تلفن همراهتان نیست، شما را وارد می‌کند. فقط اکنون دیده می‌شوند: چاپشان کنید یا کنار گذرواژه‌هایتان نگه دارید.";
    public override string Download => "دریافت به صورت متن";

    public override string ErrorSummary => "لطفاً این مورد را بررسی کنید";
    public override string RequestId => "شناسهٔ درخواست";

    public override string MovingOn => "یک لحظه";
    public override string MovingOnHint => "در حال انتقال شما هستیم. اگر اتفاقی نیفتاد، از اینجا ادامه دهید.";

    public override string PasswordHint(int minLength) =>
        $"دست‌کم {Locale.Persian.Number(minLength)} نویسه. چند واژهٔ بی‌ربط کنار هم گذرواژهٔ خوبی می‌سازند.";

    public override string Ago(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "همین حالا",
        { TotalHours: < 1 } => $"{Locale.Persian.Number((int)span.TotalMinutes)} دقیقه پیش",
        { TotalDays: < 1 } => $"{Locale.Persian.Number((int)span.TotalHours)} ساعت پیش",
        _ => $"{Locale.Persian.Number((int)span.TotalDays)} روز پیش",
    };

    public override string FieldProblem(string code, PasswordSettings passwords) => code switch
    {
        "email_invalid" => "یک نشانی ایمیل مانند name@example.com وارد کنید.",
        "name_invalid" => "نامی حداکثر ۲۰۰ نویسه‌ای و بدون شکستن خط وارد کنید.",
        "password_too_short" => $"دست‌کم {Locale.Persian.Number(passwords.MinLength)} نویسه به کار ببرید.",
        "password_too_long" => $"حداکثر {Locale.Persian.Number(passwords.MaxLength)} نویسه به کار ببرید.",
        "password_common" => "این گذرواژه در فهرست گذرواژه‌های رایج است. گذرواژهٔ دیگری انتخاب کنید.",
        "password_too_simple" => "نویسه‌های متنوع‌تری به کار ببرید: حرف کوچک، حرف بزرگ، رقم و نشانه.",
        "password_breached" => "این گذرواژه در فهرست منتشرشده‌ای از گذرواژه‌های دزدیده‌شده است. گذرواژهٔ دیگری انتخاب کنید و هر جای دیگری هم که آن را به کار می‌برید تغییرش دهید.",
        "password_used_before" => "این گذرواژه را پیش‌تر اینجا به کار برده‌اید. گذرواژهٔ تازه‌ای انتخاب کنید.",
        "password_tries_too_many" => "گذرواژه‌های زیادی امتحان شد. ده دقیقه صبر کنید و دوباره امتحان کنید.",
        "breach_check_unavailable" => "اکنون نمی‌توان این گذرواژه را بررسی کرد. یک دقیقهٔ دیگر دوباره امتحان کنید.",
        "password_missing" => "گذرواژهٔ خود را وارد کنید.",
        "password_invalid" => "این گذرواژه نویسه‌هایی دارد که پذیرفته نمی‌شوند. گذرواژهٔ دیگری انتخاب کنید.",
        "code_missing" => "کد را وارد کنید.",
        "code_wrong" => "این کد نادرست یا استفاده‌شده است، یا تلاش‌ها بیش از حد بوده است. منتظر کد بعدی بمانید، درستی ساعت تلفن را بررسی کنید، یا چند دقیقه بعد دوباره تلاش کنید.",
        "busy" => "سرور شلوغ است. چند ثانیه صبر کنید و دوباره تلاش کنید.",
        _ => "این مقدار پذیرفته نمی‌شود. آن را تغییر دهید و دوباره تلاش کنید.",
    };

    public override ErrorText Error(string code) => code switch
    {
        "form_expired" => new("این فرم منقضی شده است", "صفحه مدت زیادی باز مانده یا مرورگر شما کوکی نگه نمی‌دارد. بازگردید، صفحه را دوباره بارگذاری کنید و باز تلاش کنید."),
        "form_invalid" => new("این فرم خوانده نشد", "بخشی از آن آن‌گونه که انتظار می‌رفت نبود. بازگردید، صفحه را دوباره بارگذاری کنید و باز تلاش کنید."),
        "form_too_large" => new("حجم فرم بیش از حد است", "این فرم از اندازه‌ای که می‌پذیریم بزرگ‌تر است. بازگردید و آن را کوتاه کنید."),
        "not_found" => new("اینجا چیزی نیست", "شاید نشانی اشتباه نوشته شده، یا آنچه اینجا بود دیگر وجود ندارد."),
        "interaction_expired" => new("این ورود منقضی شده است", "مدت زیادی باز مانده، پیش‌تر به پایان رسیده یا در مرورگر دیگری آغاز شده است. به برنامه بازگردید و از نو شروع کنید."),
        "link_invalid" => new("این پیوند دیگر کار نمی‌کند", "پیش‌تر استفاده شده یا قدیمی است. پیوند تازه‌ای درخواست کنید."),
        "tenant_unknown" => new("اینجا چیزی نیست", "در این نشانی هیچ سرویس ورودی پاسخ نمی‌دهد. نشانی را بررسی کنید یا از کسی که آن را به شما داده بپرسید."),
        "tenant_suspended" => new("این سرویس متوقف است", "در حال حاضر امکان ورود نیست. از گردانندگان این سرویس بپرسید."),
        "access_denied" => new("اجازهٔ دیدن این صفحه را ندارید", "حساب شما مجوز لازم را ندارد. از یک مدیر بخواهید یا با حساب دیگری وارد شوید."),
        "impersonation_invalid" => new("این پیوند اینجا کار نمی‌کند", "فقط یک بار، تا دو دقیقه و در همان مرورگری کار می‌کند که مدیر سازندهٔ آن در آن وارد شده است. پیوند تازه‌ای بسازید."),
        "impersonation_forbidden" => new("هنگام کار به‌جای دیگری ممکن نیست", "رمزها، نشانی‌ها، دستگاه‌ها، اجازه‌ها و هر چه از آن خود اوست بسته می‌ماند. برای بازگشت به حساب خودتان به این کار پایان دهید."),
        "account_denied" => new("از اینجا به حساب خود راه ندارید", "قواعد این سرویس با این شیوهٔ ورود یا از این مکان به شما اجازهٔ ورود نمی‌دهد. خارج شوید و دوباره وارد شوید، یا از گردانندگان آن بپرسید."),
        "too_many" => new("تلاش‌ها بیش از حد بود", "این کار از شبکهٔ شما بیش از اندازه انجام شده است. یک ساعت صبر کنید و دوباره تلاش کنید."),
        "sign_ins_too_many" => new("ورودهای بیش از حد از شبکهٔ شما", "از شبکهٔ شما بیش از آنچه این سرویس هم‌زمان می‌پذیرد ورود آغاز شده است. ده دقیقه صبر کنید و دوباره تلاش کنید."),
        "busy" => new("فعلاً شلوغ است", "افراد زیادی هم‌اکنون همین کار را می‌کنند. چند ثانیه صبر کنید و دوباره تلاش کنید."),
        "request_invalid" => new("این درخواست برای ما قابل فهم نیست", "چیزی در نشانی یا فرم آن‌گونه که انتظار می‌رفت نبود. بازگردید و از نو شروع کنید."),
        _ => new("مشکلی از سوی ما پیش آمد", "این مشکل ثبت شد. کمی بعد دوباره تلاش کنید؛ اگر تکرار شد، شناسهٔ درخواست زیر را به گردانندگان این سرویس بدهید."),
    };
}
