using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Organizations;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.ApiKeys;

/// <summary>Everything the ApiKeys room puts into the process. Read this first.</summary>
public static class ApiKeysModule
{
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<LastUses>();
        services.AddSingleton<IApiKeys, KeyDirectory>();
        services.AddSingleton(s => new KeyVerification(s.GetRequiredService<IApiKeys>(), s.GetRequiredService<KeyAuthority>()));
        services.AddSingleton<CreateKey.Making>();
        services.AddSingleton(s => new PersonalKeys(s.GetRequiredService<IDatabase>(), s.GetRequiredService<CreateKey.Making>(), s.GetRequiredService<KeyAuthority>(), s.GetRequiredService<AuditLog>(),
            s.GetRequiredService<EventOutbox>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KeysOfUser>();
        services.AddSingleton<IKeysOfUser>(s => s.GetRequiredService<KeysOfUser>());
        services.AddSingleton<IEventSubscriber<AccountDisowned>>(s => s.GetRequiredService<KeysOfUser>());
        services.AddSingleton<IEventSubscriber<AccountRecovered>>(s => s.GetRequiredService<KeysOfUser>());
        services.AddSingleton<ForgetOwners>();
        services.AddSingleton<IEventSubscriber<UserDeleted>>(s => s.GetRequiredService<ForgetOwners>());
        services.AddSingleton<IEventSubscriber<ClientDeleted>>(s => s.GetRequiredService<ForgetOwners>());
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>>(s => s.GetRequiredService<ForgetOwners>());
        services.AddSingleton<WriteLastUses>();
        services.AddHostedService(s => s.GetRequiredService<WriteLastUses>());
        services.AddHostedService<PruneKeys>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(ApiKeysJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapApiKeys(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ReadKeys.Map(api);
        CreateKey.Map(api);
        ChangeKey.Map(api);
        RotateKey.Map(api);
        RevokeKey.Map(api);
        VerifyKey.Map(api);
    }
}
