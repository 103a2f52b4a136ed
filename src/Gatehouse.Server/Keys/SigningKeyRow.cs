using Gatehouse.Kernel;

namespace Gatehouse.Keys;

/// <summary>Where a key is in its life. Only forward: next, active, retiring, retired.</summary>
internal enum KeyState
{
    /// <summary>Published, does not sign yet: verifiers learn it before they meet it.</summary>
    Next,
    /// <summary>Signs.</summary>
    Active,
    /// <summary>Published, signs no more, has no private half any more.</summary>
    Retiring,
    /// <summary>Published no more: what it signed has ended.</summary>
    Retired,
}

/// <param name="ActivatesAt">When it begins, or began, to sign.</param>
/// <param name="RetiresAt">When a retiring key leaves the published set, or a retired one left it.</param>
internal sealed record SigningKeyRow(KeyId Id, string Algorithm, KeyState State, string PublicJwk, byte[]? SealedPrivate,
    DateTimeOffset CreatedAt, DateTimeOffset ActivatesAt, DateTimeOffset? RetiresAt);
