namespace Gatehouse.Account;

internal sealed class PersianPhoneTexts : PhoneTexts
{
    internal static readonly PersianPhoneTexts Instance = new();

    public override string Phones => "شماره‌های تلفن";
    public override string PhonesLead => "شماره‌هایی که از آنِ شما هستند. کدها تنها به شماره‌های تأییدشده فرستاده می‌شوند.";
    public override string NoPhones => "هنوز شماره‌ای نیست";
    public override string NoPhonesText => "برای دریافت کد با پیامک، شماره‌ای بیفزایید.";
    public override string NotTexted => "این سرویس پیامکی نمی‌فرستد.";
    public override string Added => "این شماره از آنِ شما شد";
    public override string AddedText => "تأیید شده است و می‌تواند کدهای شما را دریافت کند.";
    public override string Pending => "شمارهٔ خود را تأیید کنید";
    public override string PendingText => "پیامکی با یک کد در راه است. کد را اینجا وارد کنید.";
    public override string CodeTo(string number) => $"کدی که به {Isolate(number)} فرستاده شد";
    public override string Confirm => "تأیید شماره";
    public override string Change => "تغییر شماره‌ها";
    public override string ConfirmFirst => "پیش از تغییر شماره‌ها، یک بار دیگر وارد شوید.";
    public override string AddTitle => "افزودن شماره";
    public override string AddText => "کدی به آن می‌فرستیم تا مطمئن شویم از آنِ شماست.";
    public override string Number => "شمارهٔ تلفن";
    public override string NumberHint => "همراه با کد کشور، مانند \u2066+98 912 345 6789\u2069.";

    public override string PhoneProblem(string code) => code switch
    {
        "phone_yours" => "این شماره از پیش از آنِ شماست.",
        "phone_invalid" => "این شمارهٔ تلفن نیست. آن را با کد کشور بنویسید، مانند \u2066+98 912 345 6789\u2069.",
        "phone_country_closed" => "از اینجا به شماره‌های آن کشور پیامکی فرستاده نمی‌شود.",
        "phones_too_many" => "بیش از این نمی‌توانید شماره داشته باشید. نخست یکی را حذف کنید.",
        "phones_too_often" => "پیامک‌های بیش از حد خواسته شده است. یک ساعت صبر کنید و دوباره تلاش کنید.",
        "phone_taken" => "این شماره از آنِ حسابی دیگر است.",
        "code_wrong" => "کد نادرست، استفاده‌شده یا قدیمی است. تازه‌ترین پیام را ببینید یا کد دیگری بخواهید.",
        "phone_primary" => "این شمارهٔ اصلی شماست. نخست شمارهٔ دیگری را اصلی کنید.",
        "phone_in_use" => "کدهای مرحلهٔ دوم شما به این شماره می‌روند. نخست آن را خاموش کنید.",
        "phone_not_verified" => "نخست این شماره را تأیید کنید.",
        "phone_not_found" => "این شماره دیگر در حساب شما نیست.",
        "version_mismatch" => "حساب شما در این میان تغییر کرده است. فهرست را دوباره ببینید و تغییر خود را تکرار کنید.",
        _ => "این پذیرفته نمی‌شود. دوباره تلاش کنید.",
    };

    public override string SmsCodes => "کد با پیامک";
    public override string SmsWhy => "امن‌تر از گذرواژهٔ تنها و کم‌تر امن از برنامهٔ کدساز: شمارهٔ تلفن را می‌توان ربود.";
    public override string SmsGoTo(string number) => $"کدها به {Isolate(number)} فرستاده می‌شوند.";
    public override string SmsTitle => "کد با پیامک";
    public override string SmsLead => "در هر ورود می‌توان کدی به تلفن شما فرستاد.";
    public override string SmsChoose => "کدها به کجا فرستاده شوند؟";
    public override string SmsNeedsPhone => "شماره‌ای بیفزایید و آن را تأیید کنید. سپس به اینجا بازگردید.";
    public override string SmsTurnOn => "روشن کردن";
    public override string SmsAnother => "تغییر شماره";
    public override string SmsOff => "دیگر کدی فرستاده نشود";
    public override string SmsRemoved => "دیگر کدی به تلفن شما فرستاده نمی‌شود";
    public override string SmsRemovedText => "امنیت حساب شما به آن چیزی است که اینجا می‌بینید.";
    public override string WhollyOff => "خاموش کردن ورود دومرحله‌ای";
    public override string WhollyOffText => "همهٔ آنچه در بالاست، با کدهای بازیابی.";
}
