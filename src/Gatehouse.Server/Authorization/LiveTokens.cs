using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>A token that is good at this moment.</summary>
/// <param name="User">Null where the client speaks for itself.</param>
/// <param name="Session">Null where the token names none.</param>
internal sealed record LiveToken(AccessToken Token, Client Client, User? User, Session? Session);

/// <summary>Bearer tokens of our own APIs as they stand now: verified, not called back, their client enabled, their person and her session there.</summary>
internal sealed class LiveTokens(AccessTokenVerifier tokens, ClientDirectory clients, UserDirectory users, SessionDirectory sessions, IEnumerable<IAccessTokenRevocation> revocations, IDatabase database)
{
    internal async ValueTask<Result<LiveToken, Problem>> FindAsync(HttpContext http, TenantContext tenant, string audience, CancellationToken ct)
    {
        // 1. A token of this tenant for this API.
        if (!(await tokens.VerifyAsync(http, tenant, audience, ct)).TryGet(out var token, out var problem)) return problem;
        // 2. Not called back.
        foreach (var revocation in revocations)
            if (await revocation.IsRevokedAsync(tenant.Id, token.JwtId, token.Grant, ct)) return AccessTokenVerifier.TokenInvalid;
        // 3. Issued to a client that still may have it.
        if (await clients.FindAsync(tenant.Id, token.Client, ct) is not { Enabled: true } client) return AccessTokenVerifier.TokenInvalid;
        // 4. Its person still has her account and her session.
        if (token.User is not { } id) return new LiveToken(token, client, null, null);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active } user) return AccessTokenVerifier.TokenInvalid;
        var session = token.Session is { } sid ? await sessions.FindAsync(tx, sid, ct) : null;
        if (token.Session is not null && session?.UserId != id) return AccessTokenVerifier.TokenInvalid;
        return new LiveToken(token, client, user, session);
    }
}

/// <summary>Whom an access token for the account API speaks for, and what it may do.</summary>
/// <param name="AuthenticatedAt">When she last proved who she is, as the token has it; null where it does not say.</param>
/// <param name="FirstParty">Whether the tenant's own application holds it.</param>
public sealed record PersonToken(User User, Session Session, IReadOnlyList<string> Scopes, DateTimeOffset? AuthenticatedAt, IReadOnlyList<string> Methods, bool FirstParty);

/// <summary>Lets people's access tokens into an API of a later room.</summary>
public sealed class PersonTokens
{
    private readonly LiveTokens tokens;

    internal PersonTokens(LiveTokens tokens) => this.tokens = tokens;

    /// <returns>The token's person; 401 <c>token_missing</c>, <c>token_invalid</c>, also for a client that speaks for itself; 403 <c>insufficient_scope</c>. The challenge is written.</returns>
    public async ValueTask<Result<PersonToken, Problem>> FindAsync(HttpContext http, TenantContext tenant, string audience, string scope, CancellationToken ct)
    {
        var found = await tokens.FindAsync(http, tenant, audience, ct);
        var judged = found.TryGet(out var live, out var problem) ? Judge(live, scope) : problem;
        if (!judged.TryGet(out _, out problem)) BearerChallenge.Write(http, tenant, problem, scope);
        return judged;
    }

    private static Result<PersonToken, Problem> Judge(LiveToken live, string scope)
    {
        // Nobody's account is a program's own.
        if (live is not { User: { } user, Session: { } session }) return AccessTokenVerifier.TokenInvalid;
        if (!live.Token.Scopes.Contains(scope, StringComparer.Ordinal)) return Problem.Forbidden("insufficient_scope", $"The access token lacks the scope {scope}.");
        return new PersonToken(user, session, live.Token.Scopes, live.Token.AuthenticatedAt, live.Token.Methods, live.Client.FirstParty);
    }
}
