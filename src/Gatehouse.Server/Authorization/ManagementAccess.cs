using Gatehouse.Applications;
using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// Stands before every endpoint of the management API: who calls, may the token do this, may its holder do this here and now, has she proved
/// who she is a moment ago where that is asked, and on which tenant. What somebody holds, a person's account and her session are read from the
/// database on each call, so what was taken away a moment ago is gone.
/// </summary>
internal sealed class ManagementAccess(LiveTokens tokens, FreshProof proofs, Authority authority, ActedOnTenant actedOn, IDatabase database, TimeProvider clock)
{
    /// <summary>Puts the guard around an endpoint.</summary>
    /// <exception cref="InvalidOperationException">The endpoint neither needs a permission nor says that it needs none.</exception>
    internal RequestDelegate Guard(EndpointBuilder endpoint, RequestDelegate inner)
    {
        var fresh = endpoint.Metadata.OfType<FreshProofNeeded>().Any();
        var organization = endpoint.Metadata.OfType<OrganizationNamed>().LastOrDefault()?.RouteValue;
        if (endpoint.Metadata.OfType<PermissionNeeded>().LastOrDefault() is { } needed) return http => RunAsync(http, new(needed.Scope, organization, fresh), inner);
        return endpoint.Metadata.OfType<PermissionNotNeeded>().Any() ? inner
            : throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} is part of the management API and has neither RequirePermission nor AllowWithoutPermission.");
    }

    /// <param name="Organization">The route's part that names the organization it is about.</param>
    private sealed record Needed(string Scope, string? Organization, bool Fresh);

    private async Task RunAsync(HttpContext http, Needed needed, RequestDelegate inner)
    {
        var ct = http.RequestAborted;
        var tenant = http.Features.Get<TenantContext>() ?? throw new InvalidOperationException("A management endpoint was reached without a tenant.");
        if (!(await AuthorizeAsync(http, tenant, needed, ct)).TryGet(out var admitted, out var refused))
        {
            BearerChallenge.Write(http, tenant, refused, needed.Scope);
            await refused.ToHttp().ExecuteAsync(http);
            return;
        }
        var live = admitted.Live;
        // A client that speaks for itself has nothing to prove a second time: its secret came with this token's request.
        if (needed.Fresh && live.User is { } person && await proofs.CheckAsync(tenant.Id, person.Id, live.Token.AuthenticatedAt, live.Token.Methods, ct) is { } gap)
        {
            BearerChallenge.Write(http, tenant, gap);
            await gap.Problem.ToHttp().ExecuteAsync(http);
            return;
        }
        if (!(await actedOn.FindAsync(http, tenant, ct)).TryGet(out var target, out refused)) { await refused.ToHttp().ExecuteAsync(http); return; }
        http.Features.Set(new Caller(tenant.Id, live.User is null ? "client" : "user", live.User?.Id.ToString() ?? live.Client.Id.ToString()) { Scopes = live.Token.Scopes, Permitted = admitted.Permitted, Until = admitted.Until });
        http.Features.Set(target);
        await inner(http);
    }

    private sealed record Admitted(LiveToken Live, IReadOnlyList<string> Permitted, DateTimeOffset? Until = null);

    private async ValueTask<Result<Admitted, Problem>> AuthorizeAsync(HttpContext http, TenantContext tenant, Needed needed, CancellationToken ct)
    {
        // 1. A token of this tenant for this API, good at this moment.
        if (!(await tokens.FindAsync(http, tenant, ManagementApi.Identifier(tenant), ct)).TryGet(out var live, out var problem)) return problem;
        // 2. It carries the scope.                                                        RFC 6750 §3.1
        if (!live.Token.Scopes.Contains(needed.Scope, StringComparer.Ordinal))
            return Problem.Forbidden("insufficient_scope", $"The access token lacks the scope {needed.Scope}.");
        // 3. Its holder may do this, here and now, whatever she might when it was issued.
        var book = await authority.BookAsync(tenant.Id, ct);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var held = await authority.HeldAsync(tx, live.User is { } person ? Holder.Of(person.Id) : Holder.Of(live.Client.Id), ct);
        var now = clock.GetUtcNow();
        // 4. In a tenant below only who may do everything here: a role speaks of its own tenant.
        if (ActedOnTenant.NamesAnother(http, tenant))
            return Above(book, held, now) is { Count: > 0 } whole ? new Admitted(live, live.Token.Scopes, UntilOf(whole))
                : Problem.Forbidden("administrator_required", "Only an administrator of this tenant may work in a tenant that X-Tenant names.");
        var place = PlaceOf(http, needed);
        return book.Graph.Permit(held, needed.Scope, place, now) ? new Admitted(live, [.. live.Token.Scopes.Where(s => book.Graph.Permit(held, s, place, now))])
            : Problem.Forbidden("permission_missing", $"No role that you hold here permits {needed.Scope}.");
    }

    /// <summary>By which roles somebody may work in the tenants below her own.</summary>
    internal static List<HeldRole> Above(RoleBook book, IReadOnlyList<HeldRole> held, DateTimeOffset now) =>
        [.. held.Where(h => h.Scope.Kind == ScopeKind.Tenant && h.IsInForce(now) && book.Graph.PermitsEverything(h.Role))];

    internal static DateTimeOffset? UntilOf(List<HeldRole> whole) => whole.Exists(h => h.EndsAt is null) ? null : whole.Max(h => h.EndsAt);

    private static Place PlaceOf(HttpContext http, Needed needed) =>
        needed.Organization is { } name && OrganizationId.TryParse(http.Request.RouteValues[name] as string, out var organization) ? new(organization.Value, null, null) : default;
}
