using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Groups;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Claims;

/// <summary>Everything the Claims room puts into the process. Read this first.</summary>
public static class ClaimsModule
{
    public static void AddClaims(this IServiceCollection services)
    {
        services.AddSingleton<ClaimRuleBook>();
        services.AddSingleton(s => new ClaimsBuilder(s.GetRequiredService<ClaimRuleBook>(), s.GetRequiredService<UserDirectory>(), s.GetRequiredService<GroupDirectory>(), s.GetRequiredService<RolesHere>()));
        services.AddSingleton<IEventSubscriber<ClientDeleted>>(s => s.GetRequiredService<ClaimRuleBook>());
        services.AddSingleton<IEventSubscriber<ApiDeleted>>(s => s.GetRequiredService<ClaimRuleBook>());
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(ClaimsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapClaims(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ReadClaimRules.Map(api);
        WriteClaimRules.Map(api);
    }
}
