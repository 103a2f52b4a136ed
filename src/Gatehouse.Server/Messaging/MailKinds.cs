namespace Gatehouse.Messaging;

/// <summary>A message the product sends.</summary>
/// <param name="Placeholders">What its template may name. All but <c>tenant</c>, <c>email</c>, <c>accent</c> and <c>on_accent</c> come from the sender.</param>
/// <param name="Rationed">
/// Whether it counts against an address's share of an hour. A notice of what has happened does not: or somebody could use the share up
/// first and then change the password unseen.
/// </param>
internal sealed record MailKind(string Name, bool Rationed, params IReadOnlyList<string> Placeholders);

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
        new("verify_email", true, Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("reset_password", true, Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("sign_in_code", true, Link, Code, Minutes, Tenant, Email, Accent, OnAccent),
        new("administrator_reset", true, Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("administrator_reset_notice", false, Link, Tenant, Email, Accent, OnAccent),
        new("already_registered", true, Link, Tenant, Email, Accent, OnAccent),
        new("new_device", false, Link, NotMe, "device", "ip", "time", Tenant, Email, Accent, OnAccent),
        new("account_secured", false, Link, Minutes, Tenant, Email, Accent, OnAccent),
        new("password_changed", false, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("second_step_added", false, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("second_step_removed", false, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("recovery_code_used", false, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("passkey_added", false, Link, NotMe, Name, Tenant, Email, Accent, OnAccent),
        new("passkey_removed", false, Link, NotMe, Name, Tenant, Email, Accent, OnAccent),
        new("confirm_email", true, Link, Code, Minutes, Tenant, Email, Accent, OnAccent),
        new("email_in_use", true, Link, Tenant, Email, Accent, OnAccent),
        new("email_added", false, Link, NotMe, Address, Tenant, Email, Accent, OnAccent),
        new("email_removed", false, Link, NotMe, Address, Tenant, Email, Accent, OnAccent),
        new("primary_email_changed", false, Link, NotMe, Address, Tenant, Email, Accent, OnAccent),
        new("phone_added", false, Link, NotMe, Number, Tenant, Email, Accent, OnAccent),
        new("phone_removed", false, Link, NotMe, Number, Tenant, Email, Accent, OnAccent),
        new("primary_phone_changed", false, Link, NotMe, Number, Tenant, Email, Accent, OnAccent),
        new("profile_changed", false, Link, Tenant, Email, Accent, OnAccent),
        new("application_allowed", false, Link, Name, Tenant, Email, Accent, OnAccent),
        new("data_downloaded", false, Link, NotMe, Tenant, Email, Accent, OnAccent),
        new("account_deleted", false, Link, Tenant, Email, Accent, OnAccent),
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
