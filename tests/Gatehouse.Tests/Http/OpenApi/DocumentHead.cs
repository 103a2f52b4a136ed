using Gatehouse.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>What the document says before its operations: title, address, how to authenticate, what a problem looks like.</summary>
internal static class DocumentHead
{
    internal const string Scheme = "oauth2", Problem = "Problem";

    internal static Task WriteAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new()
        {
            Title = "Gatehouse management API",
            Version = "v1",
            Description = "Administers one tenant and, with X-Tenant, those below it. Failures are RFC 9457 problems with a stable code, listed in docs/errors.md. "
                + "Lists are pages: pass next as cursor. Times are RFC 3339 in UTC.",
            License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new() { Url = ApiDescription.ExampleIssuer }];
        // The framework lists the handlers' classes, of which no operation speaks any more.
        document.Tags = document.Paths.Values.SelectMany(p => p.Operations ?? []).SelectMany(o => o.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(t => t.Reference.Id!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new OpenApiTag { Name = name }).ToHashSet();
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "An access token for the resource {issuer}/api/v1, held by an administrator.",
                Flows = new()
                {
                    ClientCredentials = new() { TokenUrl = new(ApiDescription.ExampleIssuer + "/oauth2/token"), Scopes = ScopeTexts() },
                    AuthorizationCode = new()
                    {
                        AuthorizationUrl = new(ApiDescription.ExampleIssuer + "/oauth2/authorize"),
                        TokenUrl = new(ApiDescription.ExampleIssuer + "/oauth2/token"),
                        Scopes = ScopeTexts(),
                    },
                },
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = ProblemSchema();
        return Task.CompletedTask;
    }

    private static Dictionary<string, string> ScopeTexts() => Scopes.All.ToDictionary(s => s, s =>
        s.Split(':') is [var thing, "read"] ? $"Read {thing}" : $"Change {s.Split(':')[0]}", StringComparer.Ordinal);

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457 problem details.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("urn:gatehouse:problem: and the code"),
            ["title"] = Text("The status in words"),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status" },
            ["detail"] = Text("What to do next, for a person"),
            ["code"] = Text("Stable; what programs switch on"),
            ["field"] = Text("The member at fault, when there is one"),
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
