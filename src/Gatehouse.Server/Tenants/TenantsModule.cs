using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Tenants;

/// <summary>Everything the Tenants room puts into the process. Read this first.</summary>
public static class TenantsModule
{
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddOptions<TenantOptions>().BindConfiguration(TenantOptions.Section).ValidateOnStart();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<TenantCreation>();
        services.AddSingleton<ChildTenants>();
        services.AddSingleton<TenantChange>();
        services.AddSingleton<DomainClaims>();
        services.AddSingleton<TenantBundle>();
        services.AddSingleton<DueDeletions>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<DueDeletions>());
        services.AddHostedService<TenantPurge>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(TenantsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapTenants(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        CreateTenant.Map(api);
        ListTenants.Map(api);
        UpdateTenant.Map(api);
        DeleteTenant.Map(api);
        ExportTenant.Map(api);
        SuspendTenant.Map(api);
        TenantSettingsEndpoints.Map(api);
        TenantDomains.Map(api);
    }
}
