using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Authorization;

/// <summary>Everything the Authorization room puts into the process. Read this first.</summary>
public static class AuthorizationModule
{
    public static void AddAuthorizationRoom(this IServiceCollection services)
    {
        services.AddSingleton<Roles>();
        services.AddSingleton<ICallerGuard, AdministratorGuard>();
        services.AddSingleton<LastAdministrator>();
        services.AddSingleton<IUserGuard>(s => s.GetRequiredService<LastAdministrator>());
        services.AddSingleton<AccessTokenVerifier>();
        services.AddSingleton<ActedOnTenant>();
        services.AddSingleton<LiveTokens>();
        services.AddSingleton(s => new PersonTokens(s.GetRequiredService<LiveTokens>()));
        services.AddSingleton<FreshProof>();
        services.AddSingleton<ManagementAccess>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetRoles>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(AuthorizationJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAuthorization(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        // Added after Http's conventions, so the guard stands outside them: nothing of a request is read before its caller is known.
        api.WrapEndpoints(api.ServiceProvider.GetRequiredService<ManagementAccess>().Guard);
        ListUserRoles.Map(api);
        GetUserRole.Map(api);
        GrantUserRole.Map(api);
        RevokeUserRole.Map(api);
    }
}
