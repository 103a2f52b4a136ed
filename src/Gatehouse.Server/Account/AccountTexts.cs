using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words of this room's pages.</summary>
public abstract class AccountTexts : TextSet
{
    public static AccountTexts For(Locale locale) => Of<AccountTexts>(locale, EnglishAccountTexts.Instance, PersianAccountTexts.Instance);

    public abstract string Overview { get; }
    public abstract string OverviewLead { get; }
    public abstract string RecoveryTitle { get; }
    public abstract string RecoveryText(string date);
    public abstract string RecoveryCancel { get; }
    public abstract string RecoveryCancelled { get; }
    public abstract string RecoveryCancelledText { get; }
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
    public abstract string SetPassword { get; }
    public abstract string NoPassword { get; }
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
    public static IReadOnlyList<string> PasskeyProblemCodes { get; } = ["passkey_expired", "passkey_invalid", "passkey_model_refused", "passkey_synced_refused", "passkey_taken", "passkeys_too_many", "passkey_last", "passkey_name_invalid"];
    public abstract string PasskeyProblem(string code);

    public abstract string Applications { get; }
    public abstract string ApplicationsLead { get; }
    public abstract string NoApplications { get; }
    public abstract string NoApplicationsText { get; }
    public abstract string AllowedOn(string date);
    public abstract string Revoke { get; }

    public abstract string Change { get; }
    public abstract string Saved { get; }
    public abstract string ConfirmFirst { get; }

    public abstract string ProfileLead { get; }
    public abstract string ProfileSavedText { get; }
    public abstract string DisplayName { get; }
    public abstract string DisplayNameHint { get; }
    public abstract string GivenName { get; }
    public abstract string FamilyName { get; }
    public abstract string LanguageLabel { get; }
    public abstract string LanguageOfBrowser { get; }
    public abstract string LanguageHint { get; }
    public abstract string TimeZone { get; }
    public static IReadOnlyList<string> ProfileProblemCodes { get; } = ["name_invalid", "zoneinfo_invalid", "version_mismatch", "attributes_invalid"];
    public abstract string ProfileProblem(string code);

    public abstract string EmailsLead { get; }
    public abstract string EmailAdded { get; }
    public abstract string EmailAddedText { get; }
    public abstract string EmailPending { get; }
    public abstract string EmailPendingText { get; }
    public abstract string EmailCodeTo(string address);
    public abstract string EmailConfirm { get; }
    public abstract string SendCode { get; }
    public abstract string MakePrimary { get; }
    public abstract string Remove { get; }
    public abstract string EmailAddTitle { get; }
    public abstract string EmailAddText { get; }
    public abstract string EmailConfirmFirst { get; }
    public abstract string EmailLinkTitle { get; }
    public abstract string EmailLinkLead(string address);
    public static IReadOnlyList<string> EmailProblemCodes { get; } =
        ["email_yours", "emails_too_many", "emails_too_often", "email_taken", "code_wrong", "email_primary", "email_last_verified", "email_not_verified", "version_mismatch"];
    public abstract string EmailProblem(string code);

    public abstract string TrustedDevices { get; }
    public abstract string TrustedDevicesText { get; }
    public abstract string NoTrustedDevices { get; }
    public abstract string NoTrustedDevicesText { get; }
    public abstract string TrustedUntil { get; }
    public abstract string Distrust { get; }
    public abstract string DistrustAll { get; }

    public abstract string NameIt { get; }
    public abstract string SessionName { get; }
    public abstract string NameInvalid { get; }

    public abstract string Activity { get; }
    public abstract string ActivityLead { get; }
    public abstract string NoActivity { get; }
    public abstract string NoActivityText { get; }
    public abstract string NotDone { get; }
    public abstract string By(ActivityBy who);
    public static IReadOnlyList<string> HappenedCodes { get; } =
    [
        "session.started", "session.refused", "session.ended", "session.others_ended", "session.renamed", "session.revoked", "session.all_revoked", "device.trusted", "device.trust_used", "device.trust_revoked", "password.changed", "password.set", "password.reset",
        "password.reset_requested", "password.reset_proved", "password.reset_issued", "passkey.added", "passkey.renamed", "passkey.removed", "second_step.added", "second_step.removed", "recovery_code.used", "recovery_codes.renewed",
        "consent.given", "consent.revoked", "grant.created", "grant.refused", "grant.revoked", "token.revoked", "user.created", "user.registered", "user.updated", "user.disabled", "user.enabled",
        "user.email_requested", "user.email_request_cancelled", "user.email_added", "user.email_verified", "user.email_removed", "user.email_made_primary",
        "user.phone_requested", "user.phone_request_cancelled", "user.phone_added", "user.phone_verified", "user.phone_removed", "user.phone_made_primary", "user.notices_changed",
        "user.data_downloaded", "impersonation.requested", "impersonation.started", "impersonation.ended", "role.granted", "role.revoked", "api_key.created", "api_key.revoked",
    ];

    /// <summary>What happened, by the action's name in the audit; for others, that something did.</summary>
    public abstract string Happened(string code);

    public abstract string Privacy { get; }
    public abstract string PrivacyLead { get; }
    public abstract string Notices { get; }
    public abstract string NoticesText { get; }
    public abstract string NoticesSavedText { get; }
    public static IReadOnlyList<string> NoticeCodes { get; } = ["application_allowed", "profile_changed"];
    public abstract string Notice(string code);
    public abstract string Data { get; }
    public abstract string DataText { get; }
    public abstract string DataDownload { get; }
    public abstract string DeleteTitle { get; }
    public abstract string DeleteQuestion { get; }
    public abstract string DeleteText { get; }
    public abstract string DeleteType(string name);
    public abstract string Delete { get; }
    public static IReadOnlyList<string> DeleteProblemCodes { get; } = ["name_differs", "last_administrator"];
    public abstract string DeleteProblem(string code);
    public abstract string Deleted { get; }
    public abstract string DeletedText(string name);
}
