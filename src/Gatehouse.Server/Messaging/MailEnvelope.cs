using System.Text.Json;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Messaging;

/// <summary>A rendered message, as it is sealed.</summary>
/// <param name="ForNobody">To be dropped: see <see cref="Mail"/>. Sealed with the rest, so that the row does not tell either.</param>
internal sealed record MailMessageBody(string To, string FromName, string Subject, string Text, string Html, bool ForNobody = false);

/// <summary>Seals a message into its row and opens it again.</summary>
internal sealed class MailEnvelope(TenantVault vault)
{
    internal ValueTask<byte[]> SealAsync(TenantTransaction tx, MailId id, MailMessageBody body, CancellationToken ct) =>
        vault.SealAsync(tx, Place(id), JsonSerializer.SerializeToUtf8Bytes(body, MessagingJson.Default.MailMessageBody), ct);

    internal async ValueTask<MailMessageBody> OpenAsync(TenantTransaction tx, MailId id, byte[] sealedBody, CancellationToken ct) =>
        JsonSerializer.Deserialize(await vault.OpenAsync(tx, Place(id), sealedBody, ct), MessagingJson.Default.MailMessageBody)
        ?? throw new InvalidOperationException($"Mail {id} holds no message.");

    /// <summary>The key of the addresses' hashes.</summary>
    internal ValueTask<byte[]> RecipientKeyAsync(TenantTransaction tx, CancellationToken ct) => vault.DeriveKeyAsync(tx, "mail recipients", ct);

    private static SealedAt Place(MailId id) => new("mails", "sealed", id.ToString());
}
