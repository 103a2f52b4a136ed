using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

public enum LinkPurpose { VerifyEmail, ResetPassword, Disown, StartRecovery, CancelRecovery, CompleteRecovery }

/// <summary>What a link stands for.</summary>
/// <param name="UserId">Null when there is no user yet.</param>
/// <param name="EmailId">The address it was sent to, which using it proves and which must still exist; null where it was sent to none.</param>
/// <param name="Payload">The issuing door's own text, at most 4 KiB; empty for none.</param>
public sealed record OneTimeLink(LinkPurpose Purpose, UserId? UserId, EmailId? EmailId, string Payload, DateTimeOffset ExpiresAt);

/// <summary>
/// Secrets sent by e-mail that work once and not for long. Stored hashed. A used, expired, replaced or invented one gives the same
/// answer: nothing.
/// </summary>
public sealed class OneTimeLinks(TimeProvider clock)
{
    public const int MaxPayloadLength = 4096;

    /// <summary>Payload of a link to reset the password that an administrator had made: she has decided that it may.</summary>
    public const string ByAdministrator = "administrator";

    /// <summary>Payload of a link to reset the password that stopped working by her own word (<see cref="Disowning"/>): she had one, so it is no way around her passkeys.</summary>
    public const string Disowned = "disowned";

    /// <summary>Whether a link to reset the password sets one whatever else she signs in by.</summary>
    public static bool AlwaysResets(string payload) => payload is ByAdministrator or Disowned;

    /// <summary>Makes a link's token. Older links go on working; see <see cref="VoidOthersAsync"/>.</summary>
    /// <returns><c>gh_ln_…</c>, known to nobody else.</returns>
    public async ValueTask<string> IssueAsync(TenantTransaction tx, LinkPurpose purpose, UserId? user, EmailId? email, string payload, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayloadLength, nameof(payload));
        var token = Secret.New(Secret.LinkPrefix);
        var now = clock.Now();
        await OneTimeLinkStore.InsertAsync(tx, Secret.Hash(token), new OneTimeLink(purpose, user, email, payload, now + lifetime), now, ct);
        return token;
    }

    /// <summary>
    /// Voids the user's other links of this purpose. For once the new one is on its way: a link that nobody is sent must not take the
    /// place of one that somebody has.
    /// </summary>
    public ValueTask VoidOthersAsync(TenantTransaction tx, LinkPurpose purpose, UserId user, string token, CancellationToken ct) =>
        OneTimeLinkStore.DeleteOthersAsync(tx, user, purpose, Secret.Hash(token), ct);

    /// <summary>Looks without using it up: what the page behind the link shows, so that a mail scanner's visit spends nothing.</summary>
    public ValueTask<OneTimeLink?> FindAsync(TenantTransaction tx, LinkPurpose purpose, string? token, CancellationToken ct) =>
        Secret.HasShape(token, Secret.LinkPrefix)
            ? OneTimeLinkStore.FindAsync(tx, purpose, Secret.Hash(token!), clock.Now(), ct)
            : ValueTask.FromResult<OneTimeLink?>(null);

    /// <summary>Uses it up; gives the link to exactly one caller.</summary>
    public ValueTask<OneTimeLink?> RedeemAsync(TenantTransaction tx, LinkPurpose purpose, string? token, CancellationToken ct) =>
        Secret.HasShape(token, Secret.LinkPrefix)
            ? OneTimeLinkStore.RedeemAsync(tx, purpose, Secret.Hash(token!), clock.Now(), ct)
            : ValueTask.FromResult<OneTimeLink?>(null);
}
