using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words of the pages about telephones: numbers, and codes by text message as a second step.</summary>
public abstract class PhoneTexts : TextSet
{
    public static PhoneTexts For(Locale locale) => Of<PhoneTexts>(locale, EnglishPhoneTexts.Instance, PersianPhoneTexts.Instance);

    public abstract string Phones { get; }
    public abstract string PhonesLead { get; }
    public abstract string NoPhones { get; }
    public abstract string NoPhonesText { get; }
    public abstract string NotTexted { get; }
    public abstract string Added { get; }
    public abstract string AddedText { get; }
    public abstract string Pending { get; }
    public abstract string PendingText { get; }
    public abstract string CodeTo(string number);
    public abstract string Confirm { get; }
    public abstract string Change { get; }
    public abstract string ConfirmFirst { get; }
    public abstract string AddTitle { get; }
    public abstract string AddText { get; }
    public abstract string Number { get; }
    public abstract string NumberHint { get; }
    public static IReadOnlyList<string> PhoneProblemCodes { get; } =
        ["phone_yours", "phone_invalid", "phone_country_closed", "phones_too_many", "phones_too_often", "phone_taken", "code_wrong", "phone_primary", "phone_in_use", "phone_not_verified", "phone_not_found", "version_mismatch"];
    public abstract string PhoneProblem(string code);

    public abstract string SmsCodes { get; }
    public abstract string SmsWhy { get; }
    public abstract string SmsGoTo(string number);
    public abstract string SmsTitle { get; }
    public abstract string SmsLead { get; }
    public abstract string SmsChoose { get; }
    public abstract string SmsNeedsPhone { get; }
    public abstract string SmsTurnOn { get; }
    public abstract string SmsAnother { get; }
    public abstract string SmsOff { get; }
    public abstract string SmsRemoved { get; }
    public abstract string SmsRemovedText { get; }
    public abstract string WhollyOff { get; }
    public abstract string WhollyOffText { get; }
}
