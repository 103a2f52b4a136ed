using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Protocols.OAuth;

namespace Gatehouse.OAuth;

/// <summary>For whom one access token is, and what it allows there.</summary>
/// <param name="Audience">One API, or the issuer itself, which stands for UserInfo; never both (RFC 9068 §2.2, RFC 9700 §2.3).</param>
/// <param name="Scope">As on the wire; empty for none.</param>
/// <param name="Seconds">The API's own lifetime for tokens; null: the tenant's.</param>
internal sealed record AccessTarget(string Audience, IReadOnlyList<string> Scopes, string Scope, JwsAlgorithm Algorithm, int? Seconds)
{
    /// <summary>OpenID Connect's own scopes: they speak of the person and of us, not of an API.</summary>
    internal static bool IsIdentityScope(string scope) => ScopeName.Standard.Contains(scope);

    /// <summary>The API that it is for; null for UserInfo.</summary>
    internal Api? Api { get; init; }

    /// <summary>All that was granted, or asked for of it now, before it was narrowed to the API's: what claims may tell.</summary>
    internal IReadOnlyList<string> Wanted { get; init; } = [];

    internal static AccessTarget Issuer(TenantContext tenant, IReadOnlyList<string> scopes) =>
        new(tenant.Issuer, scopes, ScopeList.Format(scopes), JwsAlgorithm.ES256, null);

    internal static AccessTarget Of(Api api, IReadOnlyList<string> scopes) =>
        new(api.Identifier, scopes, ScopeList.Format(scopes), api.SigningAlgorithm == "RS256" ? JwsAlgorithm.RS256 : JwsAlgorithm.ES256, api.AccessTokenSeconds) { Api = api };
}

/// <summary>What a token request may draw on.</summary>
/// <param name="Scopes">Granted by the person, or allowed to the client where it acts for itself.</param>
/// <param name="Resources">Named when it was authorized; null where nothing was (a client acting for itself), empty where nothing was named.</param>
/// <param name="FirstParty">The client is the tenant's own.</param>
internal readonly record struct Granted(IReadOnlyList<string> Scopes, IReadOnlyList<string>? Resources, bool FirstParty);

/// <summary>
/// Decides the audience and the scopes of an access token: RFC 8707 §2.2 and RFC 9068 §3. One API per token; its scopes and no other's go
/// into it, so that an API that receives a token cannot use it elsewhere: neither at another API nor at UserInfo, where it would read what
/// the person allowed the application and not the API.
/// </summary>
internal static class AccessTargets
{
    /// <param name="resources">The token request's own <c>resource</c> parameters.</param>
    /// <param name="scope">The token request's own <c>scope</c>; null: everything granted.</param>
    internal static Result<AccessTarget, OAuthError> Resolve(TenantContext tenant, IReadOnlyList<Api> apis, Granted granted, IReadOnlyList<string> resources, string? scope)
    {
        // 1. Never more than was granted.                            RFC 6749 §3.3, §6
        if (!ScopeList.TryParse(scope, out var asked)) return OAuthError.InvalidScope("scope is a list of scope names separated by single spaces.");
        foreach (var name in asked)
            if (!granted.Scopes.Contains(name)) return OAuthError.InvalidScope("A scope was asked for that was not granted.");
        var wanted = asked.Count > 0 ? asked : granted.Scopes;
        return Find(tenant, apis, granted, resources, wanted, asked.Count > 0).TryGet(out var target, out var error) ? target with { Wanted = wanted } : error;
    }

    private static Result<AccessTarget, OAuthError> Find(TenantContext tenant, IReadOnlyList<Api> apis, Granted granted, IReadOnlyList<string> resources, IReadOnlyList<string> wanted, bool explicitly)
    {
        // 2. One API per token.                                      RFC 8707 §2.2
        if (resources.Count > 1) return OAuthError.InvalidTarget("Ask for one access token per resource.");
        if (resources.Count == 1)
        {
            if (!ResourceIndicator.IsWellFormed(resources[0])) return OAuthError.InvalidTarget("resource is an absolute URI without a fragment.");
            // UserInfo belongs to every sign-in, whatever else was named.
            var forUserInfo = granted.Scopes.Contains("openid") && string.Equals(resources[0], tenant.Issuer, StringComparison.Ordinal);
            if (!forUserInfo && granted.Resources is { Count: > 0 } allowed && !allowed.Contains(resources[0]))
                return OAuthError.InvalidTarget("The resource was not part of the authorization.");
            return ForResource(tenant, apis, granted, resources[0], wanted, explicitly);
        }

        // 3. None named now: the first named at authorization, or what the scopes say.
        return granted.Resources is { Count: > 0 } named ? ForResource(tenant, apis, granted, named[0], wanted, explicitly) : ByScopes(tenant, apis, wanted);
    }

    /// <summary>The API a scope belongs to; null for OpenID Connect's own and for unknown ones.</summary>
    internal static Api? FindApi(IReadOnlyList<Api> apis, string scope)
    {
        for (var i = 0; i < apis.Count; i++)
            if (apis[i].Scopes.Contains(scope)) return apis[i];
        return null;
    }

    /// <summary>One without scopes is open to the tenant's own clients: of a third party's, nobody could have been asked whether it may.</summary>
    internal static bool IsOpenTo(Api api, bool firstParty) => firstParty || api.Scopes.Count > 0;

    private static Result<AccessTarget, OAuthError> ForResource(TenantContext tenant, IReadOnlyList<Api> apis, Granted granted, string resource, IReadOnlyList<string> wanted, bool explicitly)
    {
        // The issuer itself stands for UserInfo.
        if (string.Equals(resource, tenant.Issuer, StringComparison.Ordinal)) return AccessTarget.Issuer(tenant, [.. wanted.Where(AccessTarget.IsIdentityScope)]);
        Api? api = null;
        for (var i = 0; i < apis.Count && api is null; i++)
            if (string.Equals(apis[i].Identifier, resource, StringComparison.Ordinal)) api = apis[i];
        if (api is null) return OAuthError.InvalidTarget("No API is registered for this resource.");

        var scopes = wanted.Where(s => api.Scopes.Contains(s)).ToArray();
        if (!IsOpenTo(api, granted.FirstParty)) return OAuthError.InvalidTarget("The API has no scopes that could have been allowed.");
        // An API with scopes is closed to clients that hold none of them.
        if (scopes.Length == 0 && api.Scopes.Count > 0)
            return explicitly ? OAuthError.InvalidScope("None of the scopes belongs to the resource.") : OAuthError.InvalidTarget("None of the granted scopes belongs to the resource.");
        return AccessTarget.Of(api, scopes);
    }

    private static Result<AccessTarget, OAuthError> ByScopes(TenantContext tenant, IReadOnlyList<Api> apis, IReadOnlyList<string> wanted)
    {
        // A person's sign-in works with every OpenID client: its token is for UserInfo, and an API's is asked for by name, or by its
        // scopes alone (as when refreshing). One token for both would let the API read UserInfo.
        if (wanted.Contains("openid")) return AccessTarget.Issuer(tenant, [.. wanted.Where(AccessTarget.IsIdentityScope)]);
        Api? only = null;
        foreach (var scope in wanted)
        {
            if (AccessTarget.IsIdentityScope(scope) || FindApi(apis, scope) is not { } api) continue;
            if (only is not null && !ReferenceEquals(only, api)) return OAuthError.InvalidTarget("The scopes belong to several APIs: name one with resource.");
            only = api;
        }
        return only is null
            ? AccessTarget.Issuer(tenant, [.. wanted.Where(AccessTarget.IsIdentityScope)])
            : AccessTarget.Of(only, [.. wanted.Where(only.Scopes.Contains)]);
    }
}
