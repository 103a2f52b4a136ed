using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words of the page about organizations.</summary>
public abstract class OrganizationTexts : TextSet
{
    public static OrganizationTexts For(Locale locale) => Of<OrganizationTexts>(locale, EnglishOrganizationTexts.Instance, PersianOrganizationTexts.Instance);

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string None { get; }
    public abstract string NoneText { get; }
    public abstract string Active { get; }
    public abstract string Choose { get; }
    public abstract string Leave { get; }
    public abstract string LeaveText { get; }
    public abstract string LeaveNow { get; }
    public abstract string CannotLeave { get; }
    public abstract string Offers { get; }
    public abstract string OffersText { get; }
    public abstract string Join { get; }
    public abstract string Invitations { get; }
    public abstract string OpenLink { get; }
    public abstract string SeeInvitations { get; }
    public abstract string Accept { get; }
    public abstract string Decline { get; }
}

internal sealed class EnglishOrganizationTexts : OrganizationTexts
{
    internal static EnglishOrganizationTexts Instance { get; } = new();

    public override string Title => "Organizations";
    public override string Lead => "What you belong to. Applications that ask learn which one you work in.";
    public override string None => "You belong to no organization";
    public override string NoneText => "Ask somebody there to invite you.";
    public override string Active => "You work here now";
    public override string Choose => "Work here";
    public override string Leave => "Leave";
    public override string LeaveText => "You lose what you may do there, and applications that you use for it sign you out. Only somebody there can bring you back.";
    public override string LeaveNow => "Leave now";
    public override string CannotLeave => "You cannot leave this organization yet: nobody else could manage it. Let somebody else own it first.";
    public override string Offers => "You can join";
    public override string OffersText => "Your email address belongs to one of their domains.";
    public override string Join => "Join";
    public override string Invitations => "You are invited";
    public override string OpenLink => "It comes with more rights. To accept it, open the link in its message in this browser.";
    public override string SeeInvitations => "See who invites you";
    public override string Accept => "Accept";
    public override string Decline => "Decline";
}

internal sealed class PersianOrganizationTexts : OrganizationTexts
{
    internal static PersianOrganizationTexts Instance { get; } = new();

    public override string Title => "سازمان‌ها";
    public override string Lead => "سازمان‌هایی که عضوشان هستید. برنامه‌هایی که بپرسند می‌فهمند در کدام کار می‌کنید.";
    public override string None => "عضو هیچ سازمانی نیستید";
    public override string NoneText => "از کسی در آن‌جا بخواهید شما را دعوت کند.";
    public override string Active => "اکنون این‌جا کار می‌کنید";
    public override string Choose => "کار در این‌جا";
    public override string Leave => "ترک سازمان";
    public override string LeaveText => "اختیارهایتان در آن‌جا از دست می‌رود و برنامه‌هایی که برای آن به کار می‌برید شما را خارج می‌کنند. تنها کسی از آن‌جا می‌تواند شما را بازگرداند.";
    public override string LeaveNow => "همین حالا ترک می‌کنم";
    public override string CannotLeave => "هنوز نمی‌توانید این سازمان را ترک کنید: کس دیگری نمی‌تواند آن را اداره کند. نخست آن را به کس دیگری بسپارید.";
    public override string Offers => "می‌توانید عضو شوید";
    public override string OffersText => "نشانی ایمیل شما از آنِ یکی از دامنه‌هایشان است.";
    public override string Join => "عضو شدن";
    public override string Invitations => "شما دعوت شده‌اید";
    public override string OpenLink => "با این دعوت اختیارهای بیشتری می‌آید. برای پذیرفتن، پیوند درون پیامش را در همین مرورگر باز کنید.";
    public override string SeeInvitations => "ببینید چه کسی شما را دعوت کرده است";
    public override string Accept => "پذیرفتن";
    public override string Decline => "نپذیرفتن";
}
