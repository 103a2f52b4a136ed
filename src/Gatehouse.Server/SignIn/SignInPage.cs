using Gatehouse.Http;
using Gatehouse.Pages;

namespace Gatehouse.SignIn;

/// <summary>Base of this room's pages: adds the room's words.</summary>
public abstract class SignInPage<TModel> : PageOf<TModel> where TModel : class
{
    protected SignInTexts Words => SignInTexts.For(Page.Locale);

    /// <summary>What a form says for a problem code.</summary>
    protected FormErrors ErrorsAt(string field, string? code) => code switch
    {
        null => FormErrors.None,
        "credentials_wrong" => new(new FormError("", Page.Settings.Passkeys.Enabled && Page.Settings.SignIn.Offers(SignInSettings.Passkey) ? Words.CredentialsWrongOrPasskey : Words.CredentialsWrong)),
        "passkey_refused" => new(new FormError("", Words.PasskeyRefused)),
        "sign_in_denied" => new(new FormError("", Words.SignInDenied)),
        "method_not_allowed" => new(new FormError("", Words.MethodNotAllowed)),
        "organization_unknown" => new(new FormError("", Words.OrganizationUnknown)),
        "terms_not_accepted" => new(new FormError("", Words.TermsNotAccepted)),
        "wrong_account" => new(new FormError("", Words.WrongAccount)),
        _ => new(new FormError(field, Text.FieldProblem(code, Page.Settings.Passwords))),
    };
}
