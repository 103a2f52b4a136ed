using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Organizations;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Sessions;

/// <summary>Everything the Sessions room puts into the process. Read this first.</summary>
public static class SessionsModule
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<Users.Merging.IUserMerge, EndMerged>();
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<TrustedDevices>();
        services.AddSingleton<IEventSubscriber<AllSessionsRevoked>, EndTrust>();
        services.AddSingleton<IEventSubscriber<SecondFactorChanged>, EndTrust>();
        services.AddSingleton<IEventSubscriber<PasskeyAdded>, EndTrust>();
        services.AddSingleton<IEventSubscriber<PasskeyRemoved>, EndTrust>();
        services.AddSingleton(TrustedDeviceStore.Pruning);
        services.AddSingleton<IEventSubscriber<UserDisabled>, EndSessions>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, EndSessions>();
        services.AddSingleton<IEventSubscriber<PasswordChanged>, EndSessions>();
        services.AddSingleton<IEventSubscriber<AccountDisowned>, EndSessions>();
        services.AddSingleton<IEventSubscriber<AccountRecovered>, EndSessions>();
        services.AddSingleton<IEventSubscriber<MemberRemoved>, LeaveOrganizations>();
        services.AddSingleton<IEventSubscriber<OrganizationDisabled>, LeaveOrganizations>();
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>, LeaveOrganizations>();
        foreach (var table in SessionsPruning.Tables) services.AddSingleton(table);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(SessionsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapSessions(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ReadSessions.Map(api);
        RevokeSessions.Map(api);
        UserDevices.Map(api);
        ReadCredentials.Map(api);
        ResetCredentials.Map(api);
    }
}
