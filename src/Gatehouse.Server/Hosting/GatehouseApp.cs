using Gatehouse.Hosting.Telemetry;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Hosting;

/// <summary>Puts the product together: configuration, rooms, pipeline. The command line and the tests both start here.</summary>
public static class GatehouseApp
{
    /// <summary>The numbered scripts of all rooms.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Load(ServerAssembly.Assembly);

    /// <summary>
    /// A complete application that has not started: nothing is opened, listened on or written yet. The command line's verbs use its
    /// services without ever starting it.
    /// </summary>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static WebApplication Build(GatehouseAppOptions options)
    {
        // The empty builder: no reloading files, no static web assets, no event log; start-up time is a feature.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "gatehouse" });
        Settings.Read(builder.Configuration, options);
        // A service that cannot be made fails every start, and with it every test, instead of one request.
        builder.Host.UseDefaultServiceProvider(o => (o.ValidateOnBuild, o.ValidateScopes) = (true, true));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(KestrelSetup.Apply);
        builder.WebHost.UseUrls([.. Split(options.Urls ?? builder.Configuration["Hosting:Urls"] ?? "http://localhost:8080")]);
        LogSetup.Apply(builder.Logging, builder.Configuration, options);
        builder.Services.AddRoutingCore();
        builder.Services.AddRooms();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddSingleton<SuperuserWarning>();
        // How long requests under way may take once the process was told to stop.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.Replace(ServiceDescriptor.Singleton(options.Clock));
        options.Services?.Invoke(builder.Services);

        var app = builder.Build();
        Pipeline.Use(app);
        return app;
    }

    /// <summary>Where an application that has not started yet is going to listen.</summary>
    public static IReadOnlyList<string> UrlsOf(WebApplication app) => Split(app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "");

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Proves the master key, then brings the schema up to date. Call before the application starts.</summary>
    /// <exception cref="MasterKeyException">The master key is missing or another database's; nothing was written.</exception>
    /// <exception cref="MigrationException">The schema does not fit this program.</exception>
    public static async Task<MigrationReport> PrepareAsync(WebApplication app, CancellationToken ct)
    {
        var masterKey = app.Services.GetRequiredService<MasterKeyCheck>();
        await masterKey.VerifyAsync(ct);
        var report = await app.Services.GetRequiredService<MigrationRunner>().RunAsync(Migrations, contract: false, ct);
        await masterKey.ClaimAsync(ct);
        await app.Services.GetRequiredService<SuperuserWarning>().CheckAsync(ct);
        return report;
    }
}
