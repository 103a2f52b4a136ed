using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>A text message that carries a code.</summary>
/// <param name="Template">One of <see cref="SmsKinds"/>: <c>sign_in_code</c>, <c>reset_code</c>, <c>recovery_code</c>, <c>recovery_started</c>, <c>verify_phone</c>.</param>
/// <param name="Code">Empty where the message carries none.</param>
/// <param name="Locale">BCP 47 tag; the nearest language is used.</param>
/// <param name="Lifetime">How long the code works; it is not sent later than that.</param>
/// <param name="Network">Whence it was asked for, as it is counted by (an IPv6 site as one).</param>
/// <param name="ForNobody">As <see cref="Mail.ForNobody"/>: written, counted apart, sealed and queued like any other, and dropped.</param>
public sealed record Sms(PhoneNumber To, string Template, string Locale, string Code, TimeSpan Lifetime, string Network, bool ForNobody = false)
{
    /// <summary>She has proved something before it was asked for: then the number's shares are not those that any stranger can use up.</summary>
    public bool Proved { get; init; }
}

/// <summary>Queues text messages in the transaction that decided they should be sent; the worker that sends mail sends them after commit, with retries.</summary>
public sealed partial class Texter
{
    private readonly MailEnvelope envelope;
    private readonly MessagingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    internal Texter(TenantVault vault, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<Texter> log) =>
        (envelope, this.options, this.clock, this.log) = (new(vault), options.Value, clock, log);

    /// <returns>
    /// False when nothing was queued: the country is not one of <see cref="SmsSettings.AllowedCountries"/>, or a limit is reached. The caller
    /// answers as if it had been.
    /// </returns>
    /// <exception cref="ArgumentException">There is no such template.</exception>
    public async ValueTask<bool> QueueAsync(TenantTransaction tx, TenantContext tenant, Sms sms, CancellationToken ct)
    {
        if (!SmsKinds.Exists(sms.Template)) throw new ArgumentException($"There is no text message {sms.Template}.", nameof(sms));
        if (!tenant.Settings.Sms.AllowedCountries.Contains(sms.To.Country, StringComparer.Ordinal))
        {
            LogCountry(log, tenant.Id, sms.Template, sms.To.Country);
            return false;
        }
        var now = clock.Now();
        var key = await envelope.RecipientKeyAsync(tx, ct);
        if (await SmsLimits.TryTakeAsync(tx, tenant, key, sms.To, sms.Network, sms.ForNobody, sms.Proved, now, ct) is { } limit)
        {
            LogLimited(log, tenant.Id, sms.Template, sms.To.Block(tenant.Settings.Limits.SmsPrefixDigits), limit);
            return false;
        }
        var locale = MailKinds.NearestLocale(sms.Locale, tenant.Settings.Locales.Default);
        var text = SmsKinds.Write(sms.Template, locale, tenant.DisplayName, new Uri(tenant.Issuer).Host, sms.Code, (int)sms.Lifetime.TotalMinutes);
        var id = MailId.New(clock);
        var body = await envelope.SealAsync(tx, id, new(sms.To.Value, tenant.DisplayName, "", text, "", sms.ForNobody), ct);
        await MailStore.InsertAsync(tx, new(id, sms.Template, locale, "queued", body, 0, now, Channel.Sms, now + sms.Lifetime), SmsLimits.RecipientHash(key, sms.To), ct);
        if (!options.HasSms && !(options.HasMailbox && Loopback.IsTenant(tenant))) LogNowhere(log, tenant.Id, sms.Template);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: text message {Template} was not queued, {Country} is not one of its sms.allowed_countries")]
    private static partial void LogCountry(ILogger log, TenantId tenant, string template, string country);

    // The beginning of the number is no person, and is what whoever watches for pumping needs.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: text message {Template} to {Prefix}… was not queued, limits.{Limit} is used up")]
    private static partial void LogLimited(ILogger log, TenantId tenant, string template, string prefix, string limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: text message {Template} goes nowhere, no provider is configured (Messaging:Sms:Provider)")]
    private static partial void LogNowhere(ILogger log, TenantId tenant, string template);
}
