using Gatehouse.Pages;

namespace Gatehouse.Account;

internal sealed class EnglishAccountTexts : AccountTexts
{
    internal static EnglishAccountTexts Instance { get; } = new();

    public override string Overview => "Your account";
    public override string OverviewLead => "What is known about you here.";
    public override string Profile => "Profile";
    public override string Name => "Name";
    public override string NotGiven => "Not given";
    public override string MemberSince => "Account since";
    public override string AccountId => "Account id";
    public override string Emails => "E-mail addresses";
    public override string Primary => "Primary";
    public override string Verified => "Verified";
    public override string NotVerified => "Not verified";

    public override string Devices => "Devices";
    public override string Sessions => "Where you are signed in";
    public override string SessionsLead => "End what you do not recognise, then change your password.";
    public override string BrowserOn(string browser, string system) => $"{browser} on {system}";
    public override string UnknownBrowser => "Unknown browser";
    public override string ThisBrowser => "This browser";
    public override string LastSeen => "last seen";
    public override string SignedIn => "signed in";
    public override string EndSession => "Sign out";
    public override string EndOthersTitle => "Sign out everywhere else";
    public override string EndOthersText => "You stay signed in here. Applications you used elsewhere lose their access.";
    public override string EndOthers => "Sign out everywhere else";
    public override string More => "Show more";

    public override string Password => "Password";
    public override string PasswordLead => "A new password signs you out everywhere else.";
    public override string CurrentPassword => "Current password";
    public override string NewPassword => "New password";
    public override string ChangePassword => "Change password";
    public override string CurrentWrong => "This is not your current password, or there were too many attempts. Check it, or wait a few minutes.";
    public override string PasswordChanged => "Your password is changed";
    public override string PasswordChangedText => "You are signed out everywhere else.";
    public override string ForgotPassword => "Forgot your current password?";

    public override string TwoStep => "Two-step sign-in";
    public override string TwoStepLead => "A code from your phone beside your password.";
    public override string TwoStepWhy => "Whoever learns your password still cannot sign in without your phone.";
    public override string CodeApp => "Code app on your phone";
    public override string On => "On";
    public override string Off => "Off";
    public override string LastUsed => "Last used";
    public override string SetUp => "Set up";
    public override string SetUpApp => "Set up your phone";
    public override string AnotherApp => "Set up another phone";
    public override string TurnOff => "Turn off";
    public override string TurnOffTitle => "Turn off two-step sign-in?";
    public override string TurnOffText => "Your password alone will then be enough, and your recovery codes stop working.";
    public override string TwoStepRemoved => "Two-step sign-in is off";
    public override string TwoStepRemovedText => "Remove the entry from the app on your phone too.";
    public override string TwoStepOn => "Two-step sign-in is on";
    public override string TwoStepOnText => "The next time you sign in, you are asked for a code from your phone.";
    public override string NewCodes => "Make new codes";
    public override string NewCodesText => "The codes you have now stop working.";
    public override string Kept => "I have kept them";
    public override string OnSince(string date) => $"On since {date}";
    public override string CodesLeft(int count) => count == 1 ? "1 code is left." : $"{Locale.English.Number(count)} codes are left.";

    public override string Passkey => "Passkey";
    public override string Passkeys => "Passkeys";
    public override string PasskeysLead => "Sign in with your fingerprint, your face or your device's PIN instead of a password.";
    public override string NoPasskeys => "No passkeys yet";
    public override string NoPasskeysText => "A passkey is quicker than a password, and nobody can trick you out of it.";
    public override string PasskeySynced => "Synced";
    public override string PasskeyOneDevice => "This device only";
    public override string PasskeyCreated => "added";
    public override string PasskeyUsed => "last used";
    public override string PasskeyNeverUsed => "not used yet";
    public override string PasskeyName => "Name of the passkey";
    public override string PasskeyNameHint => "So that you recognise it, for example: my phone.";
    public override string PasskeyRename => "Rename";
    public override string PasskeyRemove => "Remove";
    public override string PasskeyAddTitle => "Add a passkey";
    public override string PasskeyAddText => "Your device asks for your fingerprint, face or PIN. None of these leaves it.";
    public override string PasskeyAdd => "Add passkey";
    public override string PasskeyAdded => "Your passkey is added";
    public override string PasskeyAddedText => "Choose \u201cSign in with a passkey\u201d the next time.";
    public override string PasskeyNotAdded => "No passkey was made. Perhaps this device has one for you already. Try again, or use another device.";
    public override string PasskeyNeedsScript => "Adding a passkey needs JavaScript and a browser that knows passkeys.";
    public override string PasskeysNotOffered => "This service does not offer passkeys.";
    public override string PasskeyConfirm => "Confirm that it is you";
    public override string PasskeyConfirmText => "Before you add or remove a passkey, sign in once more.";

    public override string PasskeyProblem(string code) => code switch
    {
        "passkey_expired" => "The page was open for too long. Try again.",
        "passkey_taken" => "This passkey is in use already. Use another device.",
        "passkeys_too_many" => "You have as many passkeys as there can be. Remove one first.",
        "passkey_name_invalid" => "Use a name of at most 80 characters, without line breaks.",
        _ => "Your device's answer could not be accepted. Try again, or use another device.",
    };

    public override string Applications => "Applications";
    public override string ApplicationsLead => "What you have allowed to act in your name.";
    public override string NoApplications => "No applications yet";
    public override string NoApplicationsText => "An application that asks for your permission appears here once you have given it.";
    public override string AllowedOn(string date) => $"Allowed on {date}";
    public override string Revoke => "Take back";
}
