namespace Gatehouse.Account;

internal sealed class EnglishPhoneTexts : PhoneTexts
{
    internal static readonly EnglishPhoneTexts Instance = new();

    public override string Phones => "Phone numbers";
    public override string PhonesLead => "Numbers that are yours. Codes are sent only to those you have confirmed.";
    public override string NoPhones => "No phone number yet";
    public override string NoPhonesText => "Add one to get codes by text message.";
    public override string NotTexted => "This service sends no text messages.";
    public override string Added => "The number is yours";
    public override string AddedText => "It is confirmed and can receive your codes.";
    public override string Pending => "Confirm your number";
    public override string PendingText => "A text message with a code is on its way. Enter the code here.";
    public override string CodeTo(string number) => $"Code sent to {Isolate(number)}";
    public override string Confirm => "Confirm number";
    public override string Change => "Change your numbers";
    public override string ConfirmFirst => "Before you change your numbers, sign in once more.";
    public override string AddTitle => "Add a number";
    public override string AddText => "We send a code to it, to be sure that it is yours.";
    public override string Number => "Phone number";
    public override string NumberHint => "With its country, for example +49 170 1234567.";

    public override string PhoneProblem(string code) => code switch
    {
        "phone_yours" => "This number is yours already.",
        "phone_invalid" => "This is no phone number. Write it with its country, for example +49 170 1234567.",
        "phone_country_closed" => "No text messages are sent from here to numbers of that country.",
        "phones_too_many" => "You have as many numbers as there can be. Remove one first.",
        "phones_too_often" => "Too many text messages were asked for. Wait an hour and try again.",
        "phone_taken" => "This number belongs to another account.",
        "code_wrong" => "The code is wrong, was used or is too old. Check the newest message, or ask for another code.",
        "phone_primary" => "This is your primary number. Make another one primary first.",
        "phone_in_use" => "The codes of your second step go to this number. Turn that off first.",
        "phone_not_verified" => "Confirm this number first.",
        "phone_not_found" => "This number is no longer in your account.",
        "version_mismatch" => "Your account changed meanwhile. Look at the list again and repeat your change.",
        _ => "This cannot be accepted. Try again.",
    };

    public override string SmsCodes => "Codes by text message";
    public override string SmsWhy => "Safer than a password alone, and less safe than a code app: a phone number can be taken over.";
    public override string SmsGoTo(string number) => $"Codes go to {Isolate(number)}.";
    public override string SmsTitle => "Codes by text message";
    public override string SmsLead => "Each time you sign in, a code can be sent to your phone.";
    public override string SmsChoose => "Where should the codes go?";
    public override string SmsNeedsPhone => "Add a number and confirm it. Then come back here.";
    public override string SmsTurnOn => "Turn on";
    public override string SmsAnother => "Change number";
    public override string SmsOff => "Send no more codes";
    public override string SmsRemoved => "No more codes are sent to your phone";
    public override string SmsRemovedText => "Your account\u2019s safety is up to what you see here.";
    public override string WhollyOff => "Turn two-step sign-in off";
    public override string WhollyOffText => "All of the above at once, recovery codes too.";
}
