using System.Collections.Concurrent;
using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary>An export that was written to its end.</summary>
/// <param name="Sha256">Of the whole file; hex.</param>
internal sealed record TenantExportView(string Id, DateTimeOffset FinishedAt, string MadeBy, bool PasswordHashes, long Rows, long Bytes, string Sha256);

/// <summary>
/// <c>GET /api/v1/tenants/{id}/export</c>: what a tenant owns, as a file that another server can read. <c>GET /api/v1/tenants/{id}/exports</c>: which were made. Written down
/// before the first byte and after the last, in the audit of whoever takes it and in the tenant's own.
/// </summary>
internal static class ExportTenant
{
    /// <summary>Exports that one process writes at a time: each holds a connection to its reader for as long as that takes.</summary>
    private const int AtOnce = 4;
    private const int Listed = 100;
    private static readonly SemaphoreSlim turns = new(AtOnce);

    // Of one tenant people of one tenant have one at a time: it lasts as long as its reader likes, and who reads slowly keeps nobody else from theirs.
    private static readonly ConcurrentDictionary<(TenantId Home, TenantId Of), bool> writing = new();

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants/{id}/export", HandleAsync).WithName("tenants.export").WithSummary("Export a tenant").RequirePermission(Scopes.TenantsExport).RequireFreshProof();
        api.MapGet("/tenants/{id}/exports", ListAsync).WithName("tenants.exports").WithSummary("List a tenant's exports").RequirePermission(Scopes.TenantsRead);
    }

    /// <summary>A zip of NDJSON files and a manifest; the guide describes it.</summary>
    /// <param name="password_hashes"><c>true</c>: with the hashes of passwords, for which the caller needs <c>tenants:export_passwords</c>, too. Default <c>false</c>.</param>
    /// <returns>200, a stream; 403 <c>export_passwords_required</c>; 404 <c>tenant_not_found</c>; 422 <c>password_hashes_invalid</c>; 429 <c>exports_too_many</c>.</returns>
    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> HandleAsync(string id, string? password_hashes, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        TenantChange change, TenantBundle bundle, CancellationToken ct)
    {
        if (password_hashes is not (null or "true" or "false")) return Problem.Invalid("password_hashes_invalid", "true or false.", "password_hashes").ToHttp();
        var hashes = password_hashes == "true";
        TenantRow row;
        Turn turn;
        var export = Guid.CreateVersion7(change.Clock.GetUtcNow());
        await using (var tx = await change.BeginAsync(ct))
        {
            if (await change.FindAsync(tx, tenant, id, ct) is not { } found) return TenantChange.Unknown.ToHttp();
            if (hashes && !caller.Permitted.Contains(Scopes.TenantsExportPasswords, StringComparer.Ordinal))
                return Problem.Forbidden("export_passwords_required", $"Hashes of passwords need the permission {Scopes.TenantsExportPasswords}.").ToHttp();
            row = found;
            if (Turn.TryTake((caller.HomeTenant, row.Id)) is not { } taken) return Problem.TooMany("exports_too_many", $"One of this tenant or {AtOnce} of all are being written. Wait until one of them is done.").ToHttp();
            turn = taken;
            try
            {
                await change.WriteAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.export_started", caller, row.Id, facts, new Dictionary<string, string> { ["password_hashes"] = hashes ? "true" : "false" }), ct);
                await tx.CommitAsync(ct);
            }
            catch
            {
                turn.Dispose();
                throw;
            }
        }
        // The answer is written after this method; that it is over, whichever way, is told when the request is.
        http.Response.RegisterForDispose(turn);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(output => WriteAsync(output, export, row, hashes, tenant, caller, facts, change, bundle, http.RequestAborted), "application/zip",
            $"{row.Slug}-{change.Clock.Now().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.zip");
    }

    private static async Task WriteAsync(Stream output, Guid export, TenantRow row, bool hashes, TenantContext tenant, Caller caller, RequestFacts facts, TenantChange change, TenantBundle bundle, CancellationToken ct)
    {
        var written = await bundle.WriteAsync(row, hashes, output, ct);
        await output.FlushAsync(ct);
        // Whoever was not given the last byte has no export.
        await using var tx = await change.BeginAsync(ct);
        await TenantExportStore.InsertAsync(tx.For(row.Id), new(export.ToString(), change.Clock.Now(), caller.Id, hashes, written.Rows, written.Bytes, written.Sha256), ct);
        await change.WriteAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.exported", caller, row.Id, facts, new Dictionary<string, string>
        {
            ["password_hashes"] = hashes ? "true" : "false", ["rows"] = written.Rows.ToString(CultureInfo.InvariantCulture), ["bytes"] = written.Bytes.ToString(CultureInfo.InvariantCulture), ["sha256"] = written.Sha256,
        }), ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>The newest hundred.</summary>
    /// <returns>200; 404 <c>tenant_not_found</c>.</returns>
    internal static async Task<Results<Ok<TenantExportList>, ProblemHttpResult>> ListAsync(string id, TenantContext tenant, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.ReadAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        return TypedResults.Ok(new TenantExportList(await TenantExportStore.ListAsync(tx.For(row.Id), Listed, ct)));
    }

    private sealed class Turn : IDisposable
    {
        private readonly (TenantId Home, TenantId Of) whose;
        private int over;

        private Turn((TenantId Home, TenantId Of) whose) => this.whose = whose;

        /// <returns>Null when it is not theirs yet.</returns>
        internal static Turn? TryTake((TenantId Home, TenantId Of) whose)
        {
            if (!writing.TryAdd(whose, true)) return null;
            if (turns.Wait(0)) return new(whose);
            writing.TryRemove(whose, out _);
            return null;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref over, 1) != 0) return;
            turns.Release();
            writing.TryRemove(whose, out _);
        }
    }
}

internal sealed record TenantExportList(IReadOnlyList<TenantExportView> Items);

/// <summary>The SQL of exports that were made: what a deletion asks for.</summary>
internal static class TenantExportStore
{
    private const string Insert = """
        INSERT INTO tenant_exports (tenant_id, id, finished_at, made_by, password_hashes, exported_rows, bytes, sha256)
        VALUES (@tenant, @id, @at, @by, @hashes, @rows, @bytes, @sha256)
        """;

    private const string Select = """
        SELECT id, finished_at, made_by, password_hashes, exported_rows, bytes, sha256 FROM tenant_exports
        WHERE tenant_id = @tenant ORDER BY finished_at DESC LIMIT @limit
        """;

    private const string Since = "SELECT 1 FROM tenant_exports WHERE tenant_id = @tenant AND finished_at >= @since LIMIT 1";

    internal static ValueTask<int> InsertAsync(TenantTransaction tx, TenantExportView e, CancellationToken ct) =>
        tx.ExecuteAsync(Insert, [("id", Guid.Parse(e.Id)), ("at", e.FinishedAt), ("by", e.MadeBy), ("hashes", e.PasswordHashes), ("rows", e.Rows), ("bytes", e.Bytes), ("sha256", e.Sha256)], ct);

    internal static async ValueTask<IReadOnlyList<TenantExportView>> ListAsync(TenantTransaction tx, int limit, CancellationToken ct) =>
        await tx.ListAsync(Select, [("limit", limit)], row => new TenantExportView(row.Guid(0).ToString(), row.Time(1), row.Text(2), row.Bool(3), row.Long(4), row.Long(5), row.Text(6)), ct);

    internal static async ValueTask<bool> AnySinceAsync(TenantTransaction tx, DateTimeOffset since, CancellationToken ct) =>
        await tx.FindValueAsync(Since, [("since", since)], row => row.Long(0), ct) is not null;
}
