using System.Reflection;
using System.Text.Json.Nodes;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>
/// Makes <c>docs/openapi.json</c> out of the endpoints themselves: routes, types and scopes from their metadata, words, statuses and
/// problem codes from their documentation comments.
/// </summary>
internal static class ApiDocument
{
    private const string Name = "v1", Prefix = "api/v1";

    internal static async Task<string> GenerateAsync(IServiceProvider server, CancellationToken ct)
    {
        // The server's own endpoints and JSON options beside the generator's services, which the product does without.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(server.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>());
        builder.Services.AddSingleton<EndpointDataSource>(new DefaultEndpointDataSource(server.GetRequiredService<EndpointDataSource>().Endpoints));
        var operations = new OperationWriter(new XmlComments(ServerAssembly.Assembly));
        builder.Services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description => description.RelativePath?.StartsWith(Prefix, StringComparison.Ordinal) == true;
            options.CreateSchemaReferenceId = type => SchemaName(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer(operations.DescribeAsync);
            options.AddOperationTransformer(operations.WriteAsync);
            options.AddDocumentTransformer(DocumentHead.WriteAsync);
        });
        await using var app = builder.Build();
        var provider = app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        var document = await provider.GetOpenApiDocumentAsync(ct);
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        // Paths in one order, whatever order the rooms map them in.
        var json = JsonNode.Parse(text.ToString())!.AsObject();
        json["paths"] = new JsonObject(json["paths"]!.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        return json.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>Requests and responses are nested in their operation: <c>CreateClient.Request</c> is <c>CreateClientRequest</c>.</summary>
    private static string? SchemaName(Type type) =>
        type is { IsNested: true, DeclaringType: { } operation, IsPrimitive: false } && type.Assembly == ServerAssembly.Assembly ? operation.Name + type.Name
        : type.Assembly == ServerAssembly.Assembly && type.Name.EndsWith("View", StringComparison.Ordinal) && type.Name.Length > 4 ? type.Name[..^4]
        : null;

    internal static bool IsId(Type type) => type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>));

    internal static string IdPrefix(Type type) => (string)type.GetProperty(nameof(ITypedId<>.Prefix), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
