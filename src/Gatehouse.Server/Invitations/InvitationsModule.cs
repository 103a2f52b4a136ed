using Gatehouse.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Invitations;

/// <summary>Everything the Invitations room puts into the process. Read this first.</summary>
public static class InvitationsModule
{
    public static void AddInvitations(this IServiceCollection services)
    {
        services.AddSingleton<InvitationDirectory>();
        services.AddSingleton<IJobKind, InviteManyJob>();
        services.AddSingleton(InvitationStore.Pruning);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(InvitationsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapInvitations(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        InviteOne.Map(api);
        InviteMany.Map(api);
    }
}
