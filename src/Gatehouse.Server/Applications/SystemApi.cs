using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Applications;

/// <summary>Every tenant's own management API, registered when the tenant is created, so that tokens for it are asked for like any others.</summary>
internal sealed class SystemApi(ApiRegistration apis, TimeProvider clock) : ITenantInitializer
{
    public async ValueTask InitializeAsync(TenantTransaction tx, TenantContext tenant, CancellationToken ct)
    {
        var now = clock.Now();
        var api = new Api(ApiId.New(clock), ManagementApi.Identifier(tenant), "Gatehouse management API", Http.Scopes.All, null, "ES256", System: true, 1) { CreatedAt = now, UpdatedAt = now };
        if (!(await apis.CreateAsync(tx, api, ct)).TryGet(out _, out var problem))
            throw new InvalidOperationException($"A new tenant's management API was refused: {problem.Code}.");
    }
}

/// <summary>How the management API is named in tokens.</summary>
public static class ManagementApi
{
    /// <summary>Its resource and audience: <c>{issuer}/api/v1</c>.</summary>
    public static string Identifier(TenantContext tenant) => tenant.Url("/api/v1");
}
