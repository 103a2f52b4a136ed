using Gatehouse.Http;

namespace Gatehouse.Pages;

/// <summary>Title and text of a page that says what went wrong and what to do next.</summary>
public sealed record ErrorText(string Title, string Text);

/// <summary>The words every room's pages share.</summary>
public abstract class Texts : TextSet
{
    public static Texts For(Locale locale) => Of<Texts>(locale, EnglishTexts.Instance, PersianTexts.Instance);

    public abstract string Language { get; }
    public abstract string SkipToContent { get; }
    public abstract string LegalLinks { get; }
    public abstract string Terms { get; }
    public abstract string Privacy { get; }
    public abstract string Menu { get; }
    public abstract string Breadcrumbs { get; }

    public abstract string Continue { get; }
    public abstract string StartAgain { get; }
    public abstract string Cancel { get; }
    public abstract string Back { get; }
    public abstract string Save { get; }
    public abstract string SignIn { get; }
    public abstract string SignOut { get; }
    public abstract string SignedInAs { get; }
    public abstract string NotYou { get; }
    public abstract string Copy { get; }
    public abstract string Copied { get; }
    public abstract string Working { get; }
    public abstract string Optional { get; }

    public abstract string Email { get; }
    public abstract string Password { get; }
    public abstract string ShowPassword { get; }
    public abstract string HidePassword { get; }

    // The second step, wherever it is asked for or set up.
    public abstract string Code { get; }
    public abstract string CodeHint { get; }
    public abstract string RecoveryCode { get; }
    public abstract string RecoveryCodeHint { get; }
    public abstract string ScanThis { get; }
    public abstract string QrImage { get; }
    public abstract string KeyLabel { get; }
    public abstract string TurnOn { get; }
    public abstract string RecoveryCodes { get; }
    public abstract string RecoveryCodesLead { get; }
    public abstract string Download { get; }

    /// <summary>Heading of the error summary above a form.</summary>
    public abstract string ErrorSummary { get; }
    public abstract string RequestId { get; }

    /// <summary>The page between a form and the next place, seen only when the browser is slow to move on.</summary>
    public abstract string MovingOn { get; }
    public abstract string MovingOnHint { get; }

    /// <summary>What a new password must be, in one sentence.</summary>
    public abstract string PasswordHint(int minLength);

    /// <summary>"3 minutes ago"; anything older than a month is better shown as a date.</summary>
    public abstract string Ago(TimeSpan span);

    /// <summary>What stands at the field for a problem code such as <c>password_too_short</c>; unknown codes get a plain sentence.</summary>
    public abstract string FieldProblem(string code, PasswordSettings passwords);

    /// <summary>What an error page says for a problem code; unknown codes get the general text.</summary>
    public abstract ErrorText Error(string code);

    /// <summary>The codes that <see cref="Error"/> knows.</summary>
    public static IReadOnlyList<string> ErrorCodes { get; } =
        ["form_expired", "form_invalid", "form_too_large", "not_found", "interaction_expired", "link_invalid", "tenant_unknown",
            "tenant_suspended", "access_denied", "account_denied", "impersonation_invalid", "impersonation_forbidden", "too_many", "sign_ins_too_many", "busy", "server_error", "request_invalid"];

    /// <summary>The codes that <see cref="FieldProblem"/> knows.</summary>
    public static IReadOnlyList<string> FieldProblemCodes { get; } =
        ["email_invalid", "name_invalid", "password_too_short", "password_too_long", "password_common", "password_too_simple",
            "password_breached", "password_used_before", "password_tries_too_many", "breach_check_unavailable",
            "password_missing", "password_invalid", "code_missing", "code_wrong", "busy"];
}
