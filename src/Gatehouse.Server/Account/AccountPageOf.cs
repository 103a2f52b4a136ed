using Gatehouse.Pages;
using Gatehouse.Pages.Components;

namespace Gatehouse.Account;

/// <summary>Base of this room's pages: adds the room's words and its navigation.</summary>
public abstract class AccountPageOf<TModel> : PageOf<TModel> where TModel : class
{
    protected AccountTexts Words => AccountTexts.For(Page.Locale);

    protected string SignOutHref => Page.Link("/signout");

    /// <param name="current">The path of the page itself.</param>
    protected IReadOnlyList<NavItem> Nav(string current) =>
    [
        Item(ShowAccount.Path, Words.Overview, "user", current),
        Item(OwnSessions.Path, Words.Devices, "device", current),
        Item(ChangePassword.Path, Words.Password, "key", current),
        Item(TwoStep.Path, Words.TwoStep, "phone", current),
        Item(OwnPasskeys.Path, Words.Passkeys, "passkey", current),
        Item(OwnConsents.Path, Words.Applications, "app", current),
    ];

    private NavItem Item(string path, string label, string icon, string current) => new(Page.Link(path), label, icon, path == current);
}
