using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words of this room's pages.</summary>
public abstract class AccountTexts : TextSet
{
    public static AccountTexts For(Locale locale) => Of<AccountTexts>(locale, EnglishAccountTexts.Instance, PersianAccountTexts.Instance);

    public abstract string Overview { get; }
    public abstract string OverviewLead { get; }
    public abstract string Profile { get; }
    public abstract string Name { get; }
    public abstract string NotGiven { get; }
    public abstract string MemberSince { get; }
    public abstract string AccountId { get; }
    public abstract string Emails { get; }
    public abstract string Primary { get; }
    public abstract string Verified { get; }
    public abstract string NotVerified { get; }

    public abstract string Devices { get; }
    public abstract string Sessions { get; }
    public abstract string SessionsLead { get; }
    public abstract string BrowserOn(string browser, string system);
    public abstract string UnknownBrowser { get; }
    public abstract string ThisBrowser { get; }
    public abstract string LastSeen { get; }
    public abstract string SignedIn { get; }
    public abstract string EndSession { get; }
    public abstract string EndOthersTitle { get; }
    public abstract string EndOthersText { get; }
    public abstract string EndOthers { get; }
    public abstract string More { get; }

    public abstract string Password { get; }
    public abstract string PasswordLead { get; }
    public abstract string CurrentPassword { get; }
    public abstract string NewPassword { get; }
    public abstract string ChangePassword { get; }
    public abstract string CurrentWrong { get; }
    public abstract string PasswordChanged { get; }
    public abstract string PasswordChangedText { get; }
    public abstract string ForgotPassword { get; }

    public abstract string TwoStep { get; }
    public abstract string TwoStepLead { get; }
    public abstract string TwoStepWhy { get; }
    public abstract string CodeApp { get; }
    public abstract string On { get; }
    public abstract string Off { get; }
    public abstract string LastUsed { get; }
    public abstract string SetUp { get; }
    public abstract string SetUpApp { get; }
    public abstract string AnotherApp { get; }
    public abstract string TurnOff { get; }
    public abstract string TurnOffTitle { get; }
    public abstract string TurnOffText { get; }
    public abstract string TwoStepRemoved { get; }
    public abstract string TwoStepRemovedText { get; }
    public abstract string TwoStepOn { get; }
    public abstract string TwoStepOnText { get; }
    public abstract string NewCodes { get; }
    public abstract string NewCodesText { get; }
    public abstract string Kept { get; }
    public abstract string OnSince(string date);
    public abstract string CodesLeft(int count);

    public abstract string Passkey { get; }
    public abstract string Passkeys { get; }
    public abstract string PasskeysLead { get; }
    public abstract string NoPasskeys { get; }
    public abstract string NoPasskeysText { get; }
    public abstract string PasskeySynced { get; }
    public abstract string PasskeyOneDevice { get; }
    public abstract string PasskeyCreated { get; }
    public abstract string PasskeyUsed { get; }
    public abstract string PasskeyNeverUsed { get; }
    public abstract string PasskeyName { get; }
    public abstract string PasskeyNameHint { get; }
    public abstract string PasskeyRename { get; }
    public abstract string PasskeyRemove { get; }
    public abstract string PasskeyAddTitle { get; }
    public abstract string PasskeyAddText { get; }
    public abstract string PasskeyAdd { get; }
    public abstract string PasskeyAdded { get; }
    public abstract string PasskeyAddedText { get; }
    public abstract string PasskeyNotAdded { get; }
    public abstract string PasskeyNeedsScript { get; }
    public abstract string PasskeysNotOffered { get; }
    public abstract string PasskeyConfirm { get; }
    public abstract string PasskeyConfirmText { get; }
    public static IReadOnlyList<string> PasskeyProblemCodes { get; } = ["passkey_expired", "passkey_invalid", "passkey_taken", "passkeys_too_many", "passkey_name_invalid"];
    public abstract string PasskeyProblem(string code);

    public abstract string Applications { get; }
    public abstract string ApplicationsLead { get; }
    public abstract string NoApplications { get; }
    public abstract string NoApplicationsText { get; }
    public abstract string AllowedOn(string date);
    public abstract string Revoke { get; }
}
