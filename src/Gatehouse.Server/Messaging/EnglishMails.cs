namespace Gatehouse.Messaging;

/// <summary>The shipped messages in English.</summary>
internal static class EnglishMails
{
    private const string Fallback = "If the button does not work, copy this address into your browser:";
    private const string OnceOnly = "The link works once, for {{minutes}} minutes.";

    private static readonly Dictionary<string, ShippedMail> Messages = new(StringComparer.Ordinal)
    {
        ["verify_email"] = new(
            "Confirm your e-mail address for {{tenant}}", "Confirm your e-mail address",
            ["Confirm that {{email}} is your address, so that you can use it at {{tenant}}."],
            "Confirm address",
            [OnceOnly, "If you did not ask for this, ignore this message. Nothing will happen."], Fallback),
        ["reset_password"] = new(
            "Reset your password for {{tenant}}", "Reset your password",
            ["Somebody asked to reset the password of your account at {{tenant}}. If it was you, choose a new one."],
            "Choose a new password",
            [OnceOnly, "If it was not you, ignore this message. Your password stays as it is."], Fallback),
        ["already_registered"] = new(
            "You already have an account at {{tenant}}", "You already have an account",
            ["Somebody, probably you, tried to sign up at {{tenant}} with {{email}}. That address already has an account, so you can sign in."],
            "Sign in",
            ["If you forgot your password, choose \u201cForgot password?\u201d when you sign in.", "If it was not you, ignore this message. Nothing has changed."], Fallback),
        ["password_changed"] = new(
            "Your password for {{tenant}} was changed", "Your password was changed",
            ["The password of your account at {{tenant}} ({{email}}) was just changed. If you did this, there is nothing more to do.",
             "If it was not you, reset your password now."],
            "Reset password",
            [], Fallback),
    };

    internal static ShippedMail Find(string name) => Messages[name];
}
