using Gatehouse.Pages;

namespace Gatehouse.Console;

/// <summary>The words of this room's pages.</summary>
public abstract class ConsoleTexts : TextSet
{
    public static ConsoleTexts For(Locale locale) => Of<ConsoleTexts>(locale, EnglishConsoleTexts.Instance, PersianConsoleTexts.Instance);

    public abstract string Applications { get; }
    public abstract string ApplicationsLead { get; }
    public abstract string NoApplications { get; }
    public abstract string NoApplicationsText { get; }
    public abstract string NewApplication { get; }
    public abstract string ChooseKind { get; }
    public abstract string KindName(ApplicationKind kind);
    public abstract string KindText(ApplicationKind kind);
    public abstract string Create { get; }
    public abstract string Name { get; }
    public abstract string NameHint { get; }
    public abstract string RedirectUris { get; }
    public abstract string RedirectUrisHint { get; }
    public abstract string PostLogoutUris { get; }
    public abstract string PostLogoutUrisHint { get; }
    public abstract string Scopes { get; }
    public abstract string ScopesHint { get; }

    public abstract string Created { get; }
    public abstract string Settings { get; }
    public abstract string SettingsLead { get; }
    public abstract string Issuer { get; }
    public abstract string ClientIdLabel { get; }
    public abstract string ClientSecretLabel { get; }
    public abstract string DiscoveryUrl { get; }
    public abstract string RedirectUri { get; }
    public abstract string SampleLine(string sample);
    public abstract string SecretOnce { get; }
    public abstract string SecretOnceText { get; }

    public abstract string Details { get; }
    public abstract string Saved { get; }
    public abstract string Secrets { get; }
    public abstract string SecretsLead { get; }
    public abstract string SecretEnding(string hint);
    public abstract string MadeOn(string date);
    public abstract string NewSecret { get; }
    public abstract string RemoveSecret { get; }
    public abstract string Enabled { get; }
    public abstract string Disabled { get; }
    public abstract string Administrator { get; }
    public abstract string Availability { get; }
    public abstract string DisableText { get; }
    public abstract string EnableText { get; }
    public abstract string Disable { get; }
    public abstract string Enable { get; }
    public abstract string Delete { get; }
    public abstract string DeleteTitle(string name);
    public abstract string DeleteText { get; }
    public abstract string More { get; }

    public abstract string Users { get; }
    public abstract string UsersLead { get; }
    public abstract string NewUser { get; }
    public abstract string NewUserText { get; }
    public abstract string DisplayName { get; }
    public abstract string CreateUser { get; }
    public abstract string UserCreated { get; }
    public abstract string You { get; }

    public abstract string ForbiddenTitle { get; }
    public abstract string ForbiddenText(string account);
    public abstract string ToAccount { get; }

    /// <summary>What stands at a field for a problem code; unknown codes get a plain sentence.</summary>
    public abstract string Problem(string code);

    /// <summary>The codes that <see cref="Problem"/> knows.</summary>
    public static IReadOnlyList<string> ProblemCodes { get; } =
        ["name_invalid", "redirect_uri_invalid", "redirect_uris_required", "redirect_uris_too_many", "redirect_uri_repeated", "scope_unknown", "scopes_invalid",
            "secret_limit_reached", "version_mismatch", "email_invalid", "email_taken", "display_name_invalid", "last_administrator"];
}
