using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations;

/// <summary><c>GET, PUT, DELETE /api/v1/organization-schema</c>: what the metadata of the tenant's organizations must fit.</summary>
internal sealed class MetadataSchema : SchemaDocuments
{
    private const string Select = "SELECT document, version, updated_at FROM organization_schemas WHERE tenant_id = @tenant";
    private const string Insert = """
        INSERT INTO organization_schemas (tenant_id, document, version, updated_at) VALUES (@tenant, @document, 1, @now) ON CONFLICT (tenant_id) DO NOTHING
        """;
    private const string Update = "UPDATE organization_schemas SET document = @document, version = version + 1, updated_at = @now WHERE tenant_id = @tenant AND version = @version";
    private const string Delete = "DELETE FROM organization_schemas WHERE tenant_id = @tenant";

    private MetadataSchema() { }

    internal static MetadataSchema Instance { get; } = new();

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organization-schema", GetAsync).WithName("organization_schema.get").WithSummary("Get the schema of organizations' metadata").RequirePermission(Scopes.OrganizationsRead);
        api.MapPut("/organization-schema", PutAsync).WithName("organization_schema.put").WithSummary("Set the schema of organizations' metadata").RequirePermission(Scopes.OrganizationsWrite);
        api.MapDelete("/organization-schema", DeleteAsync).WithName("organization_schema.delete").WithSummary("Let metadata be anything").RequirePermission(Scopes.OrganizationsWrite);
    }

    /// <returns>200; 404 <c>organization_schema_not_found</c>.</returns>
    internal static Task<Results<Ok<SchemaDocument>, ProblemHttpResult>> GetAsync(HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct) =>
        Instance.ShowAsync(http, tenant, database, ct);

    /// <returns>200; 412 <c>version_mismatch</c>; 422 <c>schema_invalid</c>.</returns>
    internal static Task<Results<Ok<SchemaDocument>, ProblemHttpResult>> PutAsync(JsonElement schema, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct) => Instance.SetAsync(schema, http, tenant, caller, facts, database, audit, clock, ct);

    /// <returns>204; 404 <c>organization_schema_not_found</c>.</returns>
    internal static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct) =>
        Instance.ClearAsync(tenant, caller, facts, database, audit, ct);

    protected override string Changed => "organization_schema.changed";
    protected override string Removed => "organization_schema.removed";
    protected override Problem NotFound { get; } = Problem.NotFound("organization_schema_not_found", "This tenant has set no schema: metadata may be any object.");

    protected override ValueTask<SchemaDocument?> FindAsync(TenantTransaction tx, CancellationToken ct) => tx.FindAsync(Select, [], SchemaDocument.Read, ct);

    protected override ValueTask<int> WriteAsync(TenantTransaction tx, Json document, DateTimeOffset now, long before, CancellationToken ct) =>
        before == 0 ? tx.ExecuteAsync(Insert, [("document", document), ("now", now)], ct)
            : tx.ExecuteAsync(Update, [("document", document), ("now", now), ("version", before)], ct);

    protected override ValueTask<int> RemoveAsync(TenantTransaction tx, CancellationToken ct) => tx.ExecuteAsync(Delete, [], ct);
}
