using Gatehouse.Audit;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Keys;

/// <summary>Everything the Keys room puts into the process. Read this first.</summary>
public static class KeysModule
{
    public static void AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<IKeyPairs, KeyPairs>();
        services.AddSingleton<KeyMaker>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton(s => new KeyRotation(s.GetRequiredService<IDatabase>(), s.GetRequiredService<KeyMaker>(),
            s.GetRequiredService<AuditLog>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITenantPreparation, SigningKeyInitializer>();
        services.AddSingleton<IHostedService, KeyRotationJob>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(KeysJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapKeys(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ListKeys.Map(api);
        RotateKey.Map(api);
    }
}
