using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tenants;

/// <summary>Everything the Tenants room puts into the process. Read this first.</summary>
public static class TenantsModule
{
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddOptions<TenantOptions>().BindConfiguration(TenantOptions.Section).ValidateOnStart();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<TenantCreation>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapTenants(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
