namespace Gatehouse.Messaging;

/// <param name="To">E.164, with the plus.</param>
internal sealed record SmsMessage(string To, string Text);

/// <summary>Where text messages go.</summary>
internal interface ISmsTransport
{
    /// <returns>What became of it, and a reason for the log where it did not go; never with the number or the text in it.</returns>
    Task<(Delivery Delivery, string? Reason)> SendAsync(MailId id, SmsMessage message, CancellationToken ct);
}

/// <summary>Development: the message stays in its row, and <c>/dev/mailbox</c> shows it.</summary>
internal sealed class SmsMailboxTransport : ISmsTransport
{
    public Task<(Delivery, string?)> SendAsync(MailId id, SmsMessage message, CancellationToken ct) => Task.FromResult<(Delivery, string?)>((Delivery.Kept, null));
}

/// <summary>Neither a provider nor a mailbox: messages wait for one, and are given up like any other that cannot be delivered.</summary>
internal sealed class NoSmsTransport : ISmsTransport
{
    public Task<(Delivery, string?)> SendAsync(MailId id, SmsMessage message, CancellationToken ct) =>
        Task.FromResult<(Delivery, string?)>((Delivery.Later, "no provider is configured (Messaging:Sms:Provider)"));
}
