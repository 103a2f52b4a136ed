using Gatehouse.Pages;

namespace Gatehouse.OAuth;

/// <summary>The words of this room's pages.</summary>
public abstract class OAuthTexts : TextSet
{
    public static OAuthTexts For(Locale locale) => Of<OAuthTexts>(locale, EnglishOAuthTexts.Instance, PersianOAuthTexts.Instance);

    public abstract string ConsentTitle(string application);
    public abstract string ConsentLead(string application, string place);
    public abstract string Allow { get; }
    public abstract string Deny { get; }
    public abstract string ConsentAfterwards(string host);

    /// <summary>What each of OpenID Connect's own scopes lets an application do.</summary>
    public abstract string ScopeOpenid { get; }
    public abstract string ScopeProfile { get; }
    public abstract string ScopeEmail { get; }
    public abstract string ScopePhone { get; }
    public abstract string ScopeOrganization { get; }
    public abstract string ScopeRoles { get; }
    public abstract string ScopeGroups { get; }
    public abstract string ScopePermissions { get; }
    public abstract string ScopeOffline { get; }

    /// <summary>What each of the account API's scopes lets an application do.</summary>
    public abstract string ScopeAccountRead { get; }
    public abstract string ScopeAccountWrite { get; }

    /// <summary>A scope for which the API's owner has no words.</summary>
    public abstract string ApiScope(string scope);

    public abstract string LogoutTitle { get; }
    public abstract string LogoutLead(string place);
    public abstract string LogoutLeadFor(string application, string place);
    public abstract string StaySignedIn { get; }
    public abstract string SignedOutTitle { get; }
    public abstract string SignedOutLead(string place);

    public abstract string RefusedTitle { get; }
    public abstract string RefusedLead { get; }
    public abstract string ForDevelopers { get; }
}

internal sealed class EnglishOAuthTexts : OAuthTexts
{
    internal static EnglishOAuthTexts Instance { get; } = new();

    public override string ConsentTitle(string application) => $"Allow {Isolate(application)}?";
    public override string ConsentLead(string application, string place) => $"{Isolate(application)} would like to use your {Isolate(place)} account to:";
    public override string Allow => "Allow";
    public override string Deny => "Don’t allow";
    public override string ConsentAfterwards(string host) => $"Either way you return to {Isolate(host)}. You can take this back at any time in your account.";

    public override string ScopeOpenid => "Know who you are when you come back";
    public override string ScopeProfile => "See your name and language";
    public override string ScopeEmail => "See your email address";
    public override string ScopePhone => "See your phone number";
    public override string ScopeOrganization => "See which organization you work in";
    public override string ScopeRoles => "See which roles you have";
    public override string ScopeGroups => "See which groups you are in";
    public override string ScopePermissions => "See what you may do";
    public override string ScopeOffline => "Keep this access while you are away";
    public override string ScopeAccountRead => "See your account: profile, addresses, devices, activity";
    public override string ScopeAccountWrite => "Change your account: profile, addresses, devices, what applications may do";

    public override string ApiScope(string scope) => $"Use {Isolate(scope)}";

    public override string LogoutTitle => "Sign out?";
    public override string LogoutLead(string place) => $"You will be signed out of {Isolate(place)} in this browser.";
    public override string LogoutLeadFor(string application, string place) => $"{Isolate(application)} asks to sign you out of {Isolate(place)} in this browser.";
    public override string StaySignedIn => "Stay signed in";
    public override string SignedOutTitle => "You are signed out";
    public override string SignedOutLead(string place) => $"Nobody is signed in to {Isolate(place)} in this browser any more.";

    public override string RefusedTitle => "This sign-in can’t continue";
    public override string RefusedLead => "The application sent you here with a request we can’t accept. Go back and try again; if it keeps happening, tell the application’s support.";
    public override string ForDevelopers => "For the application’s developers";
}

internal sealed class PersianOAuthTexts : OAuthTexts
{
    internal static PersianOAuthTexts Instance { get; } = new();

    public override string ConsentTitle(string application) => $"به {Isolate(application)} اجازه می‌دهید؟";
    public override string ConsentLead(string application, string place) => $"{Isolate(application)} می‌خواهد با حساب شما در {Isolate(place)}:";
    public override string Allow => "اجازه می‌دهم";
    public override string Deny => "اجازه نمی‌دهم";
    public override string ConsentAfterwards(string host) => $"در هر صورت به {Isolate(host)} بازمی‌گردید. این اجازه را هر زمان می‌توانید در حساب خود پس بگیرید.";

    public override string ScopeOpenid => "هنگام بازگشت شما را بشناسد";
    public override string ScopeProfile => "نام و زبان شما را ببیند";
    public override string ScopeEmail => "نشانی ایمیل شما را ببیند";
    public override string ScopePhone => "شمارهٔ تلفن شما را ببیند";
    public override string ScopeOrganization => "ببیند در کدام سازمان کار می‌کنید";
    public override string ScopeRoles => "دیدن نقش‌های شما";
    public override string ScopeGroups => "دیدن گروه‌هایی که عضو آن‌ها هستید";
    public override string ScopePermissions => "دیدن کارهایی که اجازه دارید انجام دهید";
    public override string ScopeOffline => "در نبود شما نیز این دسترسی را نگه دارد";
    public override string ScopeAccountRead => "حساب شما را ببیند: مشخصات، نشانی‌ها، دستگاه‌ها و فعالیت";
    public override string ScopeAccountWrite => "حساب شما را تغییر دهد: مشخصات، نشانی‌ها، دستگاه‌ها و اجازهٔ برنامه‌ها";

    public override string ApiScope(string scope) => $"از {Isolate(scope)} استفاده کند";

    public override string LogoutTitle => "خارج می‌شوید؟";
    public override string LogoutLead(string place) => $"در این مرورگر از {Isolate(place)} خارج خواهید شد.";
    public override string LogoutLeadFor(string application, string place) => $"{Isolate(application)} می‌خواهد شما را در این مرورگر از {Isolate(place)} خارج کند.";
    public override string StaySignedIn => "می‌مانم";
    public override string SignedOutTitle => "خارج شدید";
    public override string SignedOutLead(string place) => $"دیگر کسی در این مرورگر وارد {Isolate(place)} نیست.";

    public override string RefusedTitle => "این ورود ادامه نمی‌یابد";
    public override string RefusedLead => "برنامه شما را با درخواستی به اینجا فرستاده که پذیرفتنی نیست. بازگردید و دوباره تلاش کنید؛ اگر تکرار شد، به پشتیبانی برنامه خبر دهید.";
    public override string ForDevelopers => "برای توسعه‌دهندگان برنامه";
}
