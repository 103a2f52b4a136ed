using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words of the page about API keys of one's own.</summary>
public abstract class KeyTexts : TextSet
{
    public static KeyTexts For(Locale locale) => Of<KeyTexts>(locale, EnglishKeyTexts.Instance, PersianKeyTexts.Instance);

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string Manage { get; }
    public abstract string None { get; }
    public abstract string NoneText { get; }
    public abstract string ClosedText { get; }
    public abstract string EndsOn(string date);
    public abstract string NeverUsed { get; }
    public abstract string Revoke { get; }
    public abstract string Make { get; }
    public abstract string MakeText { get; }
    public abstract string MakeNow { get; }
    public abstract string Name { get; }
    public abstract string NameHint { get; }
    public abstract string Life { get; }
    public abstract string Days(int days);
    public abstract string Scopes { get; }
    public abstract string ScopesHint { get; }
    public abstract string Made(string name);
    public abstract string MadeText { get; }
    public abstract string Secret { get; }
    public abstract string Kept { get; }

    /// <summary>What is wrong, and what to do.</summary>
    public abstract string Problem(string code);
    public static IReadOnlyList<string> ProblemCodes { get; } =
        ["own_api_keys_closed", "api_keys_too_many", "name_invalid", "scopes_invalid", "scope_unknown", "permission_escalation", "expires_at_invalid", "other"];
}

internal sealed class EnglishKeyTexts : KeyTexts
{
    internal static EnglishKeyTexts Instance { get; } = new();

    public override string Title => "API keys";
    public override string Lead => "Programs act in your name with them, as far as you may do the same yourself.";
    public override string Manage => "Manage";
    public override string None => "You have no API keys";
    public override string NoneText => "Make one for a program that works for you.";
    public override string ClosedText => "You cannot make API keys here. Ask the people who run this place if you need one.";
    public override string EndsOn(string date) => $"works until {date}";
    public override string NeverUsed => "never used";
    public override string Revoke => "Revoke";
    public override string Make => "Make a key";
    public override string MakeText => "Whoever has the key can do with it what you choose here. You are told of it by mail.";
    public override string MakeNow => "Make key";
    public override string Name => "Name";
    public override string NameHint => "What the key is for, so that you know it again.";
    public override string Life => "Works for";
    public override string Days(int days) => days == 1 ? "1 day" : $"{Locale.English.Number(days)} days";
    public override string Scopes => "What it may do";
    public override string ScopesHint => "Choose as little as the program needs. What is taken from you is taken from the key too.";
    public override string Made(string name) => $"The key {Isolate(name)} is ready";
    public override string MadeText => "Copy it now and keep it safe. It is not shown again; if you lose it, revoke it and make another one.";
    public override string Secret => "The key";
    public override string Kept => "I have kept it";

    public override string Problem(string code) => code switch
    {
        "own_api_keys_closed" => "You cannot make API keys here any more.",
        "api_keys_too_many" => "You have as many keys as one person may have here. Revoke one that you no longer use.",
        "name_invalid" => "Enter a name of 1 to 100 characters.",
        "scopes_invalid" => "Choose what the key may do: at least one entry, at most 100.",
        "scope_unknown" => "One of the entries is no longer there. Choose again.",
        "permission_escalation" => "You may no longer do one of these yourself. Choose again.",
        "expires_at_invalid" => "Choose one of the times.",
        _ => "This did not work. Try again.",
    };
}

internal sealed class PersianKeyTexts : KeyTexts
{
    internal static PersianKeyTexts Instance { get; } = new();

    public override string Title => "کلیدهای API";
    public override string Lead => "برنامه‌ها با آن‌ها به نام شما کار می‌کنند، تا جایی که خودتان اجازه دارید.";
    public override string Manage => "مدیریت";
    public override string None => "کلید API ندارید";
    public override string NoneText => "برای برنامه‌ای که برای شما کار می‌کند یکی بسازید.";
    public override string ClosedText => "اینجا نمی‌توانید کلید API بسازید. اگر به آن نیاز دارید، از گردانندگان این سرویس بخواهید.";
    public override string EndsOn(string date) => $"تا {date} کار می‌کند";
    public override string NeverUsed => "هنوز به کار نرفته";
    public override string Revoke => "باطل کردن";
    public override string Make => "ساختن کلید";
    public override string MakeText => "هر کس کلید را داشته باشد، می‌تواند آنچه را اینجا انتخاب می‌کنید با آن انجام دهد. ساخته شدن کلید با ایمیل به شما خبر داده می‌شود.";
    public override string MakeNow => "کلید را بساز";
    public override string Name => "نام";
    public override string NameHint => "کلید برای چیست، تا بعداً آن را بشناسید.";
    public override string Life => "مدت اعتبار";
    public override string Days(int days) => $"{Locale.Persian.Number(days)} روز";
    public override string Scopes => "چه کارهایی می‌تواند انجام دهد";
    public override string ScopesHint => "تنها آنچه را برنامه لازم دارد انتخاب کنید. هر چه از شما گرفته شود از کلید هم گرفته می‌شود.";
    public override string Made(string name) => $"کلید {Isolate(name)} آماده است";
    public override string MadeText => "همین حالا آن را کپی کنید و در جای امنی نگه دارید. دیگر نشان داده نمی‌شود؛ اگر گم شود، آن را باطل کنید و یکی دیگر بسازید.";
    public override string Secret => "کلید";
    public override string Kept => "آن را نگه داشتم";

    public override string Problem(string code) => code switch
    {
        "own_api_keys_closed" => "دیگر نمی‌توانید اینجا کلید API بسازید.",
        "api_keys_too_many" => "بیش از این نمی‌توانید اینجا کلید داشته باشید. نخست یکی را که دیگر به کار نمی‌برید باطل کنید.",
        "name_invalid" => "نامی با ۱ تا ۱۰۰ نویسه وارد کنید.",
        "scopes_invalid" => "انتخاب کنید کلید چه کارهایی می‌تواند انجام دهد: دست‌کم یک و حداکثر ۱۰۰ مورد.",
        "scope_unknown" => "یکی از موردها دیگر نیست. دوباره انتخاب کنید.",
        "permission_escalation" => "خودتان دیگر اجازهٔ یکی از این‌ها را ندارید. دوباره انتخاب کنید.",
        "expires_at_invalid" => "یکی از مدت‌ها را انتخاب کنید.",
        _ => "انجام نشد. دوباره تلاش کنید.",
    };
}
