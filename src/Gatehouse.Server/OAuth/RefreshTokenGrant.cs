using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.OAuth;

/// <summary>
/// Exchanges a refresh token for its successor: RFC 6749 §6, RFC 9700 §4.14.2.
/// <para>
/// Tokens of a family are numbered. The newest is rotated. The one just before it is answered once more if its successor was made between
/// one second and the tenant's grace window ago: then the answer was lost on its way. Within that first second it is a race of the
/// client with itself: one wins, the others are refused and nothing else happens. Anything older is a copy in wrong hands, and since nobody can
/// tell whose hands are the wrong ones, the family ends.
/// </para>
/// </summary>
internal sealed class RefreshTokenGrant(
    IDatabase database, UserDirectory users, GrantedOrganization organizations, GrantRevocation revocation, GrantTokens tokens, AuditLog audit, TimeProvider clock)
{
    // Nobody notices a lost answer, and asks again, faster than this.
    private static readonly TimeSpan raceWindow = TimeSpan.FromSeconds(1);

    private static readonly OAuthError invalid = OAuthError.InvalidGrant("The refresh token is not valid: unknown, expired, used, revoked, or another client's.");

    internal async ValueTask<Result<TokenResponse, OAuthError>> ExchangeAsync(TenantContext tenant, Client client, FormParameters parameters, RequestFacts facts, CancellationToken ct)
    {
        // 1. The token, by its hash; this client's.
        if (parameters["refresh_token"] is not { } presented) return OAuthError.InvalidRequest("refresh_token is missing.");
        if (!Secret.HasShape(presented, Secret.RefreshTokenPrefix)) return invalid;
        // Before it waits for its turn: requests that came together are a race however long the last one waits.
        var arrived = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await RefreshTokenStore.FindAsync(tx, Secret.Hash(presented), ct) is not { } token || token.Grant.ClientId != client.Id) return invalid;

        // 2. In time: idle and absolute.
        var now = clock.Now();
        if (token.Grant.RevokedAt is not null || now >= token.ExpiresAt || now >= token.Grant.ExpiresAt) return invalid;

        // 3. Never wider than what was granted, nor than what the client may still have.   RFC 6749 §6, RFC 8707 §2.2
        var grant = GrantTokens.Narrow(client, token.Grant);
        if (!GrantTokens.HasRefreshToken(client, grant.Scopes)) return invalid;
        if (!(await tokens.ResolveAsync(tenant, client, grant, parameters, ct)).TryGet(out var target, out var error)) return error;

        // 4. The person may still sign in, and still belongs to the organization it was granted for.
        if (await users.FindAsync(tx, token.Grant.UserId, ct) is not { Status: UserStatus.Active }) return await EndAsync(tx, token, client, "user_inactive", facts, ct);

        var (belongs, organization) = await organizations.FindAsync(tx, token.Grant, ct);
        if (!belongs) return await EndAsync(tx, token, client, "member_removed", facts, ct);

        // 5. Exactly one rotation wins.                              RFC 9700 §4.14.2
        if (!await RefreshTokenStore.RotateAsync(tx, token.Grant.Id, token.Generation, now, ct) && !await AnswerAgainAsync(tx, tenant, token, arrived, now, ct))
            return await IsRaceAsync(tx, tenant, token, arrived, ct) ? invalid : await EndAsync(tx, token, client, "refresh_token_reused", facts, ct);

        var response = await tokens.ContinueAsync(tx, tenant, client, grant, target, organization, token.Generation + 1, now, ct);
        await tx.CommitAsync(ct);
        return response;
    }

    private static ValueTask<bool> AnswerAgainAsync(TenantTransaction tx, TenantContext tenant, RefreshToken token, DateTimeOffset arrived, DateTimeOffset now, CancellationToken ct)
    {
        var grace = TimeSpan.FromSeconds(tenant.Settings.Tokens.RefreshGraceSeconds);
        return grace < raceWindow ? new(false) : RefreshTokenStore.RepeatAsync(tx, token.Grant.Id, token.Generation, now, arrived - grace, arrived - raceWindow, ct);
    }

    // Without a grace window the tenant has asked for no mercy at all.
    private static async ValueTask<bool> IsRaceAsync(TenantTransaction tx, TenantContext tenant, RefreshToken token, DateTimeOffset arrived, CancellationToken ct) =>
        tenant.Settings.Tokens.RefreshGraceSeconds > 0
        && await RefreshTokenStore.FindRotationAsync(tx, token.Grant.Id, token.Generation, ct) is { } rotated && arrived - rotated < raceWindow;

    private async ValueTask<Result<TokenResponse, OAuthError>> EndAsync(TenantTransaction tx, RefreshToken token, Client client, string reason, RequestFacts facts, CancellationToken ct)
    {
        if (await revocation.RevokeAsync(tx, token.Grant.Id, reason, ct))
        {
            await audit.AppendAsync(tx, new AuditEntry("grant.revoked", AuditOutcome.Denied, AuditActor.Client(client.Id), "grant", token.Grant.Id.ToString(), facts,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = reason }), ct);
            await tx.CommitAsync(ct);
        }
        return invalid;
    }
}
