using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Hosting.Telemetry;

/// <summary>What tells operators how the process is doing.</summary>
internal static class TelemetryModule
{
    internal static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        // Since .NET 10 ASP.NET describes its own activities by OpenTelemetry's conventions, once asked to. Nobody reads them otherwise.
        if (configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"] is { Length: > 0 }) AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        services.AddSingleton<Readiness>();
        services.AddSingleton<AdminListener>();
        services.AddHostedService(s => s.GetRequiredService<AdminListener>());
        services.AddHostedService<Exporter>();
    }
}
