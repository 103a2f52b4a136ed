using Gatehouse.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>What the document says before its operations: title, address, how to authenticate, what a problem looks like.</summary>
/// <param name="Prefixes">Of the paths that belong to it.</param>
/// <param name="File">Its name in <c>docs/</c>.</param>
/// <param name="Resource">What its tokens are for.</param>
/// <param name="ForPrograms">Whether clients may call it for themselves.</param>
internal sealed record DocumentHead(string[] Prefixes, string File, string Title, string Description, string Resource, bool ForPrograms, IReadOnlyDictionary<string, string> Scopes)
{
    internal const string Scheme = "oauth2", Problem = "Problem";

    internal static DocumentHead Management { get; } = new(["api/v1"], "openapi.json", "Gatehouse management API",
        "Administers one tenant and, with X-Tenant, those below it. Failures are RFC 9457 problems with a stable code, listed in docs/errors.md. "
            + "Lists are pages: pass next as cursor. Times are RFC 3339 in UTC.",
        "An access token for the resource {issuer}/api/v1, held by somebody whose roles permit it (docs/permissions.md).", ForPrograms: true,
        Gatehouse.Http.Scopes.All.ToDictionary(s => s, s => s.Split(':') is [var thing, "read"] ? $"Read {thing}" : s == Gatehouse.Http.Scopes.AuditPii ? "See persons in the audit" : s == Gatehouse.Http.Scopes.PermissionsCheck ? "Ask what somebody may do" : $"Change {s.Split(':')[0]}", StringComparer.Ordinal));

    internal static DocumentHead Account { get; } = new(["account/v1"], "openapi-account.json", "Gatehouse account API",
        "What a person may do about her own account. Called with an access token of hers, or from a page of the issuer's own origin with the session's cookie; "
            + "a change by cookie carries the header X-Gatehouse-Csrf. Operations that answer 401 fresh_proof_required want a sign-in of the last five minutes (RFC 9470). "
            + "Failures are RFC 9457 problems with a stable code, listed in docs/errors.md. Lists are pages: pass next as cursor. Times are RFC 3339 in UTC.",
        "An access token for the resource {issuer}/account/v1 that speaks for a person.", ForPrograms: false,
        new Dictionary<string, string>(StringComparer.Ordinal) { [AccountScopes.Read] = "See the account", [AccountScopes.Write] = "Change the account" });

    internal static DocumentHead Flows { get; } = new(["flows/v1", "oauth2/authorize-challenge"], "openapi-flows.json", "Gatehouse flows API",
        "Sign-in on an application's own pages, for clients with first_party and headless: start, answer one of the open steps until there is an authorization code, redeem it at the token endpoint. "
            + "Failures are RFC 9457 problems with a stable code, listed in docs/errors.md; those of protocols have OAuth's codes. Times are RFC 3339 in UTC.",
        "", ForPrograms: true, new Dictionary<string, string>(StringComparer.Ordinal));

    internal Task WriteAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new()
        {
            Title = Title,
            Version = "v1",
            Description = Description,
            License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new() { Url = ApiDescription.ExampleIssuer }];
        // The framework lists the handlers' classes, of which no operation speaks any more.
        document.Tags = document.Paths.Values.SelectMany(p => p.Operations ?? []).SelectMany(o => o.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(t => t.Reference.Id!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new OpenApiTag { Name = name, Description = TagDescriptions.Of(name) }).ToHashSet();
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = Resource,
                Flows = new()
                {
                    ClientCredentials = !ForPrograms ? null : new() { TokenUrl = new(ApiDescription.ExampleIssuer + "/oauth2/token"), Scopes = Scopes.ToDictionary(StringComparer.Ordinal) },
                    AuthorizationCode = new()
                    {
                        AuthorizationUrl = new(ApiDescription.ExampleIssuer + "/oauth2/authorize"),
                        TokenUrl = new(ApiDescription.ExampleIssuer + "/oauth2/token"),
                        Scopes = Scopes.ToDictionary(StringComparer.Ordinal),
                    },
                },
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = ProblemSchema();
        return Task.CompletedTask;
    }

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
