using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// Stands before every endpoint of the management API: who calls, may the token do this, is its holder an administrator now, and on which
/// tenant. Nothing is remembered between calls but what other rooms keep exact: a client's role comes from the client directory, a
/// person's role, account and session are read in one transaction, so what was taken away a moment ago is gone.
/// </summary>
internal sealed class ManagementAccess(AccessTokenVerifier tokens, ClientDirectory clients, UserDirectory users, SessionDirectory sessions,
    Roles roles, ActedOnTenant actedOn, IEnumerable<IAccessTokenRevocation> revocations, IDatabase database)
{
    /// <summary>Puts the guard around an endpoint.</summary>
    /// <exception cref="InvalidOperationException">The endpoint neither needs a permission nor says that it needs none.</exception>
    internal RequestDelegate Guard(EndpointBuilder endpoint, RequestDelegate inner)
    {
        if (endpoint.Metadata.OfType<PermissionNeeded>().LastOrDefault() is { } needed) return http => RunAsync(http, needed.Scope, inner);
        return endpoint.Metadata.OfType<PermissionNotNeeded>().Any() ? inner
            : throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} is part of the management API and has neither RequirePermission nor AllowWithoutPermission.");
    }

    private async Task RunAsync(HttpContext http, string scope, RequestDelegate inner)
    {
        var tenant = http.Features.Get<TenantContext>() ?? throw new InvalidOperationException("A management endpoint was reached without a tenant.");
        if (!(await AuthorizeAsync(http, tenant, scope, http.RequestAborted)).TryGet(out var caller, out var refused))
        {
            BearerChallenge.Write(http, tenant, refused, scope);
            await refused.ToHttp().ExecuteAsync(http);
            return;
        }
        if (!(await actedOn.FindAsync(http, tenant, http.RequestAborted)).TryGet(out var target, out refused)) { await refused.ToHttp().ExecuteAsync(http); return; }
        http.Features.Set(caller);
        http.Features.Set(target);
        await inner(http);
    }

    private async ValueTask<Result<Caller, Problem>> AuthorizeAsync(HttpContext http, TenantContext tenant, string scope, CancellationToken ct)
    {
        // 1. A token of this tenant for this API.
        if (!(await tokens.VerifyAsync(http, tenant, ct)).TryGet(out var token, out var problem)) return problem;
        // 2. Not called back.
        foreach (var revocation in revocations)
            if (await revocation.IsRevokedAsync(tenant.Id, token.JwtId, token.Grant, ct)) return AccessTokenVerifier.TokenInvalid;
        // 3. Issued to a client that still may have it.
        if (await clients.FindAsync(tenant.Id, token.Client, ct) is not { Enabled: true } client) return AccessTokenVerifier.TokenInvalid;
        // 4. Its person still has her account and her session.
        if (token.User is { } id && await CheckPersonAsync(tenant.Id, id, token.Session, ct) is { } gone) return gone;
        // 5. It carries the scope.                                                        RFC 6750 §3.1
        if (!token.Scopes.Contains(scope, StringComparer.Ordinal))
            return Problem.Forbidden("insufficient_scope", $"The access token lacks the scope {scope}.");
        // 6. Its holder is an administrator now, whatever she was when it was issued.
        if (!(token.User is { } person ? await IsAdministratorAsync(tenant.Id, person, ct) : client.Administrator))
            return Problem.Forbidden("administrator_required", "Only an administrator of this tenant may use its management API.");
        return new Caller(tenant.Id, token.User is null ? "client" : "user", token.User?.ToString() ?? client.Id.ToString()) { Scopes = token.Scopes };
    }

    private async ValueTask<Problem?> CheckPersonAsync(TenantId tenant, UserId id, SessionId? session, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        if (await users.FindAsync(tx, id, ct) is not { Status: UserStatus.Active }) return AccessTokenVerifier.TokenInvalid;
        return session is { } sid && (await sessions.FindAsync(tx, sid, ct))?.UserId != id ? AccessTokenVerifier.TokenInvalid : null;
    }

    private async ValueTask<bool> IsAdministratorAsync(TenantId tenant, UserId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return await roles.HoldsAsync(tx, id, Roles.Administrator, ct);
    }
}
