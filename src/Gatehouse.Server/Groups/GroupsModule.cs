using Gatehouse.Events;
using Gatehouse.Groups.Rules;
using Gatehouse.Jobs;
using Gatehouse.Organizations;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Groups;

/// <summary>Everything the Groups room puts into the process. Read this first.</summary>
public static class GroupsModule
{
    public static void AddGroups(this IServiceCollection services)
    {
        services.AddSingleton<Users.Merging.IUserMerge, MoveGroups>();
        services.AddSingleton<GroupDirectory>();
        services.AddSingleton<IEventSubscriber<MemberRemoved>, ForgetGroupMember>();
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>, ForgetGroups>();
        services.AddSingleton<RuleLanguage>();
        services.AddSingleton<RuleMembership>();
        services.AddSingleton<FollowRules>();
        services.AddSingleton<IEventSubscriber<UserCreated>>(s => s.GetRequiredService<FollowRules>());
        services.AddSingleton<IEventSubscriber<UserUpdated>>(s => s.GetRequiredService<FollowRules>());
        services.AddSingleton<IEventSubscriber<UserDisabled>>(s => s.GetRequiredService<FollowRules>());
        services.AddSingleton<IEventSubscriber<UserEnabled>>(s => s.GetRequiredService<FollowRules>());
        services.AddSingleton<IEventSubscriber<MemberAdded>>(s => s.GetRequiredService<FollowRules>());
        services.AddSingleton<IEventSubscriber<MemberRemoved>>(s => s.GetRequiredService<FollowRules>());
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>, ForgetRuleMembers>();
        services.AddSingleton<IUserReach, RuleReach>();
        services.AddSingleton<IJobKind, RuleJob>();
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
        ManageRules.Map(api);
    }
}
