using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>How mail leaves. Section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    public SmtpOptions Smtp { get; set; } = new();

    public SmsOptions Sms { get; set; } = new();

    /// <summary>
    /// Keeps sent mail and text messages readable for an hour at <c>/dev/mailbox</c>, for browsers on the same machine and for tenants whose address is a
    /// loopback one. For development; default false: it shows links and codes that open accounts. Refused together with an SMTP server or a provider of text messages.
    /// </summary>
    public bool Mailbox { get; set; }

    internal bool HasSmtp => Smtp.Host.Length > 0;
    internal bool HasSms => Sms.Provider.Length > 0;
    internal bool HasMailbox => !HasSmtp && !HasSms && Mailbox;
}

/// <summary>The SMTP server that takes our mail. Section <c>Messaging:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name or address of the server. Empty (the default): no mail leaves.</summary>
    public string Host { get; set; } = "";

    /// <summary>1 to 65535; default 587 (submission, RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>Demands STARTTLS with a valid certificate before anything is said. Default true.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>User name; empty (the default): no authentication.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password. Better in the environment than in a file.</summary>
    public string Password { get; set; } = "";

    /// <summary>The sender's address. The name beside it is the tenant's. Required with <see cref="Host"/>.</summary>
    public string From { get; set; } = "";
}

internal sealed class MessagingOptionsValidator : IValidateOptions<MessagingOptions>
{
    public ValidateOptionsResult Validate(string? name, MessagingOptions options)
    {
        var smtp = options.Smtp;
        if (SmsOptionsCheck.Check(options.Sms) is { } fault) return ValidateOptionsResult.Fail(fault);
        if (options.HasSms && options.Mailbox) return ValidateOptionsResult.Fail("Messaging:Mailbox is for development and is refused beside Messaging:Sms:Provider.");
        if (!options.HasSmtp) return ValidateOptionsResult.Success;
        if (options.Mailbox) return ValidateOptionsResult.Fail("Messaging:Mailbox is for development and is refused beside Messaging:Smtp:Host.");
        if (smtp.Port is < 1 or > 65535) return ValidateOptionsResult.Fail("Messaging:Smtp:Port is a number from 1 to 65535.");
        if (Recipient.Parse(smtp.From) is null) return ValidateOptionsResult.Fail("Messaging:Smtp:From is an e-mail address without a name beside it.");
        if (smtp.User.Length > 0 && !smtp.StartTls && !Loopback.IsHost(smtp.Host))
            return ValidateOptionsResult.Fail("Messaging:Smtp:User needs Messaging:Smtp:StartTls: a password does not travel in the clear.");
        return ValidateOptionsResult.Success;
    }
}
