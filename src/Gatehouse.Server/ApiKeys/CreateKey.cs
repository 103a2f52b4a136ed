using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.ApiKeys;

/// <summary>A key just made or given a new secret.</summary>
/// <param name="Secret">Shown this once; only its hash is kept.</param>
internal sealed record IssuedKey(ApiKeyView Key, string Secret);

/// <summary>
/// <c>POST /api/v1/api-keys</c>: a key of a user, a client or an organization; <c>POST /api/v1/organizations/{organization}/api-keys</c>: one of that organization, which its own
/// administrators may call.
/// </summary>
internal static class CreateKey
{
    /// <param name="Owner">Id of a user, a client or an organization.</param>
    /// <param name="Scopes">The most it may do: permissions of the management API, or that an API registered. 1 to 100, each held by the caller.</param>
    /// <param name="Roles">For a key of an organization: what it holds there. A key of a user or a client acts with its owner's.</param>
    /// <param name="AllowedAddresses">Networks from which it may be used, such as <c>192.0.2.0/24</c>; none: from everywhere.</param>
    /// <param name="ExpiresAt">Left out: after the longest life the tenant allows.</param>
    internal sealed record Request(string? Owner, string? Name, string[]? Scopes, string[]? Roles = null, string[]? AllowedAddresses = null, DateTimeOffset? ExpiresAt = null);

    /// <param name="Scopes">The most it may do: permissions of the management API, or that an API registered. 1 to 100, each held by the caller.</param>
    /// <param name="Roles">What it holds in the organization.</param>
    /// <param name="AllowedAddresses">Networks from which it may be used, such as <c>192.0.2.0/24</c>; none: from everywhere.</param>
    /// <param name="ExpiresAt">Left out: after the longest life the tenant allows.</param>
    internal sealed record OrganizationRequest(string? Name, string[]? Scopes, string[]? Roles = null, string[]? AllowedAddresses = null, DateTimeOffset? ExpiresAt = null);

    /// <summary>What making a key needs.</summary>
    internal sealed class Making(IDatabase database, KeyAuthority authority, UserDirectory users, ClientDirectory clients, OrganizationDirectory organizations, AuditLog audit, EventOutbox events,
        Mailer mailer, TimeProvider clock)
    {
        /// <param name="offered">Of a key that a person makes herself in her account: what she holds, beyond which it has nothing; null: what the caller could give decides alone.</param>
        internal async ValueTask<Result<IssuedKey, Problem>> MakeAsync(KeyOwner owner, OrganizationRequest request, TenantContext tenant, Caller caller, RequestFacts facts, CancellationToken ct,
            IReadOnlyList<string>? offered = null)
        {
            var (now, settings) = (clock.Now(), tenant.Settings.ApiKeys);
            var (name, scopes, roles) = ((request.Name ?? "").Trim(), request.Scopes ?? [], request.Roles ?? []);
            if (!AddressList.Parse(request.AllowedAddresses ?? []).TryGet(out var addresses, out var problem)) return problem;
            var expires = request.ExpiresAt?.ToKept() ?? now.AddDays(settings.MaxDays);
            if ((KeyRules.Check(name, scopes) ?? KeyRules.CheckExpiry(expires, now, settings.MaxDays)) is { } unfit) return unfit;
            if (roles.Length > KeyRules.MaxRoles || roles.Distinct(StringComparer.Ordinal).Count() != roles.Length || (roles.Length > 0 && owner.Kind != KeyOwnerKind.Organization))
                return Problem.Invalid("roles_invalid", $"A key of an organization has at most {KeyRules.MaxRoles} roles, each once; one of a user or a client acts with its owner's and has none.", "roles");
            await using var tx = await database.BeginAsync(tenant.Id, ct);
            if (!await HoldAsync(tx, owner, ct)) return Problem.Invalid("owner_unknown", "owner is the id of a user, a client or an organization of this tenant.", "owner");
            if (await authority.MayMakeAsync(tx, caller, owner, scopes, expires, ct) is { } refused) return refused;
            if (offered is not null && KeyAuthority.CheckWithin(scopes, offered) is { } beyond) return beyond;
            // Read, then written: two callers at once may pass the bound by one each, which does not matter.
            if (await ApiKeyStore.CountLiveAsync(tx, owner, now, ct) >= settings.MaxPerOwner)
                return Problem.Conflict("api_keys_too_many", $"One owner has at most {settings.MaxPerOwner} keys that are good at the same time. Revoke one that is no longer used.");
            var secret = KeyText.New();
            var key = new ApiKey(ApiKeyId.New(clock), owner, name, secret[..KeyText.ShownLength], scopes, addresses.Texts, expires, null, null, null, null, caller.Id, 1, now, now);
            await ApiKeyStore.InsertAsync(tx, key, KeyText.Hash(secret).ToBytes(), ct);
            if (owner.Organization is { } organization && await authority.GiveAsync(tx, organization, key.Id, roles, caller, facts, ct) is { } unheld) return unheld;
            await audit.AppendAsync(tx, KeyAudit.Of("api_key.created", key, AuditActor.Of(caller), facts, ("scopes", string.Join(' ', scopes)), ("expires_at", expires.ToString("O"))), ct);
            await events.PublishAsync(tx, new ApiKeyCreated(key.Id), ct);
            await KeyNotice.QueueAsync(tx, users, mailer, tenant, key, ct);
            await tx.CommitAsync(ct);
            return new IssuedKey(ApiKeyView.Of(key, now), secret);
        }

        // Held, so that an owner who is deleted at the same time takes the key along.
        private async ValueTask<bool> HoldAsync(TenantTransaction tx, KeyOwner owner, CancellationToken ct) => owner.Kind switch
        {
            KeyOwnerKind.User => await users.HoldAsync(tx, new UserId(owner.Id), ct),
            KeyOwnerKind.Client => await clients.FindAsync(tx, new ClientId(owner.Id), ct) is { Type: ClientType.Confidential },
            _ => await organizations.HoldAsync(tx, new OrganizationId(owner.Id), ct),
        };
    }

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api-keys", HandleAsync).WithName("api_keys.create").WithSummary("Create an API key").RequirePermission(Http.Scopes.ApiKeysWrite).RequireFreshProof();
        api.MapPost("/organizations/{organization}/api-keys", HandleOrganizationAsync).WithName("organizations.api_keys.create").WithSummary("Create an API key of an organization")
            .RequirePermission(Http.Scopes.ApiKeysWrite).InOrganization().RequireFreshProof();
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>api_keys_too_many</c>; 422 <c>owner_unknown</c>, <c>name_invalid</c>, <c>scopes_invalid</c>, <c>scope_unknown</c>,
    /// <c>roles_invalid</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>addresses_invalid</c>, <c>expires_at_invalid</c>.</returns>
    internal static async Task<Results<Created<IssuedKey>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Caller caller, RequestFacts facts, Making making, HttpContext http, CancellationToken ct)
    {
        if (KeyOwner.Parse(request.Owner) is not { } owner) return Problem.Invalid("owner_unknown", "owner is the id of a user, a client or an organization of this tenant.", "owner").ToHttp();
        var made = await making.MakeAsync(owner, new(request.Name, request.Scopes, request.Roles, request.AllowedAddresses, request.ExpiresAt), tenant, caller, facts, ct);
        return Answer(made, new(null, false), tenant, http);
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>; 409 <c>api_keys_too_many</c>; 422 <c>name_invalid</c>, <c>scopes_invalid</c>,
    /// <c>scope_unknown</c>, <c>roles_invalid</c>, <c>role_unknown</c>, <c>role_not_assignable</c>, <c>addresses_invalid</c>, <c>expires_at_invalid</c>.</returns>
    internal static async Task<Results<Created<IssuedKey>, ProblemHttpResult>> HandleOrganizationAsync(KeyPlace place, OrganizationRequest request, TenantContext tenant, Caller caller, RequestFacts facts,
        Making making, HttpContext http, CancellationToken ct)
    {
        if (place.Owner is not { } owner) return KeyPlace.OrganizationNotFound.ToHttp();
        var made = await making.MakeAsync(owner, request, tenant, caller, facts, ct);
        return made.TryGet(out _, out var problem) || problem.Code != "owner_unknown" ? Answer(made, place, tenant, http) : KeyPlace.OrganizationNotFound.ToHttp();
    }

    private static Results<Created<IssuedKey>, ProblemHttpResult> Answer(Result<IssuedKey, Problem> made, KeyPlace place, TenantContext tenant, HttpContext http)
    {
        if (!made.TryGet(out var issued, out var problem)) return problem.ToHttp();
        http.Response.Headers.CacheControl = "no-store";
        ETags.Set(http, issued.Key.Version);
        return TypedResults.Created(tenant.Url(place.PathOf(issued.Key.Id)), issued);
    }
}
