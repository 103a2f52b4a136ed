using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;

namespace Gatehouse.Hosting;

/// <summary>What every request goes through, from outside in. The order is the meaning.</summary>
internal static class Pipeline
{
    internal static void Use(WebApplication app)
    {
        UseTrustedProxies(app);                         // 1. who and where the client really is
        app.UseMiddleware<RequestIds>();                // 2. an id that everything below logs and returns
        app.UseMiddleware<SecurityHeaders>();           // 3. headers that hold for failures too
        app.UseMiddleware<FailureHandling>();           // 4. exceptions become answers
        app.UseMiddleware<QueryCheck>();                // 5. no text that is not text
        app.UseMiddleware<TenantRouting>();             // 6. host and path → tenant; the path becomes the tenant's own
        app.UseRouting();                               // 7. path → endpoint
        app.UseMiddleware<TenantGate>();                // 8. only an active tenant's endpoints run
        app.MapRooms();
        HealthEndpoints.Map(app);
    }

    private static void UseTrustedProxies(WebApplication app)
    {
        var http = app.Configuration.GetSection(HttpOptions.Section).Get<HttpOptions>() ?? new HttpOptions();
        if (http.ReadTrustedProxies() is not { Count: > 0 } trusted) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | (http.TrustForwardedHost ? ForwardedHeaders.XForwardedHost : ForwardedHeaders.None),
            // Walks back through the chain as long as each hop is a proxy of ours.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
