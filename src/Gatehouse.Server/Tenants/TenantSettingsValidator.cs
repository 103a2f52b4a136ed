using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;

namespace Gatehouse.Tenants;

/// <summary>The ranges that <see cref="TenantSettings"/> documents, and what must hold between them. One problem per field.</summary>
internal static class TenantSettingsValidator
{
    private const int MaxUrlLength = 500;
    private static readonly string[] Shipped = ["en", "fa"];

    internal static List<Problem> Validate(TenantSettings settings)
    {
        List<Problem> problems = [];
        Sessions(problems, settings.Sessions);
        Passwords(problems, settings.Passwords);
        SignIn(problems, settings.SignIn);
        Registration(problems, settings);
        Users(problems, settings.Users);
        Account(problems, settings.Account);
        PasskeyRules.Check(settings.Passkeys, (field, detail) => Add(problems, field, detail));
        Tokens(problems, settings.Tokens);
        ApiKeys(problems, settings.ApiKeys);
        Keys(problems, settings.Keys, settings.Tokens);
        Locales(problems, settings.Locales);
        Brand(problems, settings.Brand);
        Limits(problems, settings.Limits);
        Sms(problems, settings.Sms);
        SubtenantRules.Check(settings.Subtenants, (field, detail) => Add(problems, field, detail));
        Range(problems, "impersonation.max_minutes", settings.Impersonation.MaxMinutes, 1, 480);
        return problems;
    }

    private static void Sessions(List<Problem> problems, SessionSettings s)
    {
        Range(problems, "sessions.idle_seconds", s.IdleSeconds, 60, 30 * 86400);
        if (Range(problems, "sessions.absolute_seconds", s.AbsoluteSeconds, 300, 365 * 86400) && s.AbsoluteSeconds < s.IdleSeconds)
            Add(problems, "sessions.absolute_seconds", "A session lives at least as long as it may be idle (sessions.idle_seconds).");
        Range(problems, "sessions.max_per_user", s.MaxPerUser, 0, 1000);
        if (s.Binding is not (SessionSettings.BindOff or SessionSettings.BindNetwork or SessionSettings.BindUserAgent or SessionSettings.BindStrict))
            Add(problems, "sessions.binding", $"One of {SessionSettings.BindOff}, {SessionSettings.BindNetwork}, {SessionSettings.BindUserAgent}, {SessionSettings.BindStrict}.");
    }

    private static void Passwords(List<Problem> problems, PasswordSettings p)
    {
        Range(problems, "passwords.min_length", p.MinLength, 8, 64);
        Range(problems, "passwords.max_length", p.MaxLength, 64, 1024);
        Range(problems, "passwords.required_classes", p.RequiredClasses, 0, 4);
        string[] checks = [PasswordSettings.BreachOff, PasswordSettings.BreachAuto, PasswordSettings.BreachOffline, PasswordSettings.BreachOnline, PasswordSettings.BreachBoth];
        if (!checks.Contains(p.BreachCheck, StringComparer.Ordinal)) Add(problems, "passwords.breach_check", $"One of {string.Join(", ", checks)}.");
        Range(problems, "passwords.history", p.History, 0, 24);
        Range(problems, "passwords.max_age_days", p.MaxAgeDays, 0, 3650);
    }

    private static void SignIn(List<Problem> problems, SignInSettings s)
    {
        if (s.SecondFactor is not (SignInSettings.Optional or SignInSettings.Required))
            Add(problems, "sign_in.second_factor", $"One of {SignInSettings.Optional}, {SignInSettings.Required}.");
        if (s.Levels is not { Count: >= 1 and <= 20 } levels || levels.Any(l => l is null || l.Level is < 1 or > 3 || l.Acr is not { Length: >= 1 and <= 200 } || l.Acr.Any(c => c is <= ' ' or > '~'))
            || levels.DistinctBy(l => l.Acr, StringComparer.Ordinal).Count() != levels.Count)
            Add(problems, "sign_in.levels", "1 to 20 entries, each with an acr of 1 to 200 printable ASCII characters without spaces, no two alike, and a level of 1 to 3.");
        string[] known = [SignInSettings.Password, SignInSettings.Passkey, SignInSettings.EmailCode, SignInSettings.SmsCode];
        if (s.Methods is null || !s.Methods.All(known.Contains) || s.Methods.Distinct(StringComparer.Ordinal).Count() != s.Methods.Count)
            Add(problems, "sign_in.methods", $"Some of {string.Join(", ", known)}, each once.");
        // Else whoever has neither passkey nor number, every administrator perhaps, could never come back.
        else if (!s.Offers(SignInSettings.Password) && !s.Offers(SignInSettings.EmailCode))
            Add(problems, "sign_in.methods", $"At least {SignInSettings.Password} or {SignInSettings.EmailCode}: not everybody has the others.");
        Range(problems, "sign_in.code_digits", s.CodeDigits, 6, 9);
        Range(problems, "sign_in.code_seconds", s.CodeSeconds, 60, 600);
        Range(problems, "sign_in.trusted_device_days", s.TrustedDeviceDays, 0, 365);
        Range(problems, "sign_in.recovery_delay_hours", s.RecoveryDelayHours, 0, 720);
    }

    private static void Registration(List<Problem> problems, TenantSettings s)
    {
        string[] known = [RegistrationSettings.PasskeyOrPassword, RegistrationSettings.Password, RegistrationSettings.Passkey];
        if (!known.Contains(s.Registration.Credential, StringComparer.Ordinal)) Add(problems, "registration.credential", $"One of {string.Join(", ", known)}.");
        // Else nobody could finish signing up.
        else if (s.Registration.Credential == RegistrationSettings.Passkey && !(s.Passkeys.Enabled && s.SignIn.Methods?.Contains(SignInSettings.Passkey, StringComparer.Ordinal) == true))
            Add(problems, "registration.credential", $"{RegistrationSettings.Passkey} needs passkeys.enabled and {SignInSettings.Passkey} in sign_in.methods.");
    }

    private static void Account(List<Problem> problems, AccountSettings a)
    {
        Attributes(problems, "account.visible_attributes", a.VisibleAttributes);
        if (Attributes(problems, "account.editable_attributes", a.EditableAttributes) && a.VisibleAttributes is { } visible && a.EditableAttributes.Except(visible, StringComparer.Ordinal).Any())
            Add(problems, "account.editable_attributes", "What a person may change she may see: name it in account.visible_attributes too.");
        if (a.DeletionGraceDays is < 0 or > 365) Add(problems, "account.deletion_grace_days", "0 to 365 days.");
    }

    private static void Users(List<Problem> problems, UserSettings u)
    {
        if (Attributes(problems, "users.searchable_attributes", u.SearchableAttributes) && u.SearchableAttributes.Count > 10)
            Add(problems, "users.searchable_attributes", "At most 10.");
        if (u.Visibility is not (UserSettings.SeesSelf or UserSettings.SeesOrganization or UserSettings.SeesWorkspace or UserSettings.SeesTenant))
            Add(problems, "users.visibility", $"One of {UserSettings.SeesSelf}, {UserSettings.SeesOrganization}, {UserSettings.SeesWorkspace}, {UserSettings.SeesTenant}.");
        if (u.DeletionGraceDays is < 0 or > 365) Add(problems, "users.deletion_grace_days", "0 to 365 days.");
    }

    private static bool Attributes(List<Problem> problems, string field, IReadOnlyList<string>? names)
    {
        if (names is { Count: <= 50 } && names.All(n => n is { Length: > 0 and <= 64 } && n.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')) && names.Distinct(StringComparer.Ordinal).Count() == names.Count) return true;
        Add(problems, field, "At most 50 names of 1 to 64 letters, digits, points, hyphens and underscores, each once.");
        return false;
    }

    private static void Tokens(List<Problem> problems, TokenSettings t)
    {
        Range(problems, "tokens.code_seconds", t.CodeSeconds, 5, 60);
        Range(problems, "tokens.access_token_seconds", t.AccessTokenSeconds, 10, 86400);
        Range(problems, "tokens.id_token_seconds", t.IdTokenSeconds, 10, 86400);
        Range(problems, "tokens.refresh_idle_seconds", t.RefreshIdleSeconds, 60, 365 * 86400);
        if (Range(problems, "tokens.refresh_absolute_seconds", t.RefreshAbsoluteSeconds, 60, 730 * 86400) && t.RefreshAbsoluteSeconds < t.RefreshIdleSeconds)
            Add(problems, "tokens.refresh_absolute_seconds", "A refresh token family lives at least as long as it may be idle (tokens.refresh_idle_seconds).");
        Range(problems, "tokens.refresh_grace_seconds", t.RefreshGraceSeconds, 0, 60);
        Range(problems, "tokens.interaction_seconds", t.InteractionSeconds, 60, 86400);
    }

    private static void ApiKeys(List<Problem> problems, ApiKeySettings a)
    {
        Range(problems, "api_keys.max_days", a.MaxDays, 1, 3650);
        Range(problems, "api_keys.max_per_owner", a.MaxPerOwner, 1, 500);
        Range(problems, "api_keys.max_overlap_hours", a.MaxOverlapHours, 0, 720);
    }

    private static void Keys(List<Problem> problems, KeySettings k, TokenSettings t)
    {
        var rotation = Range(problems, "keys.rotation_seconds", k.RotationSeconds, 10, 730 * 86400);
        if (Range(problems, "keys.prepublish_seconds", k.PrepublishSeconds, 1, 30 * 86400) && rotation && k.PrepublishSeconds >= k.RotationSeconds)
            Add(problems, "keys.prepublish_seconds", "A key is published for less time than a key signs (keys.rotation_seconds).");
        // A key that goes before the last token it signed would make good tokens fail.
        if (Range(problems, "keys.retire_seconds", k.RetireSeconds, 1, 30 * 86400) && k.RetireSeconds < Math.Max(t.AccessTokenSeconds, t.IdTokenSeconds))
            Add(problems, "keys.retire_seconds", "A key stays published at least as long as the longest token it signed (tokens.access_token_seconds, tokens.id_token_seconds).");
    }

    private static void Locales(List<Problem> problems, LocaleSettings l)
    {
        if (l.Offered is not { Count: > 0 } || l.Offered.Any(o => !Shipped.Contains(o, StringComparer.Ordinal)) || l.Offered.Distinct(StringComparer.Ordinal).Count() != l.Offered.Count)
            Add(problems, "locales.offered", $"At least one of {string.Join(", ", Shipped)}, each once.");
        else if (!l.Offered.Contains(l.Default, StringComparer.Ordinal))
            Add(problems, "locales.default", "The default is one of locales.offered.");
    }

    private static void Brand(List<Problem> problems, BrandSettings b)
    {
        if (b.Accent is not { Length: 7 } || b.Accent[0] != '#' || !b.Accent.AsSpan(1).ToString().All(char.IsAsciiHexDigit))
            Add(problems, "brand.accent", "A colour is written #rrggbb.");
        Link(problems, "brand.terms_url", b.TermsUrl);
        Link(problems, "brand.privacy_url", b.PrivacyUrl);
    }

    private static void Limits(List<Problem> problems, LimitSettings l)
    {
        Range(problems, "limits.failures_per_ip", l.FailuresPerIp, 5, 100_000);
        Range(problems, "limits.failures_per_user", l.FailuresPerUser, 3, 1000);
        Range(problems, "limits.failures_per_tenant", l.FailuresPerTenant, 100, 10_000_000);
        Range(problems, "limits.sign_ins_per_ip", l.SignInsPerIp, 50, 1_000_000);
        Range(problems, "limits.mails_per_address", l.MailsPerAddress, 1, 100);
        Range(problems, "limits.sms_per_number_hour", l.SmsPerNumberHour, 1, 100);
        Range(problems, "limits.sms_per_number_day", l.SmsPerNumberDay, 1, 1000);
        Range(problems, "limits.sms_per_prefix_hour", l.SmsPerPrefixHour, 1, 1_000_000);
        Range(problems, "limits.sms_prefix_digits", l.SmsPrefixDigits, 1, 8);
        Range(problems, "limits.sms_per_ip_hour", l.SmsPerIpHour, 1, 1_000_000);
        Range(problems, "limits.sms_per_tenant_hour", l.SmsPerTenantHour, 1, 10_000_000);
        Range(problems, "limits.sms_per_tenant_day", l.SmsPerTenantDay, 1, 100_000_000);
    }

    private static void Sms(List<Problem> problems, SmsSettings s)
    {
        if (s.AllowedCountries is not { Count: <= 250 } || !s.AllowedCountries.All(PhoneNumber.IsCountry) || s.AllowedCountries.Distinct(StringComparer.Ordinal).Count() != s.AllowedCountries.Count)
            Add(problems, "sms.allowed_countries", "Countries as two capital letters (ISO 3166-1 alpha-2), each once, for example [\"DE\", \"IR\"].");
        if (s.DefaultCountry is not { Length: 0 } && !PhoneNumber.IsCountry(s.DefaultCountry))
            Add(problems, "sms.default_country", "A country as two capital letters (ISO 3166-1 alpha-2), or empty.");
    }

    private static void Link(List<Problem> problems, string field, string? url)
    {
        if (url is { Length: 0 }) return;
        if (url is null || url.Length > MaxUrlLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
            Add(problems, field, $"An https address of at most {MaxUrlLength} characters, or empty.");
    }

    private static bool Range(List<Problem> problems, string field, int value, int least, int most)
    {
        if (value >= least && value <= most) return true;
        Add(problems, field, $"A number from {least} to {most}.");
        return false;
    }

    private static void Add(List<Problem> problems, string field, string detail) => problems.Add(Problem.Invalid("setting_invalid", detail, field));
}
