using Gatehouse.Credentials;
using Gatehouse.Pages;

namespace Gatehouse.SignIn;

internal sealed class EnglishSignInTexts : SignInTexts
{
    internal static EnglishSignInTexts Instance { get; } = new();

    public override string SignInTitle => "Sign in";
    public override string ContinueTo(string application) => $"to continue to {Isolate(application)}";
    public override string NoAccount => "No account yet?";
    public override string SignUp => "Sign up";

    public override string UsePasskey => "Sign in with a passkey";
    public override string PasskeyNotUsed => "No passkey was used. Try again, or enter your address.";
    public override string PasskeyRefused => "This passkey did not work here, the page was open for too long, or there were too many attempts. Try again, or enter your address.";

    public override string PasswordTitle => "Enter your password";
    public override string ForgotLink => "Forgot your password?";
    public override string CredentialsWrongOrPasskey => CredentialsWrong + " Where only a passkey opens your account, go back and use it.";
    public override string CredentialsWrong => "The address or the password is wrong, or there were too many attempts. Check both, wait a few minutes, or set a new password.";
    public override string WrongAccount => "The application asked for another account. Sign in with the account you use there.";
    public override string SignInDenied => "You cannot sign in here: the rules of this organization do not allow it for you, or not from where you are. Ask your administrator.";
    public override string MethodNotAllowed => "You cannot sign in this way here. Use your passkey, or another way that is offered.";
    public override string InvitationTitle => "You are invited";
    public override string InvitationLead(string organization, string tenant) => $"{Isolate(organization)} would like you to join it at {Isolate(tenant)}.";
    public override string InvitationFor => "For";
    public override string InvitationHow => "Sign in with this address and accept. If it has no account yet, we send it a message with which you make one.";
    public override string InvitationUntil => "Open until";
    public override string InvitationOther(string account) => $"You are signed in as {Isolate(account)}. This invitation is for another address: to accept it, sign in with that one.";
    public override string InvitationGone => "This invitation is no longer open";
    public override string InvitationGoneText => "It was answered, taken back, sent again with a newer link, or its time is over. Look in your account, or ask whoever invited you to send it again.";
    public override string InvitationToAccount => "Go to your account";
    public override string OrganizationTitle => "Choose an organization";
    public override string OrganizationLead => "You belong to several. In which one do you want to go on?";
    public override string OrganizationElse => "Use another account";
    public override string OrganizationUnknown => "You no longer belong to that organization. Choose another one.";
    public override string TermsNotAccepted => "To go on, you have to agree to this.";
    public override string TermsLead(string tenant) => $"{tenant} asks you to agree to this before you go on.";
    public override string TermsWhole => "Read it in full";
    public override string TermsAgree => "Agree and continue";
    public override string TermsDecline => "Do not agree";
    public override string TermsCheck => "I have read this and agree";
    public override string CheckTitle => "One more check";
    public override string CheckLead => "This service asks one of its systems whether you may go on.";

    public override string CollectTitle => "A few more details";
    public override string CollectLead(string tenant) => $"{tenant} asks you for this before you go on.";
    public override string CollectDecline => "Not now";
    public override string CollectChoose => "Choose …";
    public override string CollectYes => "Yes";
    public override string CollectNo => "No";
    public override string ValueProblem(string code) => code switch
    {
        "value_missing" => "Fill this in.",
        "value_pattern" => "This does not have the form that is asked for.",
        "value_choice" or "locale_invalid" or "zoneinfo_invalid" => "Choose one of these.",
        "value_uri" => "Enter an address like https://example.com.",
        "value_date" => "Enter a day like 2001-12-31.",
        "value_number" => "Enter a number.",
        _ => "This contains something that cannot be used here. Change it and try again.",
    };
    public override string ValueTooShort(int length) => $"Write at least {Locale.English.Number(length)} characters.";
    public override string ValueTooLong(int length) => $"Write at most {Locale.English.Number(length)} characters.";
    public override string ValueTooSmall(string bound) => $"Enter {bound} or more.";
    public override string ValueTooLarge(string bound) => $"Enter {bound} or less.";

    public override string CodeTitle => "Enter the code";
    public override string RecoveryTitle => "Enter a recovery code";
    public override string TrustDevice(int days) => days == 1 ? "Trust this device for 1 day" : $"Trust this device for {days} days";
    public override string TrustDeviceHint => "No code is asked for here meanwhile. Only on a device that nobody else uses.";
    public override string Way(string code) => code switch
    {
        "password" => "Use your password",
        "email_code" => "Get a code by mail",
        "sms" => "Get a code by text message",
        "recovery_code" => "Use a recovery code",
        _ => "Use a code from your phone",
    };

    public override string NoneOfThese => "I have none of these";
    public override string EmailOrPhone => "E-mail or phone number";
    public override string SendCodeTitle => "Get a code";
    public override string SendCode => "Send code";
    public override string MailCodeLead => "We send you a code and a link. Either signs you in.";
    public override string MailCodeSent => "If there is an account with this address, a code and a link are on their way.";
    public override string MailCodeHint => "The digits from the message. Nothing there? Look in the spam folder, or send it again after half a minute.";
    public override string CheckPhoneTitle => "Check your phone";
    public override string SmsCodeLead(string number) => $"We send a code to {IsolateLeftToRight(number)}.";
    public override string SmsCodeSent(string number) => $"If {IsolateLeftToRight(number)} is a number of your account, a code is on its way to it.";
    public override string SmsCodeHint => "The digits from the message. Nothing there? Send it again after half a minute.";
    public override string SentCodeWrong => "This code is wrong, has been used, or was replaced by a newer one, or there were too many attempts. Use the newest message, or have another sent.";
    public override string LinkTitle => "Sign in?";
    public override string LinkLead => "You asked for this link in this browser.";
    public override string ElsewhereTitle => "Type this code there";
    public override string ElsewhereLead => "You opened the link in another browser than the one you are signing in with. Enter this code in that one:";
    public override string ElsewhereWarning => "You are not signing in anywhere? Then somebody else is trying to: close this page and tell nobody the code.";
    public override string EnrolTitle => "Set up two-step sign-in";
    public override string EnrolLead => "Here, a password alone is not enough.";

    public override string SignUpTitle => "Create your account";
    public override string SignUpLead => "We send you a link to confirm your address.";
    public override string Name => "Name";
    public override string HaveAccount => "Have an account already?";
    public override string ClosedTitle => "Sign-up is closed";
    public override string ClosedText => "New accounts are made by the people who run this service. Ask them, or sign in if you have an account.";

    public override string SentTitle => "Check your mail";
    public override string SignUpSent => "We have sent you a message. Open the link in it within 60 minutes to go on.";
    public override string ResetSent => "If there is an account with this address, a message is on its way. Open the link in it within 30 minutes.";
    public override string SentHint => "Nothing there? Look in the spam folder, and check that the address was right.";
    public override string SendAgain => "Send again";

    public override string ChooseTitle => "Choose a password";
    public override string ChooseLead => "Your address is confirmed. A password completes your account.";
    public override string FinishTitle => "Finish your account";
    public override string FinishLead => "Choose how you sign in from now on.";
    public override string PasskeyWhy => "With a passkey you sign in by your fingerprint, face or PIN. There is no password to forget, and nobody can trick you out of it.";
    public override string MakePasskey => "Create a passkey";
    public override string PasskeyNotMade => "No passkey was made. Try again, or choose another way.";
    public override string PasskeyNeeded => "This service is used with a passkey. That needs JavaScript and a browser that knows passkeys.";
    public override string OrPassword => "Choose a password instead:";
    public override string PasskeyProblem(string code) => code switch
    {
        "passkey_expired" => "The page was open for too long. Try again.",
        "passkey_model_refused" => "This kind of device cannot be used here. Use another one.",
        "passkey_synced_refused" => "Passkeys that are copied to your other devices cannot be used here. Use one that stays on this device.",
        "passkey_taken" => "This passkey is in use already. Use another device.",
        "passkey_only" => "This service is used without passwords. Create a passkey.",
        _ => "Your device\u2019s answer could not be accepted. Try again, or use another device.",
    };
    public override string NewPassword => "New password";
    public override string CreateAccount => "Create account";
    public override string NewLink => "Get a new link";

    public override string ReplaceTitle => "Choose a new password";
    public override string ReplaceLead(PasswordChangeReason reason) => reason switch
    {
        PasswordChangeReason.Breached => "Your password is on a published list of stolen passwords. Choose another one here, and change the old one wherever else you use it.",
        PasswordChangeReason.Expired => "Your password is older than this service allows.",
        _ => "The people who run this service ask you to replace your password.",
    };

    public override string ForgotTitle => "Forgot your password?";
    public override string ForgotLead => "Enter your address, and we send you a link to set a new one.";
    public override string SendLink => "Send link";
    public override string ForgotLeadTexted => "Enter your address, and we send you a link to set a new one; or your phone number, for a code.";
    public override string SendLinkOrCode => "Send link or code";
    public override string SendCodeByText => "Send a code to my phone instead";
    public override string ResetCodeSent => "If the account with this address has a confirmed phone number, a code is on its way to it.";
    public override string BackToSignIn => "Back to sign in";
    public override string ResetTitle => "Set a new password";
    public override string ResetLead => "You will be signed out on all your devices.";
    public override string SetPassword => "Set password";
    public override string ResetDoneTitle => "Your password is changed";
    public override string ResetDoneText => "You are signed out on all your devices. Sign in with the new password.";

    public override string NotMeTitle => "Was it not you?";
    public override string NotMeLead => "Your account will be signed out everywhere, its password will stop working, and we send you a link to choose a new one.";
    public override string NotMeLeadNoLink => "Your account will be signed out everywhere.";
    public override string NotMeButton => "It was not me: sign out everywhere";
    public override string NotMeItWasMe => "It was me";
    public override string NotMeDoneTitle => "Signed out everywhere";
    public override string NotMeDoneText => "Nobody is signed in to your account now. We have sent you a link to choose a new password.";
    public override string NotMeDoneTextNoLink => "Nobody is signed in to your account now. Your password is as it was: change it now, by an address that belongs to your account.";
    public override string NotMeDoneHint => "Does signing in ask for a code or a passkey that is not yours? Then ask the people who run this service for help.";

    public override string SignOutTitle => "Sign out?";
    public override string SignOutLead => "This ends your session in this browser.";
    public override string StaySignedIn => "Stay signed in";
    public override string SignedOutTitle => "You are signed out";
    public override string SignedOutText => "On a shared computer, also close the browser.";
}
