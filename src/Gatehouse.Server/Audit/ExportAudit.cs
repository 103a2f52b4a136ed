using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>GET /api/v1/audit/export</c>: the chain as a file, oldest first. Without filters it can be verified anywhere.</summary>
internal static class ExportAudit
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/audit/export", HandleAsync).WithName("audit.export").WithSummary("Export the audit as a file").RequirePermission(Scopes.AuditRead)
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["application/x-ndjson", "application/json", "text/csv"]));

    /// <param name="format"><c>ndjson</c> (default; what <c>gatehouse audit verify --file</c> reads), <c>json</c> or <c>csv</c>.</param>
    /// <param name="after_seq">Only what stands after this place of the chain: the end of the export before. Default 0.</param>
    /// <param name="actor">As in the list, like all filters; one of them makes the export an excerpt, which cannot be verified.</param>
    /// <returns>200, a stream; 400 <c>format_invalid</c>, <c>after_seq_invalid</c>, <c>time_invalid</c>, <c>filter_invalid</c>; 403 <c>audit_pii_required</c>.</returns>
    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> HandleAsync(string? format, string? after_seq,
        string? actor, string? target, string? action, string? outcome, string? organization, string? ip, string? from, string? to,
        TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, AuditSealer sealer, HeadSigner signer, AuditExport export, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        format ??= "ndjson";
        if (format is not ("ndjson" or "json" or "csv")) return Problem.BadRequest("format_invalid", "format is ndjson, json or csv.", "format").ToHttp();
        var after = 0L;
        if (after_seq is not null && !long.TryParse(after_seq, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return BadPlace().ToHttp();
        if (!AuditQuestion.Parse(actor, target, action, outcome, organization, ip, from, to, caller).TryGet(out var filter, out var problem)) return problem.ToHttp();

        // Everything that was committed before the question is in the answer, and its end is signed.
        await sealer.SealAllAsync(tenant.Id, ct);
        var signed = await signer.SignAsync(tenant.Id, ct);
        var last = signed is null ? AuditHead.Empty : new AuditHead(signed.Seq, signed.Hash);
        byte[] previous;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (after > last.Seq) return BadPlace().ToHttp();
            // Where entries were trimmed, only the end of a run has a hash.
            var link = after == 0 ? AuditHead.Empty : await AuditStore.FindLinkAsync(tx, after, ct) ?? (await TrimmedStore.ListAsync(tx, after - 1, 1, ct)).Where(r => r.Last == after).Select(r => new AuditHead(r.Last, r.Hash)).FirstOrDefault();
            if (link is null) return BadPlace().ToHttp();
            previous = link.Hash;
            // Who took a copy of the audit is itself part of it.
            await audit.AppendAsync(tx, new("audit.exported", AuditOutcome.Success, AuditActor.Of(caller), null, null, facts, new Dictionary<string, string>
            {
                ["format"] = format, ["after_seq"] = after.ToString(CultureInfo.InvariantCulture), ["last_seq"] = last.Seq.ToString(CultureInfo.InvariantCulture),
                ["masked"] = AuditMask.SeesPersons(caller) ? "false" : "true", ["filtered"] = filter == AuditFilter.All ? "false" : "true",
            }), ct);
            await tx.CommitAsync(ct);
        }
        var plan = new AuditExportPlan(tenant.Id, filter, after, previous, last, signed?.Jws, !AuditMask.SeesPersons(caller), clock.Now());
        http.Response.Headers.CacheControl = "no-store";
        var (type, ending) = format switch { "csv" => ("text/csv; charset=utf-8", "csv"), "json" => ("application/json", "json"), _ => ("application/x-ndjson", "ndjson") };
        return TypedResults.Stream(output => export.WriteAsync(plan, format, output, http.RequestAborted), type, $"audit-{tenant.Slug}-{last.Seq}.{ending}");
    }

    private static Problem BadPlace() => Problem.BadRequest("after_seq_invalid", "after_seq is a place of the chain: the last_seq of the export before.", "after_seq");
}
