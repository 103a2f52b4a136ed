using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>A message to be written from a template.</summary>
/// <param name="Template">One of <see cref="MailKinds"/>.</param>
/// <param name="Locale">BCP 47 tag; the nearest template is used.</param>
/// <param name="Values">
/// What the template's placeholders stand for; escaped by part (text or HTML). Every template needs <c>link</c> (an absolute http or https
/// URL); <c>verify_email</c>, <c>reset_password</c> and <c>administrator_reset</c> also <c>minutes</c> (how long the link works, ASCII digits); <c>passkey_added</c>, <c>passkey_removed</c> and <c>application_allowed</c> a <c>name</c>; <c>api_key_created</c> and <c>api_key_created_for_you</c> also the key's <c>prefix</c>;
/// <c>sign_in_code</c> also <c>minutes</c> and the <c>code</c>, as do <c>confirm_email</c> and <c>verify_email_code</c>; <c>email_added</c>, <c>email_removed</c> and <c>primary_email_changed</c> the <c>address</c> concerned. The tenant's name and
/// the address are known here.
/// </param>
/// <param name="ForNobody">
/// Nobody is to get it: it is written, counted, sealed and queued like any other, and the worker drops it. For answers whose time must not
/// tell whether there was somebody to write to.
/// </param>
/// <param name="Lifetime">How long what it carries works; it is not sent later than that. Null: however late.</param>
public sealed record Mail(string To, string Template, string Locale, IReadOnlyDictionary<string, string> Values, bool ForNobody = false, TimeSpan? Lifetime = null)
{
    /// <summary>Whose account a notice speaks of. Needed by those that carry a link to say "this was not me".</summary>
    public UserId? About { get; init; }

    /// <summary>Has a share of its own: what she asks for from a browser she is known in must not be used up by strangers. Empty: the one of everybody.</summary>
    public string Share { get; init; } = "";

    /// <summary>The colour of whom it is from, <c>#rrggbb</c>; null: the tenant's.</summary>
    public string? Accent { get; init; }

    /// <summary>The organization that it speaks of, whose words it has where there are some; null: none.</summary>
    public OrganizationId? Organization { get; init; }

    /// <summary>What such a notice speaks of, where that can be undone: a passkey's id.</summary>
    public string? Subject { get; init; }
}

/// <summary>Queues mail in the transaction that decided it should be sent; a worker sends it after commit, with retries.</summary>
public sealed partial class Mailer
{
    private readonly MailEnvelope envelope;
    private readonly IDisownLinks disownLinks;
    private readonly MessagingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    internal Mailer(TenantVault vault, IDisownLinks disownLinks, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<Mailer> log) =>
        (envelope, this.disownLinks, this.options, this.clock, this.log) = (new(vault), disownLinks, options.Value, clock, log);

    /// <returns>
    /// False when nothing was queued: the address has had its share for this hour (<see cref="LimitSettings.MailsPerAddress"/>), or is
    /// none that mail can be sent to. The caller answers as if it had been.
    /// </returns>
    /// <exception cref="ArgumentException">There is no such template, or one of its values is missing or malformed.</exception>
    public async ValueTask<bool> QueueAsync(TenantTransaction tx, TenantContext tenant, Mail mail, CancellationToken ct)
    {
        var kind = MailKinds.Find(mail.Template) ?? throw new ArgumentException($"There is no mail template {mail.Template}.", nameof(mail));
        var locale = MailKinds.NearestLocale(mail.Locale, tenant.Settings.Locales.Default);
        var values = Values(kind, tenant, mail, locale);
        if (Recipient.Parse(mail.To) is not { } to)
        {
            LogNoAddress(log, tenant.Id, kind.Name);
            return false;
        }
        var now = clock.Now();
        var key = await envelope.RecipientKeyAsync(tx, ct);
        var recipient = to.Hash(key);
        if (kind.Share is { } share && !await MailStore.TryTakeShareAsync(tx, to.Hash(key, $"{share}:{mail.Share}"), now.ToUnixTimeSeconds() / 3600, tenant.Settings.Limits.MailsPerAddress, ct))
        {
            LogRationed(log, tenant.Id, kind.Name, mail.To);
            return false;
        }
        if (kind.Placeholders.Contains(MailKinds.NotMe, StringComparer.Ordinal))
            values[MailKinds.NotMe] = await disownLinks.IssueAsync(tx, tenant, About(mail), mail, ct);
        var template = await MailTemplateRoute.InUseAsync(tx, kind, locale, mail.Organization, ct);
        var message = template.Render(values);
        var id = MailId.New(clock);
        var body = await envelope.SealAsync(tx, id, new(to.Address, tenant.DisplayName, message.Subject, message.Text,
            MailLayout.Wrap(locale, message.Subject, tenant.DisplayName, message.Html), mail.ForNobody), ct);
        await MailStore.InsertAsync(tx, new(id, kind.Name, locale, "queued", body, 0, now, Channel.Email, now + mail.Lifetime), recipient, ct);
        if (!options.HasSmtp && !(options.HasMailbox && Loopback.IsTenant(tenant))) LogNowhere(log, tenant.Id, kind.Name);
        return true;
    }

    private static UserId About(Mail mail) => mail.About ?? throw new ArgumentException($"Mail template {mail.Template} needs to know whose account it is about.", nameof(mail));

    private static Dictionary<string, string> Values(MailKind kind, TenantContext tenant, Mail mail, string locale)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal)
        {
            ["tenant"] = tenant.DisplayName,
            ["email"] = mail.To,
            ["accent"] = mail.Accent ?? tenant.Settings.Brand.Accent,
            ["on_accent"] = MailLayout.TextOn(mail.Accent ?? tenant.Settings.Brand.Accent),
        };
        foreach (var name in kind.Placeholders)
        {
            if (name == MailKinds.NotMe || values.ContainsKey(name)) continue;
            if (!mail.Values.TryGetValue(name, out var value)) throw new ArgumentException($"Mail template {kind.Name} needs the value {name}.", nameof(mail));
            if (name == MailKinds.Link && !(Uri.TryCreate(value, UriKind.Absolute, out var link) && (link.Scheme is "https" or "http")))
                throw new ArgumentException("A mail's link is an absolute http or https URL.", nameof(mail));
            values[name] = locale == "fa" && name == "minutes" ? PersianMails.Digits(value) : value;
        }
        return values;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: {Template} was not queued, the address cannot be mailed to")]
    private static partial void LogNoAddress(ILogger log, TenantId tenant, string template);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: {Template} to {Address} was not queued, the address has had its share for this hour")]
    private static partial void LogRationed(ILogger log, TenantId tenant, string template, Pii address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: {Template} goes nowhere, no SMTP server is configured (Messaging:Smtp:Host)")]
    private static partial void LogNowhere(ILogger log, TenantId tenant, string template);
}
