using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>How a message came out of a transport.</summary>
internal enum Delivery
{
    /// <summary>Taken over by a server that answers for it; nothing of it is kept.</summary>
    Sent,
    /// <summary>Stays here, readable in the development mailbox.</summary>
    Kept,
    /// <summary>Try again later.</summary>
    Later,
    /// <summary>Never will be: the server refuses the recipient or the message.</summary>
    Refused,
}

/// <summary>Where messages go.</summary>
internal interface IMailTransport
{
    /// <returns>What became of it, and a reason for the log where it did not go.</returns>
    Task<(Delivery Delivery, string? Reason)> SendAsync(MailId id, MailMessageBody message, CancellationToken ct);
}

/// <summary>Development: the message stays in its row, and <c>/dev/mailbox</c> shows it.</summary>
internal sealed class MailboxTransport : IMailTransport
{
    public Task<(Delivery, string?)> SendAsync(MailId id, MailMessageBody message, CancellationToken ct) =>
        Task.FromResult<(Delivery, string?)>((Delivery.Kept, null));
}

/// <summary>Neither a server nor a mailbox: messages wait for one, and are given up like any other that cannot be delivered.</summary>
internal sealed class NoTransport : IMailTransport
{
    public Task<(Delivery, string?)> SendAsync(MailId id, MailMessageBody message, CancellationToken ct) =>
        Task.FromResult<(Delivery, string?)>((Delivery.Later, "no SMTP server is configured (Messaging:Smtp:Host)"));
}

/// <summary>Hands messages to an SMTP server. One connection for each: mail is rare here, and a connection kept open is one that breaks.</summary>
internal sealed class SmtpTransport(IOptions<MessagingOptions> options) : IMailTransport
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public async Task<(Delivery, string?)> SendAsync(MailId id, MailMessageBody message, CancellationToken ct)
    {
        var smtp = options.Value.Smtp;
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.StartTls, DeliveryFormat = SmtpDeliveryFormat.International };
        if (smtp.User.Length > 0) client.Credentials = new NetworkCredential(smtp.User, smtp.Password);
        using var mail = Compose(id, message, smtp.From);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        try
        {
            await client.SendMailAsync(mail, limit.Token);
            return (Delivery.Sent, null);
        }
        catch (SmtpException e)
        {
            return (IsFinal(e.StatusCode) ? Delivery.Refused : Delivery.Later, $"{e.StatusCode}: {e.InnerException?.Message ?? e.Message}");
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (Delivery.Later, e.Message);
        }
    }

    /// <summary>Text first, HTML second: RFC 2046 §5.1.4, the last one a reader understands is shown.</summary>
    internal static MailMessage Compose(MailId id, MailMessageBody message, string from)
    {
        var mail = new MailMessage
        {
            From = new MailAddress(from, message.FromName, Encoding.UTF8),
            Subject = message.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        mail.To.Add(new MailAddress(message.To));
        // The same at every attempt, so that a receiver can tell a repetition.
        mail.Headers.Add("Message-ID", $"<{id}@{from[(from.LastIndexOf('@') + 1)..]}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");       // RFC 3834: no holiday replies
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return mail;
    }

    /// <summary>RFC 5321 §4.2.1: a 5yz answer to this recipient or message; trying again would be a nuisance.</summary>
    private static bool IsFinal(SmtpStatusCode status) => status is SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed
        or SmtpStatusCode.UserNotLocalTryAlternatePath or SmtpStatusCode.TransactionFailed or SmtpStatusCode.ExceededStorageAllocation;
}
