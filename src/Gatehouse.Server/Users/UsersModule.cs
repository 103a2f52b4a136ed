using Gatehouse.Events;
using Gatehouse.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Users;

/// <summary>Everything the Users room puts into the process. Read this first.</summary>
public static class UsersModule
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<UserGuards>();
        services.AddSingleton<UserChange>();
        services.AddSingleton<UserRemoval>();
        services.AddSingleton<IJobKind, BulkUsersJob>();
        services.AddSingleton(s => new OwnUser(s.GetRequiredService<UserGuards>(), s.GetServices<IPhoneGuard>(), s.GetRequiredService<EventOutbox>(), s.GetRequiredService<TimeProvider>()));
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(UsersJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapUsers(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        CreateUser.Map(api);
        BulkUsers.Map(api);
        ListUsers.Map(api);
        GetUser.Map(api);
        UpdateUser.Map(api);
        DisableUser.Map(api);
        DeleteUser.Map(api);
        ChangeEmails.Map(api);
        ChangePhones.Map(api);
    }
}
