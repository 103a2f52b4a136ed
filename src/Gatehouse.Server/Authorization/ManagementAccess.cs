using Gatehouse.Applications;
using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// Stands before every endpoint of the management API: who calls, may the token do this, may its holder do this here and now, has she proved
/// who she is a moment ago where that is asked, and on which tenant. What somebody holds, a person's account and her session are read from the
/// database on each call, so what was taken away a moment ago is gone.
/// </summary>
internal sealed class ManagementAccess(LiveTokens tokens, IApiKeys keys, CallRate rate, FreshProof proofs, Authority authority, ActedOnTenant actedOn, OrganizationDirectory organizations, WorkspaceDirectory workspaces,
    IDatabase database, TimeProvider clock)
{
    /// <summary>Puts the guard around an endpoint.</summary>
    /// <exception cref="InvalidOperationException">The endpoint neither needs a permission nor says that it needs none.</exception>
    internal RequestDelegate Guard(EndpointBuilder endpoint, RequestDelegate inner)
    {
        var fresh = endpoint.Metadata.OfType<FreshProofNeeded>().Any();
        var organization = endpoint.Metadata.OfType<OrganizationNamed>().LastOrDefault()?.RouteValue;
        var workspace = endpoint.Metadata.OfType<WorkspaceNamed>().LastOrDefault();
        if (endpoint.Metadata.OfType<PermissionNeeded>().LastOrDefault() is { } needed) return http => RunAsync(http, new(needed.Scope, organization, workspace, fresh), inner);
        return endpoint.Metadata.OfType<PermissionNotNeeded>().Any() ? inner
            : throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} is part of the management API and has neither RequirePermission nor AllowWithoutPermission.");
    }

    /// <param name="Organization">The route's part that names the organization it is about.</param>
    /// <param name="Workspace">The same of a workspace.</param>
    private sealed record Needed(string Scope, string? Organization, WorkspaceNamed? Workspace, bool Fresh);

    private async Task RunAsync(HttpContext http, Needed needed, RequestDelegate inner)
    {
        var ct = http.RequestAborted;
        var tenant = http.Features.Get<TenantContext>() ?? throw new InvalidOperationException("A management endpoint was reached without a tenant.");
        if (!(await AuthorizeAsync(http, tenant, needed, ct)).TryGet(out var admitted, out var refused))
        {
            if (refused == SecondStepMissing) BearerChallenge.WriteMore(http, tenant, []);
            else if (refused.Status != StatusCodes.Status429TooManyRequests) BearerChallenge.Write(http, tenant, refused, needed.Scope);
            await refused.ToHttp().ExecuteAsync(http);
            return;
        }
        if (needed.Fresh && await ProveAsync(http, tenant, admitted, ct) is { } stale) { await stale.ToHttp().ExecuteAsync(http); return; }
        if (!(await actedOn.FindAsync(http, tenant, ct)).TryGet(out var target, out refused)) { await refused.ToHttp().ExecuteAsync(http); return; }
        http.Features.Set(new Caller(tenant.Id, admitted.Kind, admitted.Id) { Scopes = admitted.Scopes, Permitted = admitted.Permitted, Until = admitted.Until, Session = admitted.Live?.Session?.Id });
        http.Features.Set(new RecentProof(stop => ProveAsync(http, tenant, admitted, stop)));
        http.Features.Set(target);
        await inner(http);
    }

    private async ValueTask<Problem?> ProveAsync(HttpContext http, TenantContext tenant, Admitted admitted, CancellationToken ct)
    {
        // Nobody can prove anything by a key but that she has it.
        if (admitted.Live is not { } live) return KeyNotAllowed;
        // A client that speaks for itself has nothing to prove a second time: its secret came with this token's request.
        if (live.User is not { } person || await proofs.CheckAsync(tenant.Id, person.Id, live.Token.AuthenticatedAt, live.Token.Methods, ct) is not { } gap) return null;
        BearerChallenge.Write(http, tenant, gap);
        return gap.Problem;
    }

    /// <summary>Who was let in: by a token or by a key.</summary>
    private sealed record Admitted(LiveToken? Live, PresentedKey? Key, IReadOnlyList<string> Permitted, DateTimeOffset? Until = null)
    {
        internal string Kind => Key is not null ? "api_key" : Live!.User is null ? "client" : "user";
        internal string Id => Key?.Id.ToString() ?? Live!.User?.Id.ToString() ?? Live!.Client.Id.ToString();
        internal IReadOnlyList<string> Scopes => Key?.Scopes ?? Live!.Token.Scopes;
    }

    private static readonly Problem KeyNotAllowed = Problem.Forbidden("api_key_not_allowed", "This needs a token: an API key opens nothing that a person has to prove herself anew for.");

    private static readonly Problem KeyWithoutSteps =
        Problem.Forbidden("api_key_not_allowed", "This organization asks for two steps at sign-in, and a person's key has been through none. Use a key of the organization.");

    private async ValueTask<Result<Admitted, Problem>> AuthorizeKeyAsync(HttpContext http, TenantContext tenant, Needed needed, string presented, CancellationToken ct)
    {
        // 1. A key of this tenant, good at this moment and from there, whose owner is there: as written, so that what was taken away counts at once in every process.
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await keys.FindAsync(tx, presented, RequestFacts.Of(http).IpAddress, ct) is not { } key || await authority.FindStandingAsync(tx, key, ct) is not { } standing) return AccessTokenVerifier.TokenInvalid;
        // 2. All keys of one owner are one caller: nobody calls more often by having more of them.
        if (rate.Take(http, tenant.Id, needed.Scope, key.Owner.IdText) is { } enough) return enough;
        // 3. It has the scope.
        var scopes = standing.Scopes;
        if (!scopes.Contains(needed.Scope, StringComparer.Ordinal)) return Problem.Forbidden("insufficient_scope", $"The API key lacks the scope {needed.Scope}.");
        // 4. A key speaks of its own tenant.
        if (ActedOnTenant.NamesAnother(http, tenant)) return Problem.Forbidden("administrator_required", "Only an administrator of this tenant may work in a tenant that X-Tenant names.");
        // 5. Its owner, or of an organization's the key itself, may do this here and now.
        var book = await authority.BookAsync(tenant.Id, ct);
        var (held, place, now) = (await authority.HeldAsync(tx, standing.Holder, ct), await PlaceOfAsync(tx, http, needed, ct), clock.GetUtcNow());
        // 6. What an organization asks of a person's sign-in, her key has not been through.
        if (key.Owner.Kind == KeyOwnerKind.User && await AsksTwoStepsAsync(tx, book, held, needed, place, now, ct)) return KeyWithoutSteps;
        return book.Graph.Permit(held, needed.Scope, place, now) ? new Admitted(null, key with { Scopes = scopes }, [.. scopes.Where(s => book.Graph.Permit(held, s, place, now))])
            : Problem.Forbidden("permission_missing", $"Nothing that this key holds here permits {needed.Scope}.");
    }

    // What an organization asks of who works in it, it asks of who manages it by its own roles.
    private async ValueTask<bool> AsksTwoStepsAsync(TenantTransaction tx, RoleBook book, IReadOnlyList<HeldRole> held, Needed needed, Place place, DateTimeOffset now, CancellationToken ct) =>
        place.Organization is { } organization && !book.Graph.Permit(held, needed.Scope, default, now)
        && await organizations.FindAsync(tx, new(organization), ct) is { Settings.RequiresSecondFactor: true };

    private string? KeyIn(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && keys.IsKey(header.AsSpan(7).Trim()) ? header[7..].Trim() : null;

    private async ValueTask<Result<Admitted, Problem>> AuthorizeAsync(HttpContext http, TenantContext tenant, Needed needed, CancellationToken ct)
    {
        if (KeyIn(http) is { } presented) return await AuthorizeKeyAsync(http, tenant, needed, presented, ct);
        // 1. A token of this tenant for this API, good at this moment.
        if (!(await tokens.FindAsync(http, tenant, ManagementApi.Identifier(tenant), ct)).TryGet(out var live, out var problem)) return problem;
        if (rate.Take(http, tenant.Id, needed.Scope, live.User?.Id.ToString() ?? live.Client.Id.ToString()) is { } enough) return enough;
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
            return Above(book, held, now) is { Count: > 0 } whole ? new Admitted(live, null, live.Token.Scopes, UntilOf(whole))
                : Problem.Forbidden("administrator_required", "Only an administrator of this tenant may work in a tenant that X-Tenant names.");
        var place = await PlaceOfAsync(tx, http, needed, ct);
        // 5. What an organization asks of who works in it, it asks of who manages it by its own roles, whether or not her token names it.
        if (live.User is not null && !Assurance.HasTwoSteps(live.Token.Methods) && await AsksTwoStepsAsync(tx, book, held, needed, place, now, ct)) return SecondStepMissing;
        return book.Graph.Permit(held, needed.Scope, place, now) ? new Admitted(live, null, [.. live.Token.Scopes.Where(s => book.Graph.Permit(held, s, place, now))])
            : Problem.Forbidden("permission_missing", $"No role that you hold here permits {needed.Scope}.");
    }

    private static Problem SecondStepMissing { get; } =
        Problem.Unauthorized("second_step_required", "This organization asks for two steps at sign-in, and this token comes from a sign-in by one. Sign in again with both.");

    /// <summary>By which roles somebody may work in the tenants below her own.</summary>
    internal static List<HeldRole> Above(RoleBook book, IReadOnlyList<HeldRole> held, DateTimeOffset now) =>
        [.. held.Where(h => h.Scope.Kind == ScopeKind.Tenant && h.IsInForce(now) && book.Graph.PermitsEverything(h.Role))];

    internal static DateTimeOffset? UntilOf(List<HeldRole> whole) => whole.Exists(h => h.EndsAt is null) ? null : whole.Max(h => h.EndsAt);

    // A workspace that is not there is nowhere: only who may everywhere is told so.
    private async ValueTask<Place> PlaceOfAsync(TenantTransaction tx, HttpContext http, Needed needed, CancellationToken ct) =>
        needed.Workspace is { } named ? WorkspaceId.TryParse(http.Request.RouteValues[named.RouteValue] as string, out var id) && await workspaces.FindAsync(tx, id, ct) is { } workspace
            && (workspace.Organization is not null || !named.OnlyOfOrganization) ? new(workspace.Organization?.Value, id.Value, null) : default
        : needed.Organization is { } name && OrganizationId.TryParse(http.Request.RouteValues[name] as string, out var organization) ? new(organization.Value, null, null) : default;
}
