using System.Text;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Audit;

/// <summary>Signs the heads that moved, and writes signed heads to the folder of heads where there is one: at least once each, in order.</summary>
internal sealed partial class HeadJob(ISystemDatabase system, IDatabase database, HeadSigner signer, IOptions<AuditOptions> options, TimeProvider clock, ILogger<HeadJob> log)
    : RepeatingJob(options.Value.HeadInterval, clock, log, atStart: false)
{
    private const int PageSize = 200, MaxPages = 500, FileBatch = 500;

    // Across tenants: whose chain has moved since its head was signed.
    private const string SelectMoved = """
        SELECT tenant_id FROM audit_heads h WHERE h.seq > 0 AND h.tenant_id > @after
          AND NOT EXISTS (SELECT 1 FROM audit_signed_heads s WHERE s.tenant_id = h.tenant_id AND s.seq = h.seq)
        ORDER BY tenant_id LIMIT @limit
        """;
    private const string SelectUnfiled = """
        SELECT DISTINCT tenant_id FROM audit_signed_heads WHERE filed_at IS NULL AND tenant_id > @after ORDER BY tenant_id LIMIT @limit
        """;

    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        var after = default(TenantId);
        for (var page = 0; page < MaxPages && await PageAsync(moved: true, after, ct) is { Count: > 0 } tenants; page++, after = tenants[^1])
            foreach (var tenant in tenants) await signer.SignAsync(tenant, ct);
        if (options.Value.HeadsDirectory.Length == 0) return;
        after = default;
        for (var page = 0; page < MaxPages && await PageAsync(moved: false, after, ct) is { Count: > 0 } tenants; page++, after = tenants[^1])
            foreach (var tenant in tenants) await FileAsync(tenant, ct);
    }

    private async Task<List<TenantId>> PageAsync(bool moved, TenantId after, CancellationToken ct)
    {
        await using var tx = await system.ReadAsync(ct);
        return await tx.ListAsync(moved ? SelectMoved : SelectUnfiled, [("after", after), ("limit", PageSize)], row => row.Id<TenantId>(0), ct);
    }

    /// <summary>First to the disk, then marked: a process that dies between writes the line again.</summary>
    private async Task FileAsync(TenantId tenant, CancellationToken ct)
    {
        for (var more = true; more;)
        {
            List<SignedHead> heads;
            await using (var tx = await database.ReadAsync(tenant, ct)) heads = await SignedHeadStore.ListUnfiledAsync(tx, FileBatch, ct);
            if (heads.Count == 0) return;
            try
            {
                Directory.CreateDirectory(options.Value.HeadsDirectory);
                await using var file = new FileStream(Path.Combine(options.Value.HeadsDirectory, $"{tenant}.heads"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                await file.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(heads.Select(h => h.Jws + "\n"))), ct);
                file.Flush(flushToDisk: true);
            }
            catch (UnauthorizedAccessException e)
            {
                LogFolder(log, options.Value.HeadsDirectory, e);
                return;
            }
            await using var done = await database.BeginAsync(tenant, ct);
            await SignedHeadStore.SetFiledAsync(done, heads, clock.Now(), ct);
            await done.CommitAsync(ct);
            more = heads.Count == FileBatch;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Signed heads cannot be written to {Folder}: they wait there until it can be.")]
    private static partial void LogFolder(ILogger log, string folder, Exception error);
}
