using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Hosting;
using Gatehouse.Kernel;
using Gatehouse.SignIn;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>
/// Makes <c>docs/openapi.json</c>, <c>docs/openapi-account.json</c> and <c>docs/openapi-flows.json</c> out of the endpoints themselves: routes, types and scopes from their metadata, words, statuses and
/// problem codes from their documentation comments.
/// </summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    /// <summary>Starts the product with the generator beside it, over an empty database that it never asks.</summary>
    internal static async Task<string> GenerateAsync(DocumentHead head, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-openapi-");
        var operations = new OperationWriter(head, new XmlComments(ServerAssembly.Assembly));
        await using var app = GatehouseApp.Build(new()
        {
            Settings = new Dictionary<string, string?> { ["Storage:DataDirectory"] = folder.FullName, ["Telemetry:AdminUrls"] = "" },
            ReadEnvironment = false,
            Urls = "http://127.0.0.1:0",
            Logging = logging => logging.SetMinimumLevel(LogLevel.Warning),
            Services = services =>
            {
                services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(OnlyDocumented()));
                services.AddOpenApi(Name, options =>
                {
                    options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                    options.ShouldInclude = description => head.Prefixes.Any(p => description.RelativePath?.StartsWith(p, StringComparison.Ordinal) == true);
                    options.CreateSchemaReferenceId = type => SchemaName(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                    options.AddSchemaTransformer(operations.DescribeAsync);
                    options.AddOperationTransformer(operations.WriteAsync);
                    options.AddDocumentTransformer(head.WriteAsync);
                });
            },
        });
        await GatehouseApp.PrepareAsync(app, ct);
        await app.StartAsync(ct);
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(ct);
        var finish = head == DocumentHead.Flows ? new FlowsDescription([.. app.Services.GetServices<IStep>()]) : null;
        await app.StopAsync(ct);
        folder.Delete(recursive: true);
        return Write(document, head, finish);
    }

    /// <summary>Patches are read member by member; the type that documents them is in no room's JSON. Named as all our JSON is.</summary>
    private static DefaultJsonTypeInfoResolver OnlyDocumented() => new()
    {
        Modifiers =
        {
            type =>
            {
                foreach (var property in type.Properties) property.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            },
        },
    };

    private static string Write(OpenApiDocument document, DocumentHead head, FlowsDescription? finish)
    {
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        // Paths in one order, whatever order the rooms map them in.
        var json = JsonNode.Parse(text.ToString())!.AsObject();
        MendNulls(json);
        finish?.Write(json);
        ExampleWriter.Write(json, Path.GetFileNameWithoutExtension(head.File));
        json["paths"] = new JsonObject(json["paths"]!.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        return json.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>
    /// Whether an id may be null is said where it stands, and not in what an id is, which the framework takes from wherever it met the first; and a value of any kind
    /// may be null without being told so twice, which <c>oneOf</c> would refuse.
    /// </summary>
    private static void MendNulls(JsonObject document)
    {
        foreach (var (_, schema) in document["components"]!["schemas"]!.AsObject())
            if (schema!["pattern"] is not null && schema["type"] is JsonArray) schema["type"] = "string";
        void Walk(JsonNode? node)
        {
            if (node is JsonArray list) foreach (var item in list) Walk(item);
            if (node is not JsonObject schema) return;
            if (schema["oneOf"] is JsonArray choice && choice.FirstOrDefault(c => c!["$ref"]?.GetValue<string>() == "#/components/schemas/JsonElement") is { } anything)
            {
                schema.Remove("oneOf");
                schema["$ref"] = anything["$ref"]!.DeepClone();
            }
            foreach (var (_, member) in schema) Walk(member);
        }
        Walk(document["components"]!["schemas"]);
        Walk(document["paths"]);
    }

    /// <summary>Requests and responses are nested in their operation: <c>CreateClient.Request</c> is <c>CreateClientRequest</c>.</summary>
    private static string? SchemaName(Type type) =>
        type is { IsNested: true, DeclaringType: { } operation, IsPrimitive: false } && type.Assembly == ServerAssembly.Assembly ? operation.Name + type.Name
        : type.Assembly == ServerAssembly.Assembly && type.Name.EndsWith("View", StringComparison.Ordinal) && type.Name.Length > 4 ? type.Name[..^4]
        : null;

    internal static bool IsId(Type type) => type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>));

    internal static string IdPrefix(Type type) => (string)type.GetProperty(nameof(ITypedId<>.Prefix), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
