using System.Text.Json.Serialization;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Impersonation;

/// <summary>Everything the Impersonation room puts into the process. Read this first.</summary>
public static class ImpersonationModule
{
    public static void AddImpersonation(this IServiceCollection services)
    {
        services.AddSingleton<Impersonations>();
        services.AddSingleton<Beginning>();
        services.AddSingleton<IPageBanners, ImpersonationBanner>();
        EndImpersonations.Subscribe(services);
        services.AddSingleton(ImpersonationStore.Pruning);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(ImpersonationJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapImpersonation(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ManageImpersonations.Map(api);
        ImpersonationPages.Map(pages);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ManageImpersonations.Request), TypeInfoPropertyName = "ImpersonationRequest")]
[JsonSerializable(typeof(ManageImpersonations.Response), TypeInfoPropertyName = "ImpersonationResponse")]
[JsonSerializable(typeof(ManageImpersonations.View), TypeInfoPropertyName = "ImpersonationView")]
[JsonSerializable(typeof(Page<ManageImpersonations.View>), TypeInfoPropertyName = "PageOfImpersonations")]
internal sealed partial class ImpersonationJson : JsonSerializerContext;
