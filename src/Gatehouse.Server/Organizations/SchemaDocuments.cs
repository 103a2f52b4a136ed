using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.JsonSchema;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Organizations;

/// <param name="Schema">JSON Schema (2020-12), the part of it that <c>docs/guides/organizations.md</c> names.</param>
public sealed record SchemaDocument(JsonElement Schema, long Version, DateTimeOffset UpdatedAt)
{
    public static SchemaDocument Read(SqlRow row) => new(JsonElement.Parse(row.Text(0)), row.Long(1), row.Time(2));
}

/// <summary>
/// The JSON Schema that a tenant sets for the metadata of its organizations, or of its workspaces: metadata must fit when it is written, what is stored already stays as it
/// is. The room whose metadata it is keeps the document and names what is said of it.
/// </summary>
public abstract class SchemaDocuments
{
    /// <summary>Actions of the audit.</summary>
    protected abstract string Changed { get; }
    protected abstract string Removed { get; }

    protected abstract Problem NotFound { get; }

    protected abstract ValueTask<SchemaDocument?> FindAsync(TenantTransaction tx, CancellationToken ct);

    /// <param name="before">The version that was read; 0 where there was none.</param>
    /// <returns>Rows written: none when that is no longer the version.</returns>
    protected abstract ValueTask<int> WriteAsync(TenantTransaction tx, Json document, DateTimeOffset now, long before, CancellationToken ct);

    protected abstract ValueTask<int> RemoveAsync(TenantTransaction tx, CancellationToken ct);

    /// <returns>Null when the metadata fits, or there is no schema; else <c>metadata_mismatch</c>, which says where.</returns>
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, string metadata, CancellationToken ct)
    {
        if (await FindAsync(tx, ct) is not { } document) return null;
        if (!JsonSchema.Parse(document.Schema).TryGet(out var schema, out var wrong)) throw new InvalidOperationException($"The stored schema cannot be read: {wrong}");
        using var value = JsonDocument.Parse(metadata);
        return schema.Check(value.RootElement) is not { } fault ? null
            : Problem.Invalid("metadata_mismatch", $"metadata does not fit the tenant's schema at \"{fault.Path}\": {fault.Reason}.", "metadata");
    }

    public async Task<Results<Ok<SchemaDocument>, ProblemHttpResult>> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, ct) is not { } found) return NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(found);
    }

    public async Task<Results<Ok<SchemaDocument>, ProblemHttpResult>> SetAsync(JsonElement schema, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!OrganizationRules.Metadata(schema).TryGet(out var kept, out _)) return SchemaInvalid("it is one object of at most 16 KiB and 8 levels").ToHttp();
        if (!JsonSchema.Parse(schema).TryGet(out _, out var wrong)) return SchemaInvalid(wrong).ToHttp();
        var now = clock.Now();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var before = (await FindAsync(tx, ct))?.Version ?? 0;
        if (ETags.Check(http, before) is { } outdated) return outdated.ToHttp();
        if (await WriteAsync(tx, new(kept), now, before, ct) != 1) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, new(Changed, AuditOutcome.Success, AuditActor.Of(caller), "tenant", tenant.Id.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        ETags.Set(http, before + 1);
        return TypedResults.Ok(new SchemaDocument(JsonElement.Parse(kept), before + 1, now));
    }

    public async Task<Results<NoContent, ProblemHttpResult>> ClearAsync(TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await RemoveAsync(tx, ct) != 1) return NotFound.ToHttp();
        await audit.AppendAsync(tx, new(Removed, AuditOutcome.Success, AuditActor.Of(caller), "tenant", tenant.Id.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static Problem SchemaInvalid(string why) => Problem.Invalid("schema_invalid", $"The schema cannot be used: {why}.");
}
