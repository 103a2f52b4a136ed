using Gatehouse.Kernel;

namespace Gatehouse.Authorization;

/// <summary>
/// Whether an access token that still verifies has been called back. The room that issues tokens implements it; every management call
/// asks. Answers from memory, exact within a second everywhere.
/// </summary>
public interface IAccessTokenRevocation
{
    /// <summary>The claim that names what the token came from: the grant whose end is also the token's.</summary>
    const string GrantClaim = "gid";

    /// <param name="grant">The <c>gid</c> claim; null where a client acts for itself.</param>
    ValueTask<bool> IsRevokedAsync(TenantId tenant, string jti, string? grant, CancellationToken ct);
}
