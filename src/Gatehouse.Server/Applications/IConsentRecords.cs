using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Applications;

/// <summary>What a person has allowed one application to do in her name.</summary>
/// <param name="Scopes">In the order they were asked for.</param>
public sealed record ConsentRecord(ClientId ClientId, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt);

/// <summary>
/// How a person's consents are seen and taken back from outside the door that records them: OAuth implements it, Account and the
/// management API use it, and neither door knows the other.
/// </summary>
public interface IConsentRecords
{
    /// <summary>Newest first; at most 200.</summary>
    ValueTask<IReadOnlyList<ConsentRecord>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct);

    /// <summary>Forgets the consent and ends every grant that stands on it. False when there was none.</summary>
    ValueTask<bool> RevokeAsync(TenantTransaction tx, UserId user, ClientId client, CancellationToken ct);
}
