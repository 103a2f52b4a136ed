using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tenants;

/// <summary>
/// Which addresses a tenant may be given. As long as nobody proves that a domain is hers, a tenant below the root gets only those that
/// its slug makes its own; otherwise it could stand on another tenant's host and be taken for it.
/// </summary>
internal sealed class DomainClaims(TenantDirectory tenants, IOptions<TenantOptions> options)
{
    private readonly string baseDomain = HostText.Normalize(options.Value.BaseDomain);

    /// <param name="acting">The tenant acted on; it and the claiming one have the same root.</param>
    /// <returns>Null, or 403 <c>domain_not_allowed</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantAddress address, string slug, TenantContext acting, Caller caller, CancellationToken ct)
    {
        var root = await RootOfAsync(acting, ct);
        if (address.Path.Length > 0)
            return address.BaseUrl == $"{root.Issuer}/t/{slug}" ? null : NotAllowed($"The only path a tenant can be given is its own slug on the root tenant's host: {root.Issuer}/t/{slug}.");
        if (baseDomain.Length > 0 && address.Host.EndsWith("." + baseDomain, StringComparison.Ordinal))
            return address.Host == $"{slug}.{baseDomain}" ? null : NotAllowed($"Below {baseDomain} a tenant has one address: {slug}.{baseDomain}.");
        // A home is the tenant acted on or above it: without a parent it is the root.
        return root.ParentId is null && caller.HomeTenant == root.Id ? null : NotAllowed("Only an administrator of the root tenant may give a tenant a host of its own.");
    }

    /// <summary>The top of the tree this tenant stands in.</summary>
    internal async ValueTask<TenantContext> RootOfAsync(TenantContext tenant, CancellationToken ct)
    {
        var root = tenant;
        while (root.ParentId is { } parent && await tenants.FindAsync(parent, ct) is { } above) root = above;
        return root;
    }

    private static Problem NotAllowed(string detail) => Problem.Forbidden("domain_not_allowed", detail);
}
