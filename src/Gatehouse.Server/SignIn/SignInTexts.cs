using Gatehouse.Credentials;
using Gatehouse.Pages;

namespace Gatehouse.SignIn;

/// <summary>The words of this room's pages.</summary>
public abstract class SignInTexts : TextSet
{
    public static SignInTexts For(Locale locale) => Of<SignInTexts>(locale, EnglishSignInTexts.Instance, PersianSignInTexts.Instance);

    public abstract string SignInTitle { get; }
    public abstract string ContinueTo(string application);
    public abstract string NoAccount { get; }
    public abstract string SignUp { get; }

    public abstract string UsePasskey { get; }
    public abstract string PasskeyNotUsed { get; }
    /// <summary>One sentence for every reason: see <see cref="PasskeyStep"/>.</summary>
    public abstract string PasskeyRefused { get; }

    public abstract string PasswordTitle { get; }
    public abstract string ForgotLink { get; }
    /// <summary>One sentence for every reason: see <see cref="PasswordStep"/>.</summary>
    public abstract string CredentialsWrong { get; }

    /// <summary>The same where passkeys are offered: a password that is right and yet not enough gets this answer too.</summary>
    public abstract string CredentialsWrongOrPasskey { get; }
    public abstract string WrongAccount { get; }
    public abstract string SignInDenied { get; }
    public abstract string MethodNotAllowed { get; }
    public abstract string TermsNotAccepted { get; }

    public abstract string InvitationTitle { get; }
    public abstract string InvitationLead(string organization, string tenant);
    public abstract string InvitationFor { get; }
    public abstract string InvitationHow { get; }
    public abstract string InvitationUntil { get; }
    public abstract string InvitationOther(string account);
    public abstract string InvitationGone { get; }
    public abstract string InvitationGoneText { get; }
    public abstract string InvitationToAccount { get; }

    public abstract string OrganizationTitle { get; }
    public abstract string OrganizationLead { get; }
    public abstract string OrganizationElse { get; }
    public abstract string OrganizationUnknown { get; }

    public abstract string TermsLead(string tenant);
    public abstract string TermsWhole { get; }
    public abstract string TermsAgree { get; }
    public abstract string TermsDecline { get; }
    public abstract string TermsCheck { get; }
    public abstract string CheckTitle { get; }
    public abstract string CheckLead { get; }

    public abstract string CollectTitle { get; }
    public abstract string CollectLead(string tenant);
    public abstract string CollectDecline { get; }
    public abstract string CollectChoose { get; }
    public abstract string CollectYes { get; }
    public abstract string CollectNo { get; }
    /// <summary>What stands at a field of the tenant's.</summary>
    public abstract string ValueProblem(string code);
    public static IReadOnlyList<string> ValueProblemCodes { get; } = ["value_missing", "value_pattern", "value_choice", "value_uri", "value_date", "value_number", "value_invalid", "locale_invalid", "zoneinfo_invalid", "attributes_invalid"];
    public abstract string ValueTooShort(int length);
    public abstract string ValueTooLong(int length);
    public abstract string ValueTooSmall(string bound);
    public abstract string ValueTooLarge(string bound);

    public abstract string CodeTitle { get; }
    public abstract string RecoveryTitle { get; }
    public abstract string TrustDevice(int days);
    public abstract string TrustDeviceHint { get; }
    /// <summary>A link to another step.</summary>
    public abstract string Way(string code);
    public static IReadOnlyList<string> WayCodes { get; } = ["password", "email_code", "totp", "sms", "recovery_code"];

    public abstract string NoneOfThese { get; }
    public abstract string EmailOrPhone { get; }
    public abstract string SendCodeTitle { get; }
    public abstract string SendCode { get; }
    public abstract string MailCodeLead { get; }
    /// <summary>Says nothing of whether there is an account.</summary>
    public abstract string MailCodeSent { get; }
    public abstract string MailCodeHint { get; }
    public abstract string CheckPhoneTitle { get; }
    public abstract string SmsCodeLead(string number);
    public abstract string SmsCodeSent(string number);
    public abstract string SmsCodeHint { get; }
    public abstract string SentCodeWrong { get; }
    public abstract string LinkTitle { get; }
    public abstract string LinkLead { get; }
    public abstract string ElsewhereTitle { get; }
    public abstract string ElsewhereLead { get; }
    public abstract string ElsewhereWarning { get; }
    public abstract string EnrolTitle { get; }
    public abstract string EnrolLead { get; }

    public abstract string SignUpTitle { get; }
    public abstract string SignUpLead { get; }
    public abstract string Name { get; }
    public abstract string HaveAccount { get; }
    public abstract string ClosedTitle { get; }
    public abstract string ClosedText { get; }

    public abstract string SentTitle { get; }
    public abstract string SignUpSent { get; }
    public abstract string ResetSent { get; }
    public abstract string SentHint { get; }
    public abstract string SendAgain { get; }

    public abstract string ChooseTitle { get; }
    public abstract string ChooseLead { get; }
    public abstract string FinishTitle { get; }
    public abstract string FinishLead { get; }
    public abstract string PasskeyWhy { get; }
    public abstract string MakePasskey { get; }
    public abstract string PasskeyNotMade { get; }
    public abstract string PasskeyNeeded { get; }
    public abstract string OrPassword { get; }
    public static IReadOnlyList<string> PasskeyProblemCodes { get; } = ["passkey_expired", "passkey_model_refused", "passkey_synced_refused", "passkey_taken", "passkey_only"];
    public abstract string PasskeyProblem(string code);
    public abstract string NewPassword { get; }
    public abstract string CreateAccount { get; }
    public abstract string NewLink { get; }

    public abstract string ReplaceTitle { get; }
    public abstract string ReplaceLead(PasswordChangeReason reason);

    public abstract string ForgotTitle { get; }
    public abstract string ForgotLead { get; }
    public abstract string SendLink { get; }
    public abstract string ForgotLeadTexted { get; }
    public abstract string SendLinkOrCode { get; }
    public abstract string SendCodeByText { get; }
    public abstract string ResetCodeSent { get; }
    public abstract string BackToSignIn { get; }
    public abstract string ResetTitle { get; }
    public abstract string ResetLead { get; }
    public abstract string SetPassword { get; }
    public abstract string ResetDoneTitle { get; }
    public abstract string ResetDoneText { get; }

    public abstract string NotMeTitle { get; }
    public abstract string NotMeLead { get; }
    public abstract string NotMeLeadNoLink { get; }
    public abstract string NotMeButton { get; }
    public abstract string NotMeItWasMe { get; }
    public abstract string NotMeDoneTitle { get; }
    public abstract string NotMeDoneText { get; }
    public abstract string NotMeDoneTextNoLink { get; }
    public abstract string NotMeDoneHint { get; }

    public abstract string SignOutTitle { get; }
    public abstract string SignOutLead { get; }
    public abstract string StaySignedIn { get; }
    public abstract string SignedOutTitle { get; }
    public abstract string SignedOutText { get; }
}
