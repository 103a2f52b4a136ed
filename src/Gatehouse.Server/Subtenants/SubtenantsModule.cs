using Gatehouse.Events;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Subtenants;

/// <summary>Everything the Subtenants room puts into the process. Read this first.</summary>
public static class SubtenantsModule
{
    public static void AddSubtenants(this IServiceCollection services)
    {
        services.AddSingleton<TenantRegistrations>();
        services.AddSingleton<ISettingsGuard, RegisteredSettings>();
        services.AddSingleton<IChildTenantGuard, RegisteredTenants>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetRegistrant>();
        services.AddSingleton(RegistrationStore.Pruning);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(SubtenantsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapSubtenants(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api) => ManageRegistrations.Map(api);
}
