using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Jobs;

/// <summary>Everything the Jobs room puts into the process. Read this first.</summary>
public static class JobsModule
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobIntake>();
        services.AddSingleton<JobSight>();
        services.AddSingleton<JobWorker>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<JobWorker>());
        services.AddSingleton(JobStore.Pruning);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(JobsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapJobs(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ReadJobs.Map(api);
        CancelJob.Map(api);
    }
}
