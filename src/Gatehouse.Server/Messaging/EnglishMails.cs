namespace Gatehouse.Messaging;

/// <summary>The shipped messages in English.</summary>
internal static class EnglishMails
{
    private const string Fallback = "If the button does not work, copy this address into your browser:";
    private const string OnceOnly = "The link works once, for {{minutes}} minutes.";

    private static readonly NotMe WasNotMe = new("Was it not you? This link signs you out everywhere and helps you to choose a new password. It works for a week:", "This was not me");

    private static readonly Dictionary<string, ShippedMail> Messages = new(StringComparer.Ordinal)
    {
        ["verify_email"] = new(
            "Confirm your e-mail address for {{tenant}}", "Confirm your e-mail address",
            ["Confirm that {{email}} is your address, so that you can use it at {{tenant}}."],
            "Confirm address",
            [OnceOnly, "If you did not ask for this, ignore this message. Nothing will happen."], Fallback),
        ["verify_email_code"] = new(
            "{{code}} is your code for {{tenant}}", "Confirm your e-mail address",
            ["Type this code where you are signing up at {{tenant}} with {{email}}:"],
            "Sign up in the browser instead",
            ["The code works once, for {{minutes}} minutes. You need either the code or the link, not both.",
             "If you did not ask for this, ignore this message, and tell the code to nobody. Nothing will happen."], Fallback, WithCode: true),
        ["reset_password"] = new(
            "Reset your password for {{tenant}}", "Reset your password",
            ["Somebody asked to reset the password of your account at {{tenant}}. If it was you, choose a new one."],
            "Choose a new password",
            [OnceOnly, "If it was not you, ignore this message. Your password stays as it is."], Fallback),
        ["sign_in_code"] = new(
            "{{code}} is your sign-in code for {{tenant}}", "Sign in to {{tenant}}",
            ["Type this code where you are signing in:"],
            "Sign in on this device",
            ["The code and the link work once, for {{minutes}} minutes. The link signs you in only in the browser that asked for it; anywhere else it shows the code.",
             "If it was not you, ignore this message, and tell the code to nobody."], Fallback, WithCode: true),
        ["administrator_reset"] = new(
            "Choose a new password for {{tenant}}", "Choose a new password",
            ["An administrator of {{tenant}} asks you to choose a new password for your account ({{email}})."],
            "Choose a new password",
            [OnceOnly, "If the link no longer works, choose \u201cForgot your password?\u201d when you sign in. Nobody at {{tenant}} will ever ask you to tell them your password."], Fallback),
        ["administrator_reset_notice"] = new(
            "A password reset was begun for your account at {{tenant}}", "A password reset was begun",
            ["An administrator of {{tenant}} has made a link that sets a new password for your account ({{email}}), to hand it to you. If you asked for it, there is nothing more to do.",
             "If you did not, set a new password yourself now: that ends every link made before. Then ask the people who run {{tenant}}."],
            "Set a new password",
            [], Fallback),
        ["invitation"] = new(
            "{{name}} invites you at {{tenant}}", "You are invited",
            ["{{name}} invites {{email}} to join it at {{tenant}}."],
            "See the invitation",
            ["It is open until {{time}}. Only an account with this address can accept it, so there is no use in passing it on.", "If you do not know {{name}}, ignore this message. Nothing will happen."], Fallback),
        ["tenant_ready"] = new(
            "{{name}} is ready", "Your tenant is ready",
            ["{{name}} is yours: you are its first administrator, as {{email}}. Set a password to sign in there."],
            "Set a password",
            ["The link works once, for {{minutes}} minutes. After that, ask for a new one by \"Forgot your password?\" there.", "If you did not register {{name}}, ignore this message."], Fallback),
        ["already_registered"] = new(
            "You already have an account at {{tenant}}", "You already have an account",
            ["Somebody, probably you, tried to sign up at {{tenant}} with {{email}}. That address already has an account, so you can sign in."],
            "Sign in",
            ["If you forgot your password, choose \u201cForgot password?\u201d when you sign in.", "If it was not you, ignore this message. Nothing has changed."], Fallback),
        ["new_device"] = new(
            "New sign-in to your account at {{tenant}}", "A new device signed in",
            ["Your account at {{tenant}} ({{email}}) was just signed in to on a device that had not been used for it before. If it was you, there is nothing more to do.",
             "Device: {{device}}. Network address: {{ip}}. Time: {{time}}."],
            "See where you are signed in",
            [], Fallback, NotMe: WasNotMe),
        ["device_trusted"] = new(
            "You trust a device for your account at {{tenant}}", "A device is trusted",
            ["Your second step was just taken for your account at {{tenant}} ({{email}}), and the device was marked as trusted: it is not asked for there for a while. If it was you, there is nothing more to do.",
             "Device: {{device}}. Network address: {{ip}}. Time: {{time}}."],
            "See the devices you trust",
            [], Fallback, NotMe: WasNotMe),
        ["account_secured"] = new(
            "Choose a new password for {{tenant}}", "Choose a new password",
            ["You told us that it was not you, so your account at {{tenant}} ({{email}}) is signed out everywhere and its password no longer works. Choose a new one."],
            "Choose a new password",
            [OnceOnly, "If the link no longer works, choose \u201cForgot password?\u201d when you sign in."], Fallback),
        ["password_changed"] = new(
            "Your password for {{tenant}} was changed", "Your password was changed",
            ["The password of your account at {{tenant}} ({{email}}) was just changed. If you did this, there is nothing more to do.",
             "If it was not you, reset your password now."],
            "Reset password",
            [], Fallback, NotMe: WasNotMe),
        ["second_step_added"] = new(
            "Two-step sign-in for {{tenant}} is on", "Two-step sign-in is on",
            ["From now on, signing in to your account at {{tenant}} ({{email}}) asks for a code from your phone. If you set this up, there is nothing more to do.",
             "If it was not you, somebody knows your password: ask the people who run {{tenant}} for help now."],
            "Look at your account",
            [], Fallback, NotMe: WasNotMe),
        ["second_step_removed"] = new(
            "Two-step sign-in for {{tenant}} is off", "Two-step sign-in is off",
            ["Signing in to your account at {{tenant}} ({{email}}) no longer asks for a code. If you or an administrator you asked did this, there is nothing more to do.",
             "If it was not you, change your password and turn two-step sign-in on again."],
            "Turn it on again",
            [], Fallback, NotMe: WasNotMe),
        ["recovery_code_used"] = new(
            "A recovery code was used at {{tenant}}", "A recovery code was used",
            ["Somebody, probably you, just signed in to your account at {{tenant}} ({{email}}) with one of your recovery codes instead of a code from your phone.",
             "If your phone is gone, set up another one. If it was not you, change your password and make new recovery codes now."],
            "Look at your account",
            [], Fallback, NotMe: WasNotMe),
        ["passkey_added"] = new(
            "A passkey was added to your account at {{tenant}}", "A passkey was added",
            ["The passkey \u201c{{name}}\u201d can now be used to sign in to your account at {{tenant}} ({{email}}). If you did this, there is nothing more to do.",
             "If it was not you, remove it now, change your password and sign out everywhere else."],
            "See your passkeys",
            [], Fallback, NotMe: WasNotMe),
        ["api_key_created"] = new(
            "An API key of your account at {{tenant}} was made", "An API key was made",
            ["The API key \u201c{{name}}\u201d, which begins with {{prefix}}, was made by you: a program that has it acts in the name of your account at {{tenant}} ({{email}}). If you did this, there is nothing more to do.",
             "If it was not you, use the last link of this message: it revokes your API keys, too."],
            "See what happened",
            [], Fallback, NotMe: WasNotMe),
        ["api_key_created_for_you"] = new(
            "An administrator made an API key of your account at {{tenant}}", "An API key was made for you",
            ["An administrator of {{tenant}} made the API key \u201c{{name}}\u201d, which begins with {{prefix}}: a program that has it acts in the name of your account ({{email}}).",
             "If you did not expect this, ask the administrators of {{tenant}}; they can revoke it."],
            "See what happened",
            [], Fallback),
        ["passkey_removed"] = new(
            "A passkey was removed from your account at {{tenant}}", "A passkey was removed",
            ["The passkey \u201c{{name}}\u201d no longer signs in to your account at {{tenant}} ({{email}}). If you or an administrator you asked did this, there is nothing more to do.",
             "If it was not you, change your password and sign out everywhere else."],
            "See your passkeys",
            [], Fallback, NotMe: WasNotMe),
        ["confirm_email"] = new(
            "{{code}} confirms your e-mail address at {{tenant}}", "Confirm your e-mail address",
            ["You asked to add {{email}} to your account at {{tenant}}. Enter this code where you asked, or follow the link while you are signed in there:", "{{code}}"],
            "Confirm address",
            ["Code and link work once, for {{minutes}} minutes.", "If you did not ask for this, ignore this message and give the code to nobody. Nothing will happen."], Fallback),
        ["email_in_use"] = new(
            "Somebody tried to add your address at {{tenant}}", "Your address is in use already",
            ["Somebody tried to add {{email}} to another account at {{tenant}}. It belongs to yours, so nothing was changed.",
             "If that was you, sign in with this address: you have an account with it."],
            "Sign in",
            ["If it was not you, ignore this message."], Fallback),
        ["email_added"] = new(
            "An e-mail address was added to your account at {{tenant}}", "An e-mail address was added",
            ["{{address}} was added to your account at {{tenant}} ({{email}}) and can be used to sign in. If you did this, there is nothing more to do.",
             "If it was not you, remove it now, change your password and sign out everywhere else."],
            "See your addresses",
            [], Fallback, NotMe: WasNotMe),
        ["email_removed"] = new(
            "An e-mail address was removed from your account at {{tenant}}", "An e-mail address was removed",
            ["{{address}} no longer belongs to your account at {{tenant}}. If you did this, there is nothing more to do.",
             "If it was not you, sign in with another address of yours, change your password and sign out everywhere else, or ask the people who run {{tenant}} for help."],
            "See your addresses",
            [], Fallback, NotMe: WasNotMe),
        ["primary_email_changed"] = new(
            "Your primary e-mail address at {{tenant}} was changed", "Your primary address was changed",
            ["Messages about your account at {{tenant}} now go to {{address}}. If you did this, there is nothing more to do.",
             "If it was not you, sign in now, change it back, change your password and sign out everywhere else."],
            "See your addresses",
            [], Fallback, NotMe: WasNotMe),
        ["recovery_confirm"] = new(
            "Begin the recovery of your account at {{tenant}}", "Begin the recovery?",
            ["Somebody who proved to be you asked to recover your account at {{tenant}} ({{email}}), because your second step or your passkeys are lost. Nothing has happened yet."],
            "Begin the recovery",
            [OnceOnly, "If it was not you, do not use it: somebody may know your password. Choose another one now."], Fallback),
        ["recovery_pending"] = new(
            "Your account at {{tenant}} is being recovered", "A recovery is under way",
            ["Somebody asked to recover your account at {{tenant}}, because the second step or the passkeys are lost. From {{time}} on they can be removed by a link to the account\u2019s main address.",
             "If it was you, there is nothing to do until then. If it was not you, or if you have found what was lost, cancel the recovery."],
            "Cancel the recovery",
            ["Was it not you? Then somebody may know your password or read your mail: after cancelling, choose another password."], Fallback),
        ["recovery_ready"] = new(
            "Your account at {{tenant}} can be recovered now", "The recovery can be completed",
            ["You asked to recover your account at {{tenant}} ({{email}}), and the delay is over. Completing it removes your second step and your passkeys and signs you out everywhere; you sign in as before and set up new ones."],
            "Complete the recovery",
            ["The link works once, until {{time}}."], Fallback, NotMe: new("Was it not you, or have you found what was lost? This link cancels the recovery:", "Cancel the recovery", "cancel")),
        ["recovery_cancelled"] = new(
            "The recovery of your account at {{tenant}} is cancelled", "The recovery is cancelled",
            ["The recovery of your account at {{tenant}} was cancelled. Your second step and your passkeys are as they were.",
             "If you had not asked for it, somebody may know your password: choose another one now."],
            "Choose a new password",
            [], Fallback),
        ["recovery_completed"] = new(
            "Your account at {{tenant}} was recovered", "Your account was recovered",
            ["The recovery of your account at {{tenant}} is complete: its second step and its passkeys are removed, and it is signed out everywhere. Set up a second step again."],
            "Set up a second step",
            [], Fallback, NotMe: WasNotMe),
        ["phone_added"] = new(
            "A phone number was added to your account at {{tenant}}", "A phone number was added",
            ["The number {{number}} was added to your account at {{tenant}} ({{email}}). If you did this, there is nothing more to do.",
             "If it was not you, remove it now, change your password and sign out everywhere else."],
            "See your phone numbers",
            [], Fallback, NotMe: WasNotMe),
        ["phone_removed"] = new(
            "A phone number was removed from your account at {{tenant}}", "A phone number was removed",
            ["The number {{number}} no longer belongs to your account at {{tenant}} ({{email}}). If you did this, there is nothing more to do.",
             "If it was not you, sign in now, change your password and sign out everywhere else."],
            "See your phone numbers",
            [], Fallback, NotMe: WasNotMe),
        ["primary_phone_changed"] = new(
            "Your primary phone number at {{tenant}} was changed", "Your primary number was changed",
            ["The primary number of your account at {{tenant}} ({{email}}) is now {{number}}. If you did this, there is nothing more to do.",
             "If it was not you, sign in now, change it back, change your password and sign out everywhere else."],
            "See your phone numbers",
            [], Fallback, NotMe: WasNotMe),
        ["profile_changed"] = new(
            "Your profile at {{tenant}} was changed", "Your profile was changed",
            ["What your account at {{tenant}} ({{email}}) says of you was just changed."],
            "See your profile",
            ["You can turn this message off in your account."], Fallback),
        ["application_allowed"] = new(
            "{{name}} may now use your account at {{tenant}}", "An application was allowed",
            ["You allowed {{name}} to use your account at {{tenant}} ({{email}}).", "If it was not you, take it back now and change your password."],
            "See your applications",
            ["You can turn this message off in your account."], Fallback),
        ["impersonated"] = new(
            "An administrator acts as you at {{tenant}}", "An administrator acts as you",
            ["An administrator of {{tenant}} began to use applications as you do ({{email}}), for {{minutes}} minutes at most.",
             "Your passwords, addresses and devices stay closed to administrators who do this. Signing out everywhere ends it."],
            "See what happened",
            [], Fallback),
        ["data_downloaded"] = new(
            "Your data at {{tenant}} was downloaded", "Your data was downloaded",
            ["A copy of what {{tenant}} knows of you ({{email}}) was just downloaded. If you did this, there is nothing more to do.",
             "If it was not you, change your password and sign out everywhere else."],
            "See what happened",
            [], Fallback, NotMe: WasNotMe),
        ["accounts_merged"] = new(
            "Your accounts at {{tenant}} are one now", "Your accounts are one now",
            ["An administrator of {{tenant}} merged two accounts, of which {{email}} was an address of one. You go on with one account that has the addresses of both.",
             "Sign in with the password or passkey of the account that stays. If you do not know the other account, tell the people who run {{tenant}}."],
            "See your account",
            [], Fallback),
        ["credentials_reset"] = new(
            "Sign-in to your account at {{tenant}} was reset", "Your sign-in was reset",
            ["An administrator of {{tenant}} took away some or all of what you sign in with ({{email}}): your password, passkeys or codes. What was taken away opens your account no more.",
             "Choose a new password to sign in, then set up again what you used. If you did not ask for this, tell the people who run {{tenant}}."],
            "Choose a password",
            [], Fallback),
        ["deletion_scheduled"] = new(
            "Your account at {{tenant}} will be deleted", "Your account will be deleted",
            ["Your account at {{tenant}} ({{email}}) and everything in it will be deleted on {{time}}. Until then it can be kept: by you in your account, if you asked for this yourself, else by the people who run {{tenant}}.",
             "If you know nothing of this, tell the people who run {{tenant}}."],
            "See your account",
            [], Fallback),
        ["deletion_cancelled"] = new(
            "Your account at {{tenant}} is kept", "Your account is kept",
            ["Your account at {{tenant}} ({{email}}) was to be deleted. That is called off: it stays as it is.",
             "If you did not ask for this, tell the people who run {{tenant}}."],
            "See your account",
            [], Fallback),
        ["account_removed"] = new(
            "Your account at {{tenant}} is deleted", "Your account is deleted",
            ["Your account at {{tenant}} ({{email}}) was deleted at the time that you were told, with everything in it. This cannot be undone.",
             "If you have questions, ask the people who run {{tenant}}."],
            "Go to {{tenant}}",
            [], Fallback),
        ["account_deleted"] = new(
            "Your account at {{tenant}} is deleted", "Your account is deleted",
            ["Your account at {{tenant}} ({{email}}) was deleted as you asked, with everything in it. This cannot be undone.",
             "If it was not you, tell the people who run {{tenant}}."],
            "Go to {{tenant}}",
            [], Fallback),
    };

    internal static ShippedMail Find(string name) => Messages[name];
}
