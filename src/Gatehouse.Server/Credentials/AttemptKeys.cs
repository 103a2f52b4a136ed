using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Credentials;

/// <summary>What one sign-in attempt is counted by; all hashed.</summary>
internal sealed class AttemptKeys
{
    // A hash nothing hashes to stands for "no device cookie": the statement stays the same.
    private static readonly byte[] NoDevice = new byte[32];

    /// <param name="user">Null when nobody has the address that was typed.</param>
    internal AttemptKeys(UserId? user, string identifier, byte[]? device, RequestFacts request)
    {
        Device = device ?? NoDevice;
        // A user is counted by id, not by which of her addresses was typed: ten addresses are not ten allowances.
        var subject = user is { } known ? $"user:{known}" : $"nobody:{identifier}";
        UserKey = RateLimit.KeyOf(subject);
        DeviceKey = RateLimit.KeyOf($"{subject}:{Convert.ToHexStringLower(Device)}");
        IpKey = RateLimit.KeyOf(RateLimit.SiteKey(request.IpAddress));
    }

    internal byte[] Device { get; }
    internal byte[] UserKey { get; }
    internal byte[] DeviceKey { get; }
    internal byte[] IpKey { get; }
    internal byte[] TenantKey { get; } = RateLimit.KeyOf("all");
}
