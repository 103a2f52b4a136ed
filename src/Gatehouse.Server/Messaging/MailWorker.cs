using System.Security.Cryptography;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>
/// Sends what is due, mail and text messages, a few at a time, once a second. A message is claimed by moving its time (the lease), so that any number of processes
/// share the work and a message whose worker died comes round again: at least once, and nearly always exactly once.
/// </summary>
internal sealed partial class MailWorker(ISystemDatabase system, IDatabase database, MailEnvelope envelope, IMailTransport mail, ISmsTransport sms, TimeProvider clock, ILogger<MailWorker> log)
    : RepeatingJob(TimeSpan.FromSeconds(1), clock, log)
{
    internal const int MaxAttempts = 8;
    private const int BatchSize = 50, AtOnce = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override Task RunOnceAsync(CancellationToken ct) => SendDueAsync(ct);

    internal async Task SendDueAsync(CancellationToken ct)
    {
        List<(TenantId Tenant, MailId Mail)> due;
        await using (var tx = await system.ReadAsync(ct)) due = await MailStore.ListDueAsync(tx, clock.Now(), BatchSize, ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (mail, stop) => await SendAsync(mail.Tenant, mail.Mail, stop));
    }

    private async Task SendAsync(TenantId tenant, MailId id, CancellationToken ct)
    {
        if (await ClaimAsync(tenant, id, ct) is not var (row, message)) return;
        var (attempt, template) = (row.Attempts, row.Template);
        var (delivery, reason) = message switch
        {
            null => (Delivery.Refused, "its sealed body does not open"),
            { ForNobody: true } => (Delivery.Sent, null),
            _ when row.ExpiresAt <= clock.Now() => (Delivery.Refused, "what it carries has run out"),
            _ when row.Channel == Channel.Sms => await sms.SendAsync(id, new(message.To, message.Text), ct),
            _ => await mail.SendAsync(id, message, ct),
        };
        if (delivery == Delivery.Later && attempt >= MaxAttempts) delivery = Delivery.Refused;

        await using var tx = await database.BeginAsync(tenant, ct);
        if (delivery == Delivery.Later) await MailStore.TryPostponeAsync(tx, id, clock.Now() + Backoff(row), ct);
        else await MailStore.TryFinishAsync(tx, id, delivery == Delivery.Refused ? "failed" : "sent", readable: delivery == Delivery.Kept, ct);
        await tx.CommitAsync(ct);

        if (delivery == Delivery.Later) LogLater(log, tenant, id, template, attempt, reason ?? "");
        if (delivery == Delivery.Refused) LogGivenUp(log, tenant, id, template, attempt, reason ?? "");
    }

    private async Task<(MailRow Row, MailMessageBody? Message)?> ClaimAsync(TenantId tenant, MailId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        var now = clock.Now();
        if (!await MailStore.TryClaimAsync(tx, id, now, now + Lease, ct)) return null;
        if (await MailStore.FindAsync(tx, id, ct) is not { Sealed: not null } row) return null;
        MailMessageBody? message = null;
        try
        {
            message = await envelope.OpenAsync(tx, id, row.Sealed, ct);
        }
        catch (CryptographicException e)
        {
            LogUnreadable(log, tenant, id, e);      // changed in the database; it must not stand in the way of the others
        }
        await tx.CommitAsync(ct);
        return (row, message);
    }

    /// <summary>30 seconds, then twice as long each time: eight attempts within about an hour. What runs out begins with 5 seconds: ten minutes.</summary>
    private static TimeSpan Backoff(MailRow row) => TimeSpan.FromSeconds((row.ExpiresAt is null ? 30 : 5) * (1 << Math.Min(row.Attempts - 1, 6)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant}: message {Mail} ({Template}) was not sent at attempt {Attempt} and will be tried again: {Reason}")]
    private static partial void LogLater(ILogger log, TenantId tenant, MailId mail, string template, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tenant {Tenant}: message {Mail} ({Template}) was given up after {Attempt} attempts: {Reason}")]
    private static partial void LogGivenUp(ILogger log, TenantId tenant, MailId mail, string template, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tenant {Tenant}: message {Mail} cannot be opened")]
    private static partial void LogUnreadable(ILogger log, TenantId tenant, MailId mail, Exception error);
}
