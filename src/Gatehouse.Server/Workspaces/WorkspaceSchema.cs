using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.JsonSchema;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Workspaces;

/// <summary>
/// <c>GET, PUT, DELETE /api/v1/workspace-schema</c>: the JSON Schema that the metadata of the tenant's workspaces must fit when it is written. What is stored
/// already stays as it is.
/// </summary>
internal static class WorkspaceSchema
{
    /// <param name="Schema">JSON Schema (2020-12), the part of it that <c>docs/guides/organizations.md</c> names.</param>
    internal sealed record Document(JsonElement Schema, long Version, DateTimeOffset UpdatedAt);

    private const string Select = "SELECT document, version, updated_at FROM workspace_schemas WHERE tenant_id = @tenant";

    // Over the version that was read; 0 where there was none.
    private const string Insert = """
        INSERT INTO workspace_schemas (tenant_id, document, version, updated_at) VALUES (@tenant, @document, 1, @now) ON CONFLICT (tenant_id) DO NOTHING
        """;
    private const string Update = "UPDATE workspace_schemas SET document = @document, version = version + 1, updated_at = @now WHERE tenant_id = @tenant AND version = @version";
    private const string Delete = "DELETE FROM workspace_schemas WHERE tenant_id = @tenant";

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workspace-schema", GetAsync).WithName("workspace_schema.get").WithSummary("Get the schema of workspaces' metadata").RequirePermission(Scopes.WorkspacesRead);
        api.MapPut("/workspace-schema", PutAsync).WithName("workspace_schema.put").WithSummary("Set the schema of workspaces' metadata").RequirePermission(Scopes.WorkspacesWrite);
        api.MapDelete("/workspace-schema", DeleteAsync).WithName("workspace_schema.delete").WithSummary("Let metadata be anything").RequirePermission(Scopes.WorkspacesWrite);
    }

    /// <returns>Null when the metadata fits, or there is no schema; else <c>metadata_mismatch</c>, which says where.</returns>
    internal static async ValueTask<Problem?> CheckAsync(TenantTransaction tx, string metadata, CancellationToken ct)
    {
        if (await FindAsync(tx, ct) is not { } document) return null;
        if (!JsonSchema.Parse(document.Schema).TryGet(out var schema, out var wrong)) throw new InvalidOperationException($"The stored schema cannot be read: {wrong}");
        using var value = JsonDocument.Parse(metadata);
        return schema.Check(value.RootElement) is not { } fault ? null
            : Problem.Invalid("metadata_mismatch", $"metadata does not fit the tenant's schema at \"{fault.Path}\": {fault.Reason}.", "metadata");
    }

    /// <returns>200; 404 <c>workspace_schema_not_found</c>.</returns>
    internal static async Task<Results<Ok<Document>, ProblemHttpResult>> GetAsync(HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, ct) is not { } found) return NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(found);
    }

    /// <returns>200; 412 <c>version_mismatch</c>; 422 <c>schema_invalid</c>.</returns>
    internal static async Task<Results<Ok<Document>, ProblemHttpResult>> PutAsync(JsonElement schema, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!OrganizationRules.Metadata(schema).TryGet(out var kept, out _)) return SchemaInvalid("it is one object of at most 16 KiB and 8 levels").ToHttp();
        if (!JsonSchema.Parse(schema).TryGet(out _, out var wrong)) return SchemaInvalid(wrong).ToHttp();
        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var before = (await FindAsync(tx, ct))?.Version ?? 0;
        if (ETags.Check(http, before) is { } outdated) return outdated.ToHttp();
        var written = before == 0 ? await tx.ExecuteAsync(Insert, [("document", new Json(kept)), ("now", now)], ct)
            : await tx.ExecuteAsync(Update, [("document", new Json(kept)), ("now", now), ("version", before)], ct);
        if (written != 1) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, new("workspace_schema.changed", AuditOutcome.Success, AuditActor.Of(caller), "tenant", tenant.Id.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        ETags.Set(http, before + 1);
        return TypedResults.Ok(new Document(JsonElement.Parse(kept), before + 1, now));
    }

    /// <returns>204; 404 <c>workspace_schema_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await tx.ExecuteAsync(Delete, [], ct) != 1) return NotFound.ToHttp();
        await audit.AppendAsync(tx, new("workspace_schema.removed", AuditOutcome.Success, AuditActor.Of(caller), "tenant", tenant.Id.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static ValueTask<Document?> FindAsync(TenantTransaction tx, CancellationToken ct) =>
        tx.FindAsync(Select, [], row => new Document(JsonElement.Parse(row.Text(0)), row.Long(1), row.Time(2)), ct);

    private static Problem NotFound { get; } = Problem.NotFound("workspace_schema_not_found", "This tenant has set no schema: metadata may be any object.");

    private static Problem SchemaInvalid(string why) => Problem.Invalid("schema_invalid", $"The schema cannot be used: {why}.");
}
