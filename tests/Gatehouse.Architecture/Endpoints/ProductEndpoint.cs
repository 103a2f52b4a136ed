using System.Reflection;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Architecture.Endpoints;

/// <summary>One thing the server answers to, as its metadata describes it.</summary>
/// <param name="Handler">The method that answers; null when it is a bare delegate, which names no parameters.</param>
internal sealed record ProductEndpoint(string Pattern, string Methods, string? Name, MethodInfo? Handler, bool AllowsNoTenant, string? Permission)
{
    internal bool IsManagement => Pattern.StartsWith("/api/v1", StringComparison.Ordinal);

    /// <summary>The management API's own description: it names no tenant's data, and whoever is to use the API reads it first.</summary>
    internal bool IsDescription => Pattern is "/api/v1/openapi.json" or "/api/v1/docs" or "/api/v1/docs/{asset}" && Methods is "GET";

    internal bool TakesTenant => Handler is not null && Handler.GetParameters().Any(p => p.ParameterType == typeof(TenantContext));

    public override string ToString() => $"{Methods} {Pattern}";

    /// <summary>Every endpoint of the product, mapped but never listened to.</summary>
    internal static IReadOnlyList<ProductEndpoint> All()
    {
        var app = GatehouseApp.Build(new GatehouseAppOptions
        {
            ReadEnvironment = false,
            Settings = new Dictionary<string, string?> { ["Storage:DataDirectory"] = Path.Combine(Path.GetTempPath(), "gatehouse-never-opened") },
            Logging = logging => logging.SetMinimumLevel(LogLevel.None),
        });
        return Read(app);
    }

    internal static IReadOnlyList<ProductEndpoint> Read(IEndpointRouteBuilder app) =>
        [.. app.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Select(e => new ProductEndpoint(
            "/" + (e.RoutePattern.RawText ?? "").TrimStart('/'), string.Join(',', e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]),
            e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, e.Metadata.GetMetadata<MethodInfo>(),
            e.Metadata.GetMetadata<AllowNoTenant>() is not null, e.Metadata.GetMetadata<PermissionNeeded>()?.Scope))];

    internal static IEnumerable<string> Faults(IReadOnlyList<ProductEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (!endpoint.TakesTenant && !endpoint.AllowsNoTenant) yield return $"{endpoint} takes no TenantContext and does not say AllowNoTenant";
            if (endpoint.TakesTenant && endpoint.AllowsNoTenant) yield return $"{endpoint} takes a TenantContext and says AllowNoTenant";
            if (!endpoint.IsManagement) continue;
            if (endpoint.AllowsNoTenant) yield return $"{endpoint} is management without a tenant";
            if (endpoint.IsDescription) continue;
            if (endpoint.Permission is null) yield return $"{endpoint} requires no permission";
            else if (!Scopes.All.Contains(endpoint.Permission)) yield return $"{endpoint} requires {endpoint.Permission}, which is no scope";
            if (endpoint.Name is null) yield return $"{endpoint} has no name";
            // A copy of everything is read, and is more than reading.
            if (endpoint.Permission is { } scope && (scope.EndsWith(":read", StringComparison.Ordinal) || scope == Scopes.TenantsExport) != endpoint.Methods is "GET" or "HEAD" && endpoint.Methods != "*")
                yield return $"{endpoint} requires {scope}: reading and writing are mixed up";
        }
    }
}
