using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>
/// Tokens of an administrator who acts as a person (<c>act</c>). They are called back when the impersonation ends, but a role of hers that was given for a
/// time runs out without anybody being told: whoever asks about such a token asks whether she might still begin.
/// </summary>
internal sealed class ActingTokens(Impersonations impersonations, IDatabase database)
{
    /// <returns>True for the tokens of everybody else, without a look at the database.</returns>
    internal async ValueTask<bool> CountsAsync(TenantContext tenant, AccessToken token, CancellationToken ct)
    {
        if (token.Actor is null) return true;
        if (!SessionId.TryParse(token.SessionId, out var session)) return false;
        await using var read = await database.ReadAsync(tenant.Id, ct);
        return await impersonations.IsLiveAsync(read, session, ct);
    }
}
