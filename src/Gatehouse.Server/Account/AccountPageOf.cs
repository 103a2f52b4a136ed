using Gatehouse.Pages;
using Gatehouse.Pages.Components;

namespace Gatehouse.Account;

/// <summary>Base of this room's pages: adds the room's words and its navigation.</summary>
public abstract class AccountPageOf<TModel> : PageOf<TModel> where TModel : class
{
    protected AccountTexts Words => AccountTexts.For(Page.Locale);

    protected PhoneTexts PhoneWords => PhoneTexts.For(Page.Locale);

    protected OrganizationTexts OrganizationWords => OrganizationTexts.For(Page.Locale);

    protected TenantTexts TenantWords => TenantTexts.For(Page.Locale);

    protected KeyTexts KeyWords => KeyTexts.For(Page.Locale);

    protected DeletionTexts DeletionWords => DeletionTexts.For(Page.Locale);

    /// <summary>Whether the tenant has text messages sent at all.</summary>
    protected bool Texted => Page.Settings.Sms.AllowedCountries.Count > 0;

    protected string SignOutHref => Page.Link("/signout");

    /// <param name="current">The path of the page itself.</param>
    protected IReadOnlyList<NavItem> Nav(string current) =>
    [
        Item(ShowAccount.Path, Words.Overview, "user", current),
        Item(OwnEmails.Path, Words.Emails, "mail", current),
        .. Texted || current == OwnPhones.Path ? [Item(OwnPhones.Path, PhoneWords.Phones, "phone", current)] : Array.Empty<NavItem>(),
        Item(ChangePassword.Path, Words.Password, "key", current),
        Item(TwoStep.Path, Words.TwoStep, "shield", current),
        Item(OwnPasskeys.Path, Words.Passkeys, "passkey", current),
        Item(OwnSessions.Path, Words.Devices, "device", current),
        .. current == OwnKeys.Path ? [Item(OwnKeys.Path, KeyWords.Title, "key", current)] : Array.Empty<NavItem>(),
        .. current == OwnOrganizations.Path ? [Item(OwnOrganizations.Path, OrganizationWords.Title, "home", current)] : Array.Empty<NavItem>(),
        .. Page.Settings.Subtenants.IsOpen || current == OwnTenants.Path ? [Item(OwnTenants.Path, TenantWords.Title, "globe", current)] : Array.Empty<NavItem>(),
        Item(OwnConsents.Path, Words.Applications, "app", current),
        Item(OwnActivity.Path, Words.Activity, "list", current),
        Item(OwnPrivacy.Path, Words.Privacy, "lock", current),
    ];

    /// <summary>An attribute's name as a label: the tenant has no words for it, only the name.</summary>
    protected static string Label(string attribute) => char.ToUpperInvariant(attribute[0]) + attribute[1..].Replace('_', ' ').Replace('-', ' ');

    private NavItem Item(string path, string label, string icon, string current) => new(Page.Link(path), label, icon, path == current);
}
