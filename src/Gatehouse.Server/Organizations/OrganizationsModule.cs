using Gatehouse.Events;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Domains;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Organizations;

/// <summary>Everything the Organizations room puts into the process. Read this first.</summary>
public static class OrganizationsModule
{
    public static void AddOrganizations(this IServiceCollection services)
    {
        services.AddSingleton<Users.Merging.IUserMerge, MoveMemberships>();
        services.AddSingleton<OrganizationDirectory>();
        services.AddSingleton<IMailOwners>(s => s.GetRequiredService<OrganizationDirectory>());
        services.AddSingleton<OrganizationChange>();
        services.AddSingleton<OrganizationEnrolment>();
        services.AddOptions<DomainOptions>().BindConfiguration(DomainOptions.Section);
        services.AddSingleton<IDomainResolver, DnsClient>();
        services.AddSingleton<DomainProofs>();
        services.AddSingleton<DomainChecks>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<DomainChecks>());
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetMember>();
        services.AddSingleton<Users.Visibility.IVisibleUsers, SeeOrganizations>();
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
        ManageDomains.Map(api);
        ManageRequests.Map(api);
    }
}
