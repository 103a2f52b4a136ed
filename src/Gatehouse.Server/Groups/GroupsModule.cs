using Gatehouse.Events;
using Gatehouse.Organizations;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Groups;

/// <summary>Everything the Groups room puts into the process. Read this first.</summary>
public static class GroupsModule
{
    public static void AddGroups(this IServiceCollection services)
    {
        services.AddSingleton<GroupDirectory>();
        services.AddSingleton<IEventSubscriber<MemberRemoved>, ForgetGroupMember>();
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>, ForgetGroups>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(GroupsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapGroups(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ReadGroups.Map(api);
        WriteGroups.Map(api);
        ChangeMembers.Map(api);
        NestGroups.Map(api);
    }
}
