namespace Gatehouse.Messaging;

/// <summary>A message the product sends.</summary>
/// <param name="Placeholders">What its template may name. All but <c>tenant</c>, <c>email</c>, <c>accent</c> and <c>on_accent</c> come from the sender.</param>
/// <param name="Share">
/// Against which of an address's shares of an hour it counts: what anybody can have sent for one purpose must not keep her from what she needs for
/// another. Null: none. A notice of what has happened counts against none: or somebody could use the share up first and then change the password unseen.
/// </param>
internal sealed record MailKind(string Name, string? Share, params IReadOnlyList<string> Placeholders)
{
    /// <summary>Whether it speaks of one organization, which may then have words of its own for it.</summary>
    internal bool OfOrganization { get; init; }
}

/// <summary>Every message the product sends, and in which languages.</summary>
internal static class MailKinds
{
    internal const string Link = "link";
    internal const string Code = "code";
    /// <summary>The link by which a notice's reader says that it was not her; made here, for every notice that knows it.</summary>
    internal const string NotMe = "not_me";
    private const string Tenant = "tenant", Name = "name", Email = "email", Minutes = "minutes", Accent = "accent", OnAccent = "on_accent", Address = "address", Number = "number";

    internal static IReadOnlyList<MailKind> All { get; } =
    [
        new("verify_email", "registration", Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("verify_email_code", "registration", Link, Code, Minutes, Tenant, Email, Accent, OnAccent),
        new("reset_password", "reset", Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("sign_in_code", "sign_in", Link, Code, Minutes, Tenant, Email, Accent, OnAccent),
        new("administrator_reset", "administrator", Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("administrator_reset_notice", null, Link, Tenant, Email, Accent, OnAccent),
        new("already_registered", "registration", Link, Tenant, Email, Accent, OnAccent),
        new("new_device", null, Link, NotMe, "device", "ip", "time", Tenant, Email, Accent, OnAccent),
        new("device_trusted", null, Link, NotMe, "device", "ip", "time", Tenant, Email, Accent, OnAccent),
        new("account_secured", null, Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("password_changed", null, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("second_step_added", null, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("second_step_removed", null, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("recovery_code_used", null, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("passkey_added", null, Link, NotMe, Name, Tenant, Email, Accent, OnAccent),
        new("passkey_removed", null, Link, NotMe, Name, Tenant, Email, Accent, OnAccent),
        new("api_key_created", null, Link, NotMe, Name, "prefix", Tenant, Email, Accent, OnAccent),
        new("api_key_created_for_you", null, Link, Name, "prefix", Tenant, Email, Accent, OnAccent),
        new("recovery_confirm", "recovery", Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("recovery_pending", null, Link, "time", Tenant, Email, Accent, OnAccent),
        new("recovery_ready", null, Link, "cancel", "time", Tenant, Email, Accent, OnAccent),
        new("recovery_cancelled", null, Link, Tenant, Email, Accent, OnAccent),
        new("recovery_completed", null, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("confirm_email", "address", Link, Code, Minutes, Tenant, Email, Accent, OnAccent),
        new("email_in_use", "address", Link, Tenant, Email, Accent, OnAccent),
        new("email_added", null, Link, NotMe, Address, Tenant, Email, Accent, OnAccent),
        new("email_removed", null, Link, NotMe, Address, Tenant, Email, Accent, OnAccent),
        new("primary_email_changed", null, Link, NotMe, Address, Tenant, Email, Accent, OnAccent),
        new("phone_added", null, Link, NotMe, Number, Tenant, Email, Accent, OnAccent),
        new("phone_removed", null, Link, NotMe, Number, Tenant, Email, Accent, OnAccent),
        new("primary_phone_changed", null, Link, NotMe, Number, Tenant, Email, Accent, OnAccent),
        new("profile_changed", null, Link, Tenant, Email, Accent, OnAccent),
        new("application_allowed", null, Link, Name, Tenant, Email, Accent, OnAccent),
        new("impersonated", null, Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("data_downloaded", null, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("invitation", "invitation", Link, Name, "time", Tenant, Email, Accent, OnAccent) { OfOrganization = true },
        new("tenant_ready", "administrator", Link, Name, Minutes, Tenant, Email, Accent, OnAccent),
        new("accounts_merged", null, Link, Tenant, Email, Accent, OnAccent),
        new("credentials_reset", null, Link, Tenant, Email, Accent, OnAccent),
        new("deletion_scheduled", null, Link, "time", Tenant, Email, Accent, OnAccent),
        new("deletion_cancelled", null, Link, Tenant, Email, Accent, OnAccent),
        new("account_removed", null, Link, Tenant, Email, Accent, OnAccent),
        new("account_deleted", null, Link, Tenant, Email, Accent, OnAccent),
    ];

    internal static IReadOnlyList<string> Locales { get; } = ["en", "fa"];

    internal static MailKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The nearest language we have: the tag itself, then its language, then the tenant's, then English.</summary>
    internal static string NearestLocale(string wanted, string tenantDefault)
    {
        foreach (var tag in new[] { wanted, wanted.Split('-', '_')[0], tenantDefault })
            foreach (var locale in Locales)
                if (locale.Equals(tag, StringComparison.OrdinalIgnoreCase)) return locale;
        return Locales[0];
    }

    internal static MailTemplate Shipped(string name, string locale)
    {
        var message = locale == "fa" ? PersianMails.Find(name) : EnglishMails.Find(name);
        return message.ToTemplate();
    }
}
