namespace Gatehouse.Console;

internal sealed class EnglishConsoleTexts : ConsoleTexts
{
    internal static EnglishConsoleTexts Instance { get; } = new();

    public override string Applications => "Applications";
    public override string ApplicationsLead => "What people sign in to here, and programs that act for themselves.";
    public override string NoApplications => "No application yet";
    public override string NoApplicationsText => "Create one to get the settings that a client library needs.";
    public override string NewApplication => "New application";
    public override string ChooseKind => "What kind of application is it? This decides how it proves itself and cannot be changed later.";
    public override string KindName(ApplicationKind kind) => kind switch
    {
        ApplicationKind.Web => "Web application",
        ApplicationKind.SinglePage => "Single-page application",
        ApplicationKind.Native => "App on a device",
        _ => "Program",
    };
    public override string KindText(ApplicationKind kind) => kind switch
    {
        ApplicationKind.Web => "Runs on a server and keeps a secret: Express, ASP.NET Core, Django, Rails.",
        ApplicationKind.SinglePage => "Runs in the browser and keeps no secret: React, Vue, Svelte.",
        ApplicationKind.Native => "Runs on a phone or desktop and keeps no secret.",
        _ => "Acts for itself, without a person: a job, a service, a script.",
    };
    public override string Create => "Create application";
    public override string Name => "Name";
    public override string NameHint => "People see it when they sign in.";
    public override string RedirectUris => "Redirect URIs";
    public override string RedirectUrisHint => "Where people come back to after signing in. One per line, exactly as the application sends it.";
    public override string PostLogoutUris => "After sign-out";
    public override string PostLogoutUrisHint => "Where people may come back to after signing out. One per line.";
    public override string Scopes => "Scopes";
    public override string ScopesHint => "What it may ask for, separated by spaces. Registered APIs say which scopes there are.";

    public override string Created => "The application is created";
    public override string Settings => "Settings for the client library";
    public override string SettingsLead => "An OpenID Connect library needs these and nothing else.";
    public override string Issuer => "Issuer";
    public override string ClientIdLabel => "Client id";
    public override string ClientSecretLabel => "Client secret";
    public override string DiscoveryUrl => "Discovery document";
    public override string RedirectUri => "Redirect URI";
    public override string SampleLine(string sample) => $"Start the sample {sample}";
    public override string SecretOnce => "Copy the secret now";
    public override string SecretOnceText => "It is shown this once. Only a fingerprint of it is kept.";

    public override string Details => "Details";
    public override string Saved => "Your changes are saved.";
    public override string Secrets => "Secrets";
    public override string SecretsLead => "Two may live side by side: add one, move the application to it, remove the old one.";
    public override string SecretEnding(string hint) => $"Ends with {Isolate(hint)}";
    public override string MadeOn(string date) => $"Created on {date}";
    public override string NewSecret => "Add a secret";
    public override string RemoveSecret => "Remove";
    public override string Enabled => "Enabled";
    public override string Disabled => "Disabled";
    public override string Administrator => "Administrator";
    public override string Availability => "Availability";
    public override string DisableText => "A disabled application cannot sign anybody in and gets no tokens. You can enable it again.";
    public override string EnableText => "This application is disabled: it cannot sign anybody in and gets no tokens.";
    public override string Disable => "Disable";
    public override string Enable => "Enable";
    public override string Delete => "Delete";
    public override string DeleteTitle(string name) => $"Delete {Isolate(name)}?";
    public override string DeleteText => "Its secrets and everything it was given end at once. This cannot be undone.";
    public override string More => "Show more";

    public override string Users => "Users";
    public override string UsersLead => "People who have an account here.";
    public override string NewUser => "New user";
    public override string NewUserText => "No password is set. She chooses one with \"forgot password\" on the sign-in page.";
    public override string DisplayName => "Display name";
    public override string CreateUser => "Create user";
    public override string UserCreated => "The user is created.";
    public override string You => "You";

    public override string ForbiddenTitle => "This page is for administrators";
    public override string ForbiddenText(string account) => $"You are signed in as {Isolate(account)}, who is not an administrator here. Ask one to give you the role.";
    public override string ToAccount => "Go to your account";

    public override string Problem(string code) => code switch
    {
        "name_invalid" => "Enter a name of 1 to 100 characters.",
        "redirect_uri_invalid" => "Use complete addresses without # and *: https, or http for localhost. Only an app on a device may use a scheme of its own, such as com.example.app:/callback.",
        "redirect_uris_required" => "Enter at least one redirect URI.",
        "redirect_uris_too_many" => "Enter at most 50 addresses.",
        "redirect_uri_repeated" => "One address is there twice.",
        "scope_unknown" => "One of the scopes does not exist.",
        "scopes_invalid" => "Name each scope once, at most 200 of them.",
        "secret_limit_reached" => "There are two secrets already. Remove the one that is no longer used first.",
        "version_mismatch" => "Somebody changed this meanwhile. Look at what it says now and repeat your change.",
        "email_invalid" => "Enter an e-mail address like name@example.com.",
        "email_taken" => "Another user has this address.",
        "display_name_invalid" => "Enter a name of at most 200 characters, without line breaks.",
        "last_administrator" => "She is the last administrator. Make somebody else one first.",
        _ => "This did not work. Check what you entered.",
    };
}
