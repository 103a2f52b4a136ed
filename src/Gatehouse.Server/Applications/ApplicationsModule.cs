using Gatehouse.Tenants;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Applications;

/// <summary>Everything the Applications room puts into the process. Read this first.</summary>
public static class ApplicationsModule
{
    public static void AddApplications(this IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<ClientRegistration>();
        services.AddSingleton<ClientGuard>();
        services.AddSingleton<ApiRegistration>();
        services.AddSingleton<ITenantInitializer, SystemApi>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(ApplicationsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapApplications(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        CreateClient.Map(api);
        ListClients.Map(api);
        GetClient.Map(api);
        UpdateClient.Map(api);
        DeleteClient.Map(api);
        SetClientAuthentication.Map(api);
        AddClientSecret.Map(api);
        RemoveClientSecret.Map(api);
        CreateApi.Map(api);
        ListApis.Map(api);
        GetApi.Map(api);
        UpdateApi.Map(api);
        DeleteApi.Map(api);
    }
}
