using Gatehouse.Applications;
using Gatehouse.Authorization.Granting;
using Gatehouse.Events;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Organizations;
using Gatehouse.Users;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Authorization;

/// <summary>Everything the Authorization room puts into the process. Read this first.</summary>
public static class AuthorizationModule
{
    public static void AddAuthorizationRoom(this IServiceCollection services)
    {
        services.AddSingleton<Users.Merging.IUserMerge, MoveRoles>();
        services.AddSingleton<Authority>();
        services.AddSingleton<Roles>();
        services.AddSingleton<GrantGuard>();
        services.AddSingleton<ICallerGuard>(s => s.GetRequiredService<GrantGuard>());
        services.AddSingleton<IGroupGuard, GroupGuard>();
        services.AddSingleton<LastOwner>();
        services.AddSingleton<IUserGuard>(s => s.GetRequiredService<LastOwner>());
        services.AddSingleton<IRemovalGuard, RemovalGuard>();
        services.AddSingleton<IMemberRoles, MemberRoles>();
        services.AddSingleton<IMembershipGuard>(s => s.GetRequiredService<LastOwner>());
        services.AddSingleton<IOrganizationInitializer>(s => s.GetRequiredService<LastOwner>());
        services.AddSingleton<RolesHere>();
        services.AddSingleton(s => new KeyAuthority(s.GetRequiredService<Authority>(), s.GetRequiredService<GrantGuard>(), s.GetRequiredService<Giving>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RoleWriting>();
        services.AddSingleton<Giving>();
        services.AddSingleton<ScopeDirectory>();
        services.AddSingleton<ScopedRoles>();
        services.AddSingleton<WorkspaceRoles>();
        services.AddSingleton<IWorkspaceRoles>(s => s.GetRequiredService<WorkspaceRoles>());
        services.AddSingleton<IWorkspaceFigure>(s => s.GetRequiredService<WorkspaceRoles>());
        services.AddSingleton<IJobAuthority, JobAuthority>();
        services.AddSingleton<LastAdministrator>();
        services.AddSingleton<IUserGuard>(s => s.GetRequiredService<LastAdministrator>());
        services.AddSingleton<AccessTokenVerifier>();
        services.AddSingleton<ActedOnTenant>();
        services.AddSingleton<LiveTokens>();
        services.AddSingleton(s => new PersonTokens(s.GetRequiredService<LiveTokens>()));
        services.AddSingleton<FreshProof>();
        services.AddSingleton<CallRate>();
        services.AddSingleton<ManagementAccess>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetUser>();
        services.AddSingleton<IEventSubscriber<UserCreated>, NoticeUser>();
        services.AddSingleton<IEventSubscriber<UserDisabled>, NoticeUser>();
        services.AddSingleton<IEventSubscriber<UserEnabled>, NoticeUser>();
        services.AddSingleton<IEventSubscriber<ClientUpdated>, NoticeClient>();
        services.AddSingleton<IEventSubscriber<ClientDeleted>, NoticeClient>();
        services.AddSingleton<IEventSubscriber<ApiDeleted>, NoticeApi>();
        services.AddSingleton<IEventSubscriber<GroupDeleted>, NoticeGroup>();
        services.AddSingleton<IEventSubscriber<GroupsOfUserChanged>, NoticeGroup>();
        services.AddSingleton<IEventSubscriber<GroupNestingChanged>, NoticeGroup>();
        services.AddSingleton<IEventSubscriber<GroupRuleChanged>, NoticeGroup>();
        services.AddSingleton<IEventSubscriber<MemberAdded>, NoticeMember>();
        services.AddSingleton<IEventSubscriber<MemberRemoved>, NoticeMember>();
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>, NoticeOrganization>();
        services.AddSingleton<IEventSubscriber<OrganizationDisabled>, NoticeOrganization>();
        services.AddSingleton<IEventSubscriber<OrganizationUpdated>, NoticeOrganization>();
        services.AddSingleton<IEventSubscriber<WorkspaceMemberAdded>, NoticeWorkspace>();
        services.AddSingleton<IEventSubscriber<WorkspaceMemberRemoved>, NoticeWorkspace>();
        services.AddSingleton<IEventSubscriber<WorkspaceUpdated>, NoticeWorkspace>();
        services.AddSingleton<IEventSubscriber<WorkspaceDeleted>, NoticeWorkspace>();
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
        ListRoles.Map(api);
        GetRole.Map(api);
        CreateRole.Map(api);
        UpdateRole.Map(api);
        DeleteRole.Map(api);
        ListAssignments.Map(api);
        GetAssignment.Map(api);
        GiveRole.Map(api);
        MoveAssignment.Map(api);
        TakeRole.Map(api);
        OrganizationRoles.Map(api);
        WorkspaceAssignments.Map(api);
        ListPermissions.Map(api);
        ListApiPermissions.Map(api);
        RegisterPermissions.Map(api);
        EffectivePermissions.Map(api);
        CheckPermission.Map(api);
        CheckPermissions.Map(api);
    }
}
