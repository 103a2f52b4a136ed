using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// Which tenant a management call is about: the routed one, whose token it is, or with <c>X-Tenant</c> (id or slug) one below it in the
/// tree. The header narrows and never widens: it cannot make another tenant's token good.
/// </summary>
internal sealed class ActedOnTenant(TenantDirectory tenants)
{
    internal const string Header = "X-Tenant";
    private const int MaxLength = 100;

    /// <summary>Whether the call is about another tenant than the routed one, there or not.</summary>
    internal static bool NamesAnother(HttpContext http, TenantContext home) =>
        http.Request.Headers[Header] is { Count: > 0 } header && !(header.Count == 1 && (header[0] == home.Slug || header[0] == home.Id.ToString()));

    /// <returns>The tenant; 400 <c>tenant_header_invalid</c>; 404 <c>tenant_not_found</c>, for one that is not below as for one that is not.</returns>
    internal async ValueTask<Result<TenantContext, Problem>> FindAsync(HttpContext http, TenantContext home, CancellationToken ct)
    {
        var header = http.Request.Headers[Header];
        if (header.Count == 0) return home;
        if (header.Count > 1 || header[0] is not { Length: > 0 and <= MaxLength } name)
            return Problem.BadRequest("tenant_header_invalid", $"{Header} is given once and is a tenant's id or slug.");
        var target = TenantId.TryParse(name, out var id) ? await tenants.FindAsync(id, ct) : await tenants.FindBySlugAsync(name, ct);
        if (target is null || !await tenants.IsSelfOrAncestorAsync(home.Id, target.Id, ct)) return NotFound;
        // Its ancestors know that it is suspended; they wake it through their own tenant.
        return target.Status == TenantStatus.Active ? target
            : Problem.Forbidden("tenant_suspended", "This tenant is suspended. Activate it before you work in it.");
    }

    private static readonly Problem NotFound = Problem.NotFound("tenant_not_found", "There is no such tenant at or below yours.");
}
