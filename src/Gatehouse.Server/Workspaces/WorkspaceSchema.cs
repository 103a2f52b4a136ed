using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary><c>GET, PUT, DELETE /api/v1/workspace-schema</c>: what the metadata of the tenant's workspaces must fit.</summary>
internal sealed class WorkspaceSchema : SchemaDocuments
{
    private const string Select = "SELECT document, version, updated_at FROM workspace_schemas WHERE tenant_id = @tenant";
    private const string Insert = """
        INSERT INTO workspace_schemas (tenant_id, document, version, updated_at) VALUES (@tenant, @document, 1, @now) ON CONFLICT (tenant_id) DO NOTHING
        """;
    private const string Update = "UPDATE workspace_schemas SET document = @document, version = version + 1, updated_at = @now WHERE tenant_id = @tenant AND version = @version";
    private const string Delete = "DELETE FROM workspace_schemas WHERE tenant_id = @tenant";

    private WorkspaceSchema() { }

    internal static WorkspaceSchema Instance { get; } = new();

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workspace-schema", GetAsync).WithName("workspace_schema.get").WithSummary("Get the schema of workspaces' metadata").RequirePermission(Scopes.WorkspacesRead);
        api.MapPut("/workspace-schema", PutAsync).WithName("workspace_schema.put").WithSummary("Set the schema of workspaces' metadata").RequirePermission(Scopes.WorkspacesWrite);
        api.MapDelete("/workspace-schema", DeleteAsync).WithName("workspace_schema.delete").WithSummary("Let metadata be anything").RequirePermission(Scopes.WorkspacesWrite);
    }

    /// <returns>200; 404 <c>workspace_schema_not_found</c>.</returns>
    internal static Task<Results<Ok<SchemaDocument>, ProblemHttpResult>> GetAsync(HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct) =>
        Instance.ShowAsync(http, tenant, database, ct);

    /// <returns>200; 412 <c>version_mismatch</c>; 422 <c>schema_invalid</c>.</returns>
    internal static Task<Results<Ok<SchemaDocument>, ProblemHttpResult>> PutAsync(JsonElement schema, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct) => Instance.SetAsync(schema, http, tenant, caller, facts, database, audit, clock, ct);

    /// <returns>204; 404 <c>workspace_schema_not_found</c>.</returns>
    internal static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct) =>
        Instance.ClearAsync(tenant, caller, facts, database, audit, ct);

    protected override string Changed => "workspace_schema.changed";
    protected override string Removed => "workspace_schema.removed";
    protected override Problem NotFound { get; } = Problem.NotFound("workspace_schema_not_found", "This tenant has set no schema: metadata may be any object.");

    protected override ValueTask<SchemaDocument?> FindAsync(TenantTransaction tx, CancellationToken ct) => tx.FindAsync(Select, [], SchemaDocument.Read, ct);

    protected override ValueTask<int> WriteAsync(TenantTransaction tx, Json document, DateTimeOffset now, long before, CancellationToken ct) =>
        before == 0 ? tx.ExecuteAsync(Insert, [("document", document), ("now", now)], ct)
            : tx.ExecuteAsync(Update, [("document", document), ("now", now), ("version", before)], ct);

    protected override ValueTask<int> RemoveAsync(TenantTransaction tx, CancellationToken ct) => tx.ExecuteAsync(Delete, [], ct);
}
