using Gatehouse.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Audit;

/// <summary>Everything the Audit room puts into the process. Read this first.</summary>
public static class AuditModule
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<PersonKeys>();
        services.AddSingleton<AuditSealer>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<AuditSealer>());
        services.AddSingleton<AuditExport>();
        services.AddSingleton<HeadSigner>();
        services.AddSingleton<HeadJob>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<HeadJob>());
        services.AddSingleton<RetentionJob>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<RetentionJob>());
        services.AddSingleton(s => new AuditErasure(s.GetRequiredService<IDatabase>(), s.GetRequiredService<AuditSealer>(), s.GetRequiredService<PersonKeys>(), s.GetRequiredService<AuditLog>()));
        services.AddSingleton<StreamSender>();
        services.AddSingleton<StreamJob>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<StreamJob>());
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(AuditJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAudit(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ListAuditEntries.Map(api);
        GetAuditHead.Map(api);
        AuditStatistics.Map(api);
        ExportAudit.Map(api);
        ListSignedHeads.Map(api);
        KeepAudit.Map(api);
        ManageStreams.Map(api);
    }
}
