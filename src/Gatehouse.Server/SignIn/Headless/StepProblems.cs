using Gatehouse.Kernel;

namespace Gatehouse.SignIn.Headless;

/// <summary>What steps find wrong with an answer, in the words of the API. The pages have theirs in every language.</summary>
internal static class StepProblems
{
    internal static FlowRefusal Of(string code)
    {
        var problem = code switch
        {
            "email_invalid" => Problem.Invalid("email_invalid", "That is not an e-mail address we can send to.", "email"),
            "password_missing" => Problem.Invalid("password_missing", "The password is missing.", "password"),
            "credentials_wrong" => Problem.Invalid("credentials_wrong", "Address and password do not belong together, or there were too many attempts, or this person has to begin in another way, for example with a passkey."),
            "passkey_refused" => Problem.Invalid("passkey_refused", "The passkey was not accepted."),
            "wrong_account" => Problem.Invalid("wrong_account", "The application asked for another account."),
            "code_missing" => Problem.Invalid("code_missing", "The code is missing.", "code"),
            "code_wrong" => Problem.Invalid("code_wrong", "The code is not right, was used before, or there were too many attempts.", "code"),
            "password_too_short" => Problem.Invalid("password_too_short", "The password is shorter than this tenant's shortest.", "new_password"),
            "password_too_long" => Problem.Invalid("password_too_long", "The password is longer than this tenant's longest.", "new_password"),
            "password_common" => Problem.Invalid("password_common", "That password is among the first that an attacker tries. Choose another.", "new_password"),
            "password_too_simple" => Problem.Invalid("password_too_simple", "The password has fewer kinds of characters than this tenant wants.", "new_password"),
            "password_invalid" => Problem.Invalid("password_invalid", "That password contains something that is not text.", "new_password"),
            "password_breached" => Problem.Invalid("password_breached", "That password is on a published list of stolen ones. Choose another.", "new_password"),
            "password_used_before" => Problem.Invalid("password_used_before", "That password was used here before. Choose another.", "new_password"),
            "password_tries_too_many" => Problem.TooMany("password_tries_too_many", "Too many new passwords were tried for this account. Wait ten minutes."),
            "breach_check_unavailable" => Problem.Unavailable("breach_check_unavailable", "Whether that password was stolen somewhere cannot be found out at the moment. Try again in a minute."),
            "busy" => Problem.Unavailable("busy", "Too many people are signing in at this moment. Try again in a few seconds."),
            "sign_in_denied" => Problem.Invalid("sign_in_denied", "The tenant's rules do not let this person in from here."),
            "method_not_allowed" => Problem.Invalid("method_not_allowed", "The tenant's rules ask this person to begin in another way, for example with a passkey."),
            "organization_unknown" => Problem.Invalid("organization_unknown", "Send the id of one of the organizations that the step names.", "organization"),
            "terms_not_accepted" => Problem.Invalid("terms_not_accepted", "Send terms and version as they are shown, and accept as yes.", "accept"),
            "name_invalid" => Problem.Invalid("name_invalid", "A name has at most 200 characters and no invisible ones.", "name"),
            "mails_too_many" => Problem.TooMany("mails_too_many", "Too many messages were asked for from this network. Wait an hour."),
            "registration_closed" => Problem.Forbidden("registration_closed", "Registration is closed here, or the tenant's rules do not let this person register."),
            "email_taken" => Problem.Conflict("email_taken", "The address has an account already. Start again without prompt=create and sign in.", "email"),
            "passkey_only" => Problem.Invalid("passkey_only", "This tenant registers people with a passkey and without a password."),
            "passkey_invalid" => Problem.Invalid("passkey_invalid", "What the authenticator made was not accepted."),
            "passkey_expired" => Problem.Invalid("passkey_expired", "The challenge was used before or has expired. Ask again with the new one."),
            "passkey_model_refused" => Problem.Invalid("passkey_model_refused", "This tenant does not accept authenticators of this model."),
            "passkey_synced_refused" => Problem.Invalid("passkey_synced_refused", "This tenant accepts only passkeys that stay on one device."),
            "passkey_taken" => Problem.Invalid("passkey_taken", "This passkey belongs to an account already."),
            "values_invalid" => Problem.Invalid("values_invalid", "Some values are missing or not as the step's schema says; errors names them."),
            _ => Problem.Invalid("answer_invalid", "The answer was not taken."),
        };
        return new(problem.Code, problem.Detail, problem.Status);
    }

    /// <summary>What is wrong with one of several values.</summary>
    internal static string Say(string code) => code switch
    {
        "value_missing" => "It is required.",
        "value_too_short" => "It is shorter than minLength.",
        "value_too_long" => "It is longer than maxLength.",
        "value_pattern" => "It does not match pattern.",
        "value_choice" => "It is none of the values there are.",
        "value_email" => "It is no e-mail address.",
        "value_uri" => "It is no http or https address.",
        "value_date" => "It is no day such as 2001-12-31.",
        "value_number" => "It is no number of the type.",
        "value_too_small" => "It is less than minimum.",
        "value_too_large" => "It is more than maximum.",
        _ => "It was not taken.",
    };
}
