using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// Stands before every endpoint of the management API: who calls, may the token do this, is its holder an administrator now, has she proved
/// who she is a moment ago where that is asked, and on which tenant. Nothing is remembered between calls but what other rooms keep exact: a
/// client's role comes from the client directory, a person's role, account and session are read from the database, so what was taken away a
/// moment ago is gone.
/// </summary>
internal sealed class ManagementAccess(LiveTokens tokens, FreshProof proofs, Roles roles, ActedOnTenant actedOn, IDatabase database)
{
    /// <summary>Puts the guard around an endpoint.</summary>
    /// <exception cref="InvalidOperationException">The endpoint neither needs a permission nor says that it needs none.</exception>
    internal RequestDelegate Guard(EndpointBuilder endpoint, RequestDelegate inner)
    {
        var fresh = endpoint.Metadata.OfType<FreshProofNeeded>().Any();
        if (endpoint.Metadata.OfType<PermissionNeeded>().LastOrDefault() is { } needed) return http => RunAsync(http, needed.Scope, fresh, inner);
        return endpoint.Metadata.OfType<PermissionNotNeeded>().Any() ? inner
            : throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} is part of the management API and has neither RequirePermission nor AllowWithoutPermission.");
    }

    private async Task RunAsync(HttpContext http, string scope, bool fresh, RequestDelegate inner)
    {
        var ct = http.RequestAborted;
        var tenant = http.Features.Get<TenantContext>() ?? throw new InvalidOperationException("A management endpoint was reached without a tenant.");
        if (!(await AuthorizeAsync(http, tenant, scope, ct)).TryGet(out var live, out var refused))
        {
            BearerChallenge.Write(http, tenant, refused, scope);
            await refused.ToHttp().ExecuteAsync(http);
            return;
        }
        // A client that speaks for itself has nothing to prove a second time: its secret came with this token's request.
        if (fresh && live.User is { } person && await proofs.CheckAsync(tenant.Id, person.Id, live.Token.AuthenticatedAt, live.Token.Methods, ct) is { } gap)
        {
            BearerChallenge.Write(http, tenant, gap);
            await gap.Problem.ToHttp().ExecuteAsync(http);
            return;
        }
        if (!(await actedOn.FindAsync(http, tenant, ct)).TryGet(out var target, out refused)) { await refused.ToHttp().ExecuteAsync(http); return; }
        http.Features.Set(new Caller(tenant.Id, live.User is null ? "client" : "user", live.User?.Id.ToString() ?? live.Client.Id.ToString()) { Scopes = live.Token.Scopes });
        http.Features.Set(target);
        await inner(http);
    }

    private async ValueTask<Result<LiveToken, Problem>> AuthorizeAsync(HttpContext http, TenantContext tenant, string scope, CancellationToken ct)
    {
        // 1. A token of this tenant for this API, good at this moment.
        if (!(await tokens.FindAsync(http, tenant, ManagementApi.Identifier(tenant), ct)).TryGet(out var live, out var problem)) return problem;
        // 2. It carries the scope.                                                        RFC 6750 §3.1
        if (!live.Token.Scopes.Contains(scope, StringComparer.Ordinal))
            return Problem.Forbidden("insufficient_scope", $"The access token lacks the scope {scope}.");
        // 3. Its holder is an administrator now, whatever she was when it was issued.
        if (!(live.User is { } person ? await IsAdministratorAsync(tenant.Id, person.Id, ct) : live.Client.Administrator))
            return Problem.Forbidden("administrator_required", "Only an administrator of this tenant may use its management API.");
        return live;
    }

    private async ValueTask<bool> IsAdministratorAsync(TenantId tenant, UserId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return await roles.HoldsAsync(tx, id, Roles.Administrator, ct);
    }
}
