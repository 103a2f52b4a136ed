using Gatehouse.Events;
using Gatehouse.Organizations;
using Gatehouse.Users;
using Gatehouse.Workspaces.Templates;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Workspaces;

/// <summary>Everything the Workspaces room puts into the process. Read this first.</summary>
public static class WorkspacesModule
{
    public static void AddWorkspaces(this IServiceCollection services)
    {
        services.AddSingleton<WorkspaceDirectory>();
        services.AddSingleton<Users.Visibility.IVisibleUsers, SeeWorkspaces>();
        services.AddSingleton<Users.Merging.IUserMerge, MoveWorkspaces>();
        services.AddSingleton<WorkspaceMembership>();
        services.AddSingleton<WorkspaceCreation>();
        services.AddSingleton<WorkspaceChange>();
        services.AddSingleton<PersonalWorkspaces>();
        services.AddSingleton<TemplateCheck>();
        services.AddSingleton<IEventSubscriber<UserCreated>, MakePersonalWorkspace>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetUserOfWorkspaces>();
        services.AddSingleton<IEventSubscriber<MemberRemoved>, LeaveWorkspaces>();
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>, ForgetWorkspaces>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(WorkspacesJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapWorkspaces(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        CreateWorkspace.Map(api);
        ReadWorkspaces.Map(api);
        UpdateWorkspace.Map(api);
        ManageWorkspaceMembers.Map(api);
        WorkspaceUsage.Map(api);
        EnsurePersonalWorkspace.Map(api);
        ManageTemplates.Map(api);
        WorkspaceSchema.Map(api);
    }
}
