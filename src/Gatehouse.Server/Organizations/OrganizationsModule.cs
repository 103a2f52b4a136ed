using Gatehouse.Events;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations;

/// <summary>Everything the Organizations room puts into the process. Read this first.</summary>
public static class OrganizationsModule
{
    public static void AddOrganizations(this IServiceCollection services)
    {
        services.AddSingleton<OrganizationDirectory>();
        services.AddSingleton<OrganizationChange>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetMember>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(OrganizationsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapOrganizations(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        CreateOrganization.Map(api);
        ListOrganizations.Map(api);
        UpdateOrganization.Map(api);
        DeleteOrganization.Map(api);
        ManageMembers.Map(api);
        MetadataSchema.Map(api);
    }
}
