using Gatehouse.Pages;

namespace Gatehouse.Account;

internal sealed class EnglishAccountTexts : AccountTexts
{
    internal static EnglishAccountTexts Instance { get; } = new();

    public override string Overview => "Your account";
    public override string OverviewLead => "What is known about you here.";
    public override string RecoveryTitle => "A recovery of your account is under way";
    public override string RecoveryText(string date) => $"From {date} on, a link to your main address removes your second step and your passkeys. If you did not ask for it, or have found what was lost, cancel it.";
    public override string RecoveryCancel => "Cancel the recovery";
    public override string RecoveryCancelled => "The recovery is cancelled";
    public override string RecoveryCancelledText => "If you had not asked for it, change your password now.";
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
    public override string SetPassword => "Set password";
    public override string NoPassword => "You sign in without a password. You may set one as another way in.";
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
        "passkey_model_refused" => "This kind of device cannot be used here. Use another one, or ask the people who run this service which they take.",
        "passkey_synced_refused" => "Passkeys that are copied to your other devices cannot be used here. Use a security key, or one that stays on this device.",
        "passkey_taken" => "This passkey is in use already. Use another device.",
        "passkeys_too_many" => "You have as many passkeys as there can be. Remove one first.",
        "passkey_last" => "You sign in by this passkey alone. Set a password or add another passkey first.",
        "passkey_name_invalid" => "Use a name of at most 80 characters, without line breaks.",
        _ => "Your device's answer could not be accepted. Try again, or use another device.",
    };

    public override string Applications => "Applications";
    public override string ApplicationsLead => "What you have allowed to act in your name.";
    public override string NoApplications => "No applications yet";
    public override string NoApplicationsText => "An application that asks for your permission appears here once you have given it.";
    public override string AllowedOn(string date) => $"Allowed on {date}";
    public override string Revoke => "Take back";

    public override string Change => "Change";
    public override string Saved => "Saved";
    public override string ConfirmFirst => "Before you do this, sign in once more.";

    public override string ProfileLead => "How this place and the applications you use address you.";
    public override string ProfileSavedText => "Your profile is as you see it here.";
    public override string DisplayName => "Name";
    public override string DisplayNameHint => "What you are called, as applications show it.";
    public override string GivenName => "First name";
    public override string FamilyName => "Last name";
    public override string LanguageLabel => "Language";
    public override string LanguageOfBrowser => "As your browser asks";
    public override string LanguageHint => "Of messages to you, and of these pages.";
    public override string TimeZone => "Time zone";

    public override string ProfileProblem(string code) => code switch
    {
        "name_invalid" => "Use a name of at most 200 characters, without line breaks.",
        "zoneinfo_invalid" => "Choose a time zone from the list.",
        "version_mismatch" => "Your profile changed meanwhile. Look at it again and repeat your change.",
        "attributes_invalid" => "One of the values is too long.",
        _ => "This cannot be accepted. Change it and try again.",
    };

    public override string EmailsLead => "Sign in with any of them. Messages about your account go to the primary one.";
    public override string EmailAdded => "The address is yours";
    public override string EmailAddedText => "You can sign in with it from now on.";
    public override string EmailPending => "Confirm your address";
    public override string EmailPendingText => "A message with a code is on its way. Enter the code here, or follow the link in the message in this browser.";
    public override string EmailCodeTo(string address) => $"Code sent to {Isolate(address)}";
    public override string EmailConfirm => "Confirm address";
    public override string SendCode => "Send a code";
    public override string MakePrimary => "Make primary";
    public override string Remove => "Remove";
    public override string EmailAddTitle => "Add an address";
    public override string EmailAddText => "We send a code to it, to be sure that it is yours.";
    public override string EmailConfirmFirst => "Before you change your addresses, sign in once more.";
    public override string EmailLinkTitle => "Add this address?";
    public override string EmailLinkLead(string address) => $"{Isolate(address)} becomes one of the addresses of this account:";

    public override string EmailProblem(string code) => code switch
    {
        "email_yours" => "This address is yours already.",
        "emails_too_many" => "You have as many addresses as there can be. Remove one first.",
        "emails_too_often" => "Too many messages were asked for. Wait an hour and try again.",
        "email_taken" => "This address belongs to an account already.",
        "code_wrong" => "The code is wrong, was used or is too old. Check the newest message, or ask for another code.",
        "email_primary" => "This is your primary address. Make another one primary first.",
        "email_last_verified" => "This is your only confirmed address. Confirm another one first.",
        "email_not_verified" => "Confirm this address first.",
        "version_mismatch" => "Your account changed meanwhile. Look at the list again and repeat your change.",
        _ => "This cannot be accepted. Try again.",
    };

    public override string TrustedDevices => "Trusted devices";
    public override string TrustedDevicesText => "On these you are not asked for a code when you sign in. A new password or a change of your two-step sign-in ends that everywhere.";
    public override string NoTrustedDevices => "No trusted devices";
    public override string NoTrustedDevicesText => "When you enter a code to sign in, you can choose to trust the device.";
    public override string TrustedUntil => "trusted until";
    public override string Distrust => "Stop trusting";
    public override string DistrustAll => "Stop trusting all";

    public override string NameIt => "Give it a name";
    public override string SessionName => "Name of the device";
    public override string NameInvalid => "Use a name of at most 80 characters, without line breaks.";

    public override string Activity => "Activity";
    public override string ActivityLead => "What happened in your account. What was not you deserves a new password.";
    public override string NoActivity => "Nothing yet";
    public override string NoActivityText => "Sign-ins and changes appear here.";
    public override string NotDone => "Did not succeed";

    public override string By(ActivityBy who) => who switch
    {
        ActivityBy.You => "You",
        ActivityBy.Administrator => "By an administrator",
        ActivityBy.Application => "By an application",
        ActivityBy.System => "By itself",
        _ => "By somebody",
    };

    public override string Happened(string code) => code switch
    {
        "impersonation.requested" => "An administrator asked to act as you",
        "impersonation.started" => "An administrator began to act as you",
        "impersonation.ended" => "An administrator stopped acting as you",
        "session.started" => "Signed in",
        "session.refused" => "Sign-in refused",
        "session.ended" => "Signed out",
        "session.others_ended" => "Signed out everywhere else",
        "session.renamed" => "Device renamed",
        "session.revoked" => "Signed out on one device",
        "session.all_revoked" => "Signed out everywhere",
        "device.trusted" => "Device trusted",
        "device.trust_used" => "Signed in on a trusted device",
        "device.trust_revoked" => "Device no longer trusted",
        "password.changed" => "Password changed",
        "password.set" => "Password set",
        "password.reset" => "Password reset by a link",
        "password.reset_requested" => "Link to reset the password asked for",
        "password.reset_proved" => "Code to reset the password entered",
        "password.reset_issued" => "New password asked of you",
        "passkey.added" => "Passkey added",
        "passkey.renamed" => "Passkey renamed",
        "passkey.removed" => "Passkey removed",
        "second_step.added" => "Two-step sign-in turned on",
        "second_step.removed" => "Two-step sign-in turned off",
        "recovery_code.used" => "Signed in with a recovery code",
        "recovery_codes.renewed" => "New recovery codes made",
        "consent.given" => "Application allowed",
        "consent.revoked" => "Application no longer allowed",
        "grant.created" => "Signed in to an application",
        "grant.refused" => "Application refused",
        "token.revoked" => "Application signed out",
        "grant.revoked" => "Application's access ended",
        "user.created" => "Account created for you",
        "user.registered" => "Account created",
        "user.updated" => "Profile changed",
        "user.disabled" => "Account closed",
        "user.enabled" => "Account opened again",
        "user.email_requested" => "Code sent to a new e-mail address",
        "user.email_request_cancelled" => "New e-mail address given up",
        "user.email_added" => "E-mail address added",
        "user.email_verified" => "E-mail address confirmed",
        "user.email_removed" => "E-mail address removed",
        "user.email_made_primary" => "Primary e-mail address changed",
        "user.phone_requested" => "Code sent to a phone number",
        "user.phone_request_cancelled" => "New phone number given up",
        "user.phone_added" => "Phone number added",
        "user.phone_verified" => "Phone number confirmed",
        "user.phone_removed" => "Phone number removed",
        "user.phone_made_primary" => "Primary phone number changed",
        "user.notices_changed" => "Messages chosen",
        "user.data_downloaded" => "Your data downloaded",
        "api_key.created" => "API key made",
        "api_key.revoked" => "API key revoked",
        "role.granted" => "Role given to you",
        "role.revoked" => "Role taken from you",
        _ => "Something else happened",
    };

    public override string Privacy => "Privacy";
    public override string PrivacyLead => "Which messages you get, and what is kept of you.";
    public override string Notices => "Messages";
    public override string NoticesText => "Messages about your account\u2019s safety always come. These you may turn off:";
    public override string NoticesSavedText => "You get the messages that you see ticked here.";
    public override string Notice(string code) => code switch
    {
        "application_allowed" => "When I allow an application to use my account",
        "profile_changed" => "When my profile changes",
        _ => "Other messages",
    };
    public override string Data => "Your data";
    public override string DataText => "Everything that is known of you here, as one file that programs can read.";
    public override string DataDownload => "Download my data";
    public override string DeleteTitle => "Delete your account";
    public override string DeleteQuestion => "Delete your account?";
    public override string DeleteText => "Your account and everything in it is gone for good, and you are signed out everywhere. This cannot be undone.";
    public override string DeleteType(string name) => $"To go on, type {Isolate(name)}";
    public override string Delete => "Delete account";
    public override string DeleteProblem(string code) => code switch
    {
        "name_differs" => "This is not what stands above the field. Type it exactly so.",
        "last_administrator" => "You are the last administrator. Make somebody else one first.",
        _ => "Your account could not be deleted. Try again, or ask the people who run this service.",
    };
    public override string Deleted => "Your account is deleted";
    public override string DeletedText(string name) => $"{Isolate(name)} no longer has an account here. You may close this page.";
}
