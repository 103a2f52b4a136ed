using System.Reflection;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>Completes each operation and schema with what the framework cannot know.</summary>
internal sealed partial class OperationWriter(DocumentHead head, XmlComments comments)
{
    internal Task WriteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().First();
        var answers = comments.AnswersOf(handler);
        operation.Summary ??= comments.SummaryOf(handler);
        operation.Description = null;
        operation.Tags = new HashSet<OpenApiTagReference> { new((operation.OperationId ?? "").Split('.')[0], context.Document) };
        operation.Parameters ??= [];
        // What a filter reads out of the route, no handler takes.
        foreach (Match part in Placeholder().Matches(context.Description.RelativePath ?? ""))
            if (operation.Parameters.All(p => p.Name != part.Groups[1].Value))
                operation.Parameters.Add(new OpenApiParameter { Name = part.Groups[1].Value, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()) Describe(parameter, handler);

        if (metadata.OfType<ListEndpoint>().LastOrDefault() is { } list)
        {
            operation.Parameters.Add(Query("filter", $"Comparisons joined by and, for example `created_at gt \"2026-01-01T00:00:00Z\"`. Fields: {string.Join(", ", list.Filters)}."));
            operation.Parameters.Add(Query("sort", $"{string.Join(" or ", list.Sorts)}, with a hyphen before it for the opposite order; default {(list.Descending ? "-" : "")}{list.Sorts[0]}."));
            operation.Parameters.Add(Query("limit", "How many at most: 1 to 200, default 50."));
            operation.Parameters.Add(Query("cursor", "The next of the page before; left out for the first page. Good for the same filter and sort only."));
        }
        if (metadata.OfType<SelectableFields>().Any()) operation.Parameters.Add(Query("fields", "The members of the answer, or of a list's items, that are wanted, with commas between them; left out for all."));
        var idempotent = metadata.OfType<IdempotentEndpoint>().Any();
        if (metadata.OfType<PermissionNeeded>().LastOrDefault() is { } needed)
        {
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(DocumentHead.Scheme, context.Document)] = [needed.Scope] }];
            if (head.ForPrograms) operation.Parameters.Add(Header("X-Tenant", "Id or slug of a tenant at or below the token's own, which the call is then about. 404 tenant_not_found for any other."));
        }
        if (idempotent) operation.Parameters.Add(Header("Idempotency-Key", "1 to 255 printable ASCII characters. A repetition within 24 hours gets the first answer, with Idempotency-Replayed: true.", 255));
        if (answers.Any(a => a.Status == 412)) operation.Parameters.Add(Header("If-Match", "The ETag that was read; the change is made only if it is still the current one."));
        WriteAnswers(operation, context, answers, idempotent, metadata.OfType<FreshProofNeeded>().Any(), metadata.OfType<SelectableFields>().Any());
        return Task.CompletedTask;
    }

    /// <summary>Ids, which the framework sees as opaque values, and the words of records' comments.</summary>
    internal Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (ApiDocument.IsId(type))
        {
            schema.Type = type == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Pattern = $"^{ApiDocument.IdPrefix(type)}_[0-9a-hjkmnp-tv-z]{{26}}$";
        }
        // Texts have a converter of their own (it refuses what cannot be stored), which the framework cannot look into.
        if (type == typeof(string)) schema.Type ??= context.JsonPropertyInfo?.IsGetNullable == true ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        if (context.JsonTypeInfo.ElementType == typeof(string) && schema.Type is { } list && list.HasFlag(JsonSchemaType.Array)) schema.Items ??= new OpenApiSchema { Type = JsonSchemaType.String };
        // A nullable member may be left out of a request, and is left out of an answer that says so.
        var input = type.Name is "Request" or "Patch" or "ScopeView";
        foreach (var property in context.JsonTypeInfo.Properties)
            if (property.IsSetNullable && (input || property.ShouldSerialize is not null)) schema.Required?.Remove(property.Name);
        if (context.JsonPropertyInfo is { AttributeProvider: MemberInfo { DeclaringType: { } owner } member } && comments.PropertyOf(owner, member.Name) is { } text)
            schema.Description = text;
        return Task.CompletedTask;
    }

    private void Describe(OpenApiParameter parameter, MethodInfo handler) =>
        parameter.Description ??= comments.ParameterOf(handler, parameter.Name!) ?? parameter.Name switch
        {
            "limit" => "How many at most: 1 to 200, default 50.",
            "cursor" => "The next of the page before; left out for the first page.",
            "id" => "The prefixed id.",
            "organization" => "The organization's id.",
            "group" => "The group's id.",
            "user" => "The user's id.",
            "role" => "The role's key or id.",
            _ => null,
        };

    private void WriteAnswers(OpenApiOperation operation, OpenApiOperationTransformerContext context, IReadOnlyList<(int Status, IReadOnlyList<string> Codes)> answers, bool idempotent, bool fresh, bool selectable)
    {
        SortedDictionary<int, SortedSet<string>> problems = [];
        void Add(int status, params IEnumerable<string> codes)
        {
            if (!problems.TryGetValue(status, out var known)) problems[status] = known = new(StringComparer.Ordinal);
            known.UnionWith(codes);
        }
        foreach (var (status, codes) in answers.Where(a => a.Status >= 400)) Add(status, codes);
        // Before any endpoint: text that is not text, a tenant that is not there or stands still.
        Add(400, "path_malformed", "query_malformed");
        if (head.ForPrograms && operation.Security is { Count: > 0 }) Add(400, "tenant_header_invalid");
        if (head.ForPrograms && operation.Security is { Count: > 0 })
        {
            Add(403, "tenant_suspended");
            Add(404, "tenant_not_found");
        }
        if (operation.Security is { Count: > 0 })
        {
            Add(401, "token_missing", "token_invalid");
            if (fresh) Add(401, "fresh_proof_required");
            if (fresh && !head.ForPrograms) Add(403, "first_party_required");
            if (head.ForPrograms) Add(403, "insufficient_scope", "permission_missing", "administrator_required");
            else
            {
                Add(401, "sign_in_required");
                Add(403, "insufficient_scope", "cross_origin");
            }
            if (!head.ForPrograms && operation.Security[0].Values.Single().Contains(AccountScopes.Write))
            {
                Add(403, "csrf_header_missing");
                Add(429, "account_too_often");
            }
        }
        if (operation.RequestBody is { Content: { } types } && types.ContainsKey("application/merge-patch+json")) Add(422, "member_unknown", "member_invalid");
        if (selectable) Add(400, "fields_invalid", "parameter_repeated");
        if (operation.RequestBody is not null)
        {
            Add(400, "body_invalid");
            Add(413, "body_too_large");
            Add(415, "media_type_unsupported");
        }
        if (idempotent)
        {
            Add(400, "idempotency_key_invalid");
            Add(409, "idempotency_in_progress", "idempotency_answer_lost");
            Add(422, "idempotency_key_reused");
        }

        operation.Responses ??= [];
        foreach (var (status, codes) in problems)
            operation.Responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = codes.Count == 0 ? "Refused" : string.Join(", ", codes.Select(c => $"`{c}`")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(DocumentHead.Problem, context.Document) },
                },
            };
    }

    private static OpenApiParameter Query(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiParameter Header(string name, string description, int? maxLength = null) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength },
    };

    [GeneratedRegex(@"\{([A-Za-z]+)[^}]*\}")]
    private static partial Regex Placeholder();
}
