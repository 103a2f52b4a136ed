using Gatehouse.Http;

namespace Gatehouse.Pages;

internal sealed class EnglishTexts : Texts
{
    internal static EnglishTexts Instance { get; } = new();

    public override string Language => "Language";
    public override string SkipToContent => "Skip to content";
    public override string LegalLinks => "Legal";
    public override string Terms => "Terms";
    public override string Privacy => "Privacy";
    public override string Menu => "Menu";
    public override string Breadcrumbs => "You are here";

    public override string Continue => "Continue";
    public override string StartAgain => "Start again";
    public override string Cancel => "Cancel";
    public override string Back => "Back";
    public override string Save => "Save";
    public override string SignIn => "Sign in";
    public override string SignOut => "Sign out";
    public override string SignedInAs => "Signed in as";
    public override string NotYou => "Not you?";
    public override string Copy => "Copy";
    public override string Copied => "Copied";
    public override string Working => "One moment…";
    public override string Optional => "optional";

    public override string Email => "E-mail address";
    public override string Password => "Password";
    public override string ShowPassword => "Show password";
    public override string HidePassword => "Hide password";

    public override string Code => "Code";
    public override string CodeHint => "Six digits, from the code app on your phone.";
    public override string RecoveryCode => "Recovery code";
    public override string RecoveryCodeHint => "One of the codes you were given when you set this up. Each works once.";
    public override string ScanThis => "Scan this picture with a code app on your phone.";
    public override string QrImage => "The key below as a picture for the app";
    public override string KeyLabel => "Or type this key into the app";
    public override string TurnOn => "Turn on";
    public override string RecoveryCodes => "Your recovery codes";
    public override string RecoveryCodesLead => "Each signs you in once when your phone is not there. You see them only now: print them or keep them with your passwords.";
    public override string Download => "Download as text";

    public override string ErrorSummary => "Please check this";
    public override string RequestId => "Request id";

    public override string MovingOn => "One moment";
    public override string MovingOnHint => "You are being taken onwards. If nothing happens, continue here.";

    public override string PasswordHint(int minLength) =>
        $"At least {Locale.English.Number(minLength)} characters. A few unrelated words make a good password.";

    public override string Ago(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } => Count((int)span.TotalMinutes, "minute"),
        { TotalDays: < 1 } => Count((int)span.TotalHours, "hour"),
        _ => Count((int)span.TotalDays, "day"),
    };

    public override string FieldProblem(string code, PasswordSettings passwords) => code switch
    {
        "email_invalid" => "Enter an e-mail address like name@example.com.",
        "name_invalid" => "Enter a name of at most 200 characters, without line breaks.",
        "password_too_short" => $"Use at least {Locale.English.Number(passwords.MinLength)} characters.",
        "password_too_long" => $"Use at most {Locale.English.Number(passwords.MaxLength)} characters.",
        "password_common" => "This password is on lists of common passwords. Choose another one.",
        "password_too_simple" => "Mix more kinds of characters: lower case, upper case, digits, others.",
        "password_breached" => "This password is on a published list of stolen passwords. Choose another one, and change it wherever else you use it.",
        "password_used_before" => "You have used this password here before. Choose a new one.",
        "password_tries_too_many" => "Too many passwords were tried. Wait ten minutes and try again.",
        "breach_check_unavailable" => "This password cannot be checked at the moment. Try again in a minute.",
        "password_missing" => "Enter your password.",
        "password_invalid" => "This password contains characters that cannot be used. Choose another one.",
        "code_missing" => "Enter the code.",
        "code_wrong" => "This code is wrong or has been used, or there were too many attempts. Wait for the next code, check that your phone shows the right time, or try again in a few minutes.",
        "busy" => "The server is busy. Wait a few seconds and try again.",
        _ => "This cannot be accepted. Change it and try again.",
    };

    public override ErrorText Error(string code) => code switch
    {
        "form_expired" => new("This form has expired", "It was open for too long, or your browser does not keep cookies. Go back, reload the page and try again."),
        "form_invalid" => new("This form could not be read", "Something in it was not as expected. Go back, reload the page and try again."),
        "form_too_large" => new("That was too much", "The form is larger than we accept. Go back and shorten it."),
        "not_found" => new("There is nothing here", "The address may be mistyped, or what was here is gone."),
        "interaction_expired" => new("This sign-in has expired", "It was open for too long, was already finished, or began in another browser. Go back to the application and start again."),
        "link_invalid" => new("This link no longer works", "It has been used already or is too old. Ask for a new one."),
        "tenant_unknown" => new("There is nothing here", "No sign-in service answers at this address. Check the address, or ask the people who gave it to you."),
        "tenant_suspended" => new("This service is paused", "Signing in is not possible at the moment. Ask the people who run this service."),
        "access_denied" => new("You may not see this", "Your account lacks the permission for this page. Ask an administrator, or sign in with another account."),
        "impersonation_invalid" => new("This link can’t be used here", "It works once, for two minutes, in the browser in which the administrator who made it is signed in. Make a new one."),
        "impersonation_forbidden" => new("Not while you act as somebody", "Credentials, addresses, devices, consents and everything else that is the person’s own stay closed. End the impersonation to return to your own account."),
        "account_denied" => new("Your account is closed to you from here", "The rules of this service do not let you in as you signed in, or from where you are. Sign out and sign in again, or ask the people who run it."),
        "too_many" => new("Too many attempts", "This was done too often from your network. Wait an hour and try again."),
        "sign_ins_too_many" => new("Too many sign-ins from your network", "More sign-ins were begun in your network than this service takes at once. Wait ten minutes and try again."),
        "busy" => new("Busy at the moment", "Too many people are doing this right now. Wait a few seconds and try again."),
        "request_invalid" => new("This request makes no sense to us", "Something in the address or the form was not as expected. Go back and start again."),
        _ => new("Something went wrong on our side", "It has been recorded. Try again in a moment; if it happens again, tell the people who run this service the request id below."),
    };

    private static string Count(int count, string unit) => $"{Locale.English.Number(count)} {unit}{(count == 1 ? "" : "s")} ago";
}
