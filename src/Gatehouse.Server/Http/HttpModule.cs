using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Http;

/// <summary>Everything the Http room puts into the process. Read this first.</summary>
public static class HttpModule
{
    public static void AddHttp(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            var json = o.SerializerOptions;
            json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.PropertyNameCaseInsensitive = false;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.AllowDuplicateProperties = false;
            // A misspelt member that is quietly ignored looks like success.
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.Converters.Add(new NoNulText());
            // Only what a room registered: reflection would quietly serialize anything.
            json.TypeInfoResolverChain.Clear();
            json.TypeInfoResolverChain.Add(HttpJson.Default);
        });
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddSingleton<Idempotency>();
        services.AddSingleton<Lists>();
        services.AddOptions<HttpOptions>().BindConfiguration(HttpOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptionsValidator>();
        services.AddSingleton<OutgoingSockets>();
        services.AddSingleton<OutgoingHttp>();
        services.AddHostedService<IdempotencyPruning>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapHttp(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        ApiConventions.Apply(api);
        ApiDescription.Map(api);
        SwaggerPage.Map(api);
    }
}

/// <summary>What every room's answers may hold.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(bool))]
internal sealed partial class HttpJson : JsonSerializerContext;
