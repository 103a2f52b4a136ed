using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Console;

/// <summary>Everything the Console room puts into the process. Read this first.</summary>
public static class ConsoleModule
{
    public static void AddConsole(this IServiceCollection services)
    {
        services.AddSingleton<Administrators>();
        services.AddSingleton<ApplicationChange>();
        services.AddSingleton<UserSwitch>();
        services.AddSingleton<SecretHandover>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapConsole(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        var console = pages.MapGroup("/console").ExcludeFromDescription();
        ListApplications.Map(console);
        NewApplication.Map(console);
        ShowApplication.Map(console);
        ChangeApplication.Map(console);
        ChangeSecrets.Map(console);
        ManageUsers.Map(console);
    }
}
