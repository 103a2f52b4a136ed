using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>What a link that was opened is good for.</summary>
public enum LinkUse
{
    /// <summary>Nothing: used, expired, replaced, or invented.</summary>
    None,
    /// <summary>This browser asked for it: it signs in, after a button was pressed.</summary>
    Here,
    /// <summary>Another browser asked: there the code may be typed.</summary>
    Elsewhere,
}

/// <summary>
/// Links that go with a code of <see cref="OneTimeCodes"/>, and are the same proof: using one uses up the other. A link signs in where it was
/// asked for and nowhere else, or whoever sends a link of her own sign-in to somebody would be signed in by that person's curiosity. Looking
/// changes nothing, however often a scanner looks.
/// </summary>
public sealed class MagicLinks(OneTimeCodes codes, TimeProvider clock)
{
    /// <summary>What the page behind the link may say.</summary>
    /// <param name="device">Hash of the device cookie of whoever opened it; null: she has none.</param>
    /// <returns>The run it belongs to where it is good here; the code to be typed where it was opened elsewhere.</returns>
    public async ValueTask<(LinkUse Use, Guid Run, string? Code)> FindAsync(TenantTransaction tx, TenantContext tenant, CodePurpose purpose, string? token, byte[]? device, CancellationToken ct)
    {
        if (!Secret.HasShape(token, Secret.LinkPrefix)
            || await OneTimeCodeStore.FindLinkAsync(tx, OneTimeCodes.Text(purpose), Secret.Hash(token!), clock.Now(), ct) is not { UserId: not null } link) return default;
        return device is not null && link.Browser.AsSpan().SequenceEqual(device)
            ? (LinkUse.Here, link.Run, null)
            : (LinkUse.Elsewhere, link.Run, OneTimeCodes.CodeOf(await codes.KeyAsync(tx, ct), token!, tenant.Settings.SignIn.CodeDigits));
    }

    /// <summary>Uses it up, in the browser and the run that asked for it; gives it to exactly one caller.</summary>
    public async ValueTask<UserId?> RedeemAsync(TenantTransaction tx, CodePurpose purpose, string? token, Guid run, byte[] device, CancellationToken ct) =>
        Secret.HasShape(token, Secret.LinkPrefix)
            ? await OneTimeCodeStore.RedeemLinkAsync(tx, OneTimeCodes.Text(purpose), Secret.Hash(token!), run, device, clock.Now(), ct)
            : null;
}
