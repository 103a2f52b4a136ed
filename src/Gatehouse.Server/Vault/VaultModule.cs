using Gatehouse.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Vault;

/// <summary>Everything the Vault room puts into the process. Read this first.</summary>
public static class VaultModule
{
    public static void AddVault(this IServiceCollection services)
    {
        services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section);
        services.AddSingleton<MasterKeySource>();
        services.AddSingleton<DataKeyCache>();
        // Built by hand: what these two are made of is this room's own, so their constructors are not public.
        services.AddSingleton(s => new MasterKeyCheck(s.GetRequiredService<ISystemDatabase>(), s.GetRequiredService<MigrationRunner>(),
            s.GetRequiredService<MasterKeySource>(), s.GetRequiredService<IOptions<StorageOptions>>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<MasterKeyCheck>>()));
        services.AddSingleton(s => new TenantVault(s.GetRequiredService<IDatabase>(), s.GetRequiredService<MasterKeySource>(),
            s.GetRequiredService<DataKeyCache>(), s.GetRequiredService<TimeProvider>()));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapVault(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
