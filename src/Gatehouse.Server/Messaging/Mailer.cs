using Gatehouse.Http;
using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>A message to be written from a template.</summary>
/// <param name="Template">Name of a shipped or tenant-made template: <c>verify_email</c>, <c>reset_password</c>, <c>password_changed</c>, <c>already_registered</c>.</param>
/// <param name="Locale">BCP 47 tag; the nearest template is used.</param>
/// <param name="Values">What the template's placeholders stand for; escaped by part (text or HTML).</param>
public sealed record Mail(string To, string Template, string Locale, IReadOnlyDictionary<string, string> Values);

/// <summary>Queues mail in the transaction that decided it should be sent; a worker sends it after commit, with retries.</summary>
public sealed class Mailer
{
    /// <returns>False when the address has had its share for this hour (<see cref="LimitSettings.MailsPerAddress"/>): nothing was queued, and the caller answers as if it had been.</returns>
    public ValueTask<bool> QueueAsync(TenantTransaction tx, TenantContext tenant, Mail mail, CancellationToken ct) => throw new NotImplementedException();
}
