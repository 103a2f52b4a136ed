using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Audit;

/// <summary>
/// Sends what came to the streams that wait for it, every second: a batch, and when it was taken over there, the next. At least once: the cursor
/// moves after the receiver has it, so a process that dies in between sends the batch again.
/// </summary>
internal sealed class StreamJob(ISystemDatabase system, IDatabase database, PersonKeys persons, TenantVault vault, StreamSender sender, TimeProvider clock, ILogger<StreamJob> log)
    : RepeatingJob(TimeSpan.FromSeconds(1), clock, log)
{
    private const int BatchSize = 500, MaxBatches = 20, MaxStreams = 200, AtOnce = 4;

    /// <summary>Longer than a batch may take, so that nobody else sends it meanwhile.</summary>
    private static readonly TimeSpan lease = TimeSpan.FromSeconds(60);

    // Across tenants: streams whose turn it is and for which there is something.
    private const string SelectDue = """
        SELECT s.tenant_id, s.id FROM trail_streams s
        WHERE s.enabled AND s.next_attempt_at <= @now AND (s.lease_until IS NULL OR s.lease_until < @now)
          AND ((s.content = 'entries' AND EXISTS (SELECT 1 FROM audit_heads h WHERE h.tenant_id = s.tenant_id AND h.seq > s.cursor_seq))
            OR (s.content = 'heads' AND EXISTS (SELECT 1 FROM audit_signed_heads g WHERE g.tenant_id = s.tenant_id AND g.seq > s.cursor_seq)))
        ORDER BY s.next_attempt_at LIMIT @limit
        """;

    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<(TenantId Tenant, Guid Stream)> due;
        await using (var tx = await system.ReadAsync(ct))
            due = await tx.ListAsync(SelectDue, [("now", clock.Now()), ("limit", MaxStreams)], row => (row.Id<TenantId>(0), row.Guid(1)), ct);
        // A receiver that hangs holds up three others at most.
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, stop) =>
        {
            for (var batch = 0; batch < MaxBatches && await DeliverAsync(one.Tenant, one.Stream, stop); batch++) { }
        });
    }

    /// <returns>Whether a batch was taken and there may be more.</returns>
    private async Task<bool> DeliverAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        var now = clock.Now();
        var mine = Guid.CreateVersion7(now);
        AuditStream? stream;
        string? token = null;
        await using (var tx = await database.BeginAsync(tenant, ct))
        {
            if (!await StreamStore.TryClaimAsync(tx, id, mine, now, now + lease, ct)) return false;
            stream = await StreamStore.FindAsync(tx, id, ct);
            // A tenant that is being emptied has no key any more; its streams go with it.
            if (stream is null || !await vault.HasDataKeyAsync(tx, ct)) return false;
            if (stream.SealedToken is { } value) token = Encoding.UTF8.GetString(await vault.OpenAsync(tx, TokenPlace(id), value, ct));
            await tx.CommitAsync(ct);
        }
        var (messages, last) = stream.Content == AuditStream.Heads ? await HeadsAsync(tenant, stream, ct) : await EntriesAsync(tenant, stream, ct);
        var fault = messages.Count == 0 ? null : await sender.SendAsync(stream, token, messages, stream.Cursor + 1, last, ct);
        await using (var tx = await database.BeginAsync(tenant, ct))
        {
            if (fault is null) await StreamStore.TryAdvanceAsync(tx, id, mine, stream.Cursor, last, clock.Now(), ct);
            else await StreamStore.FailAsync(tx, id, mine, fault, clock.Now() + AuditStream.Wait(stream.Failures + 1), ct);
            await tx.CommitAsync(ct);
        }
        return fault is null && messages.Count == BatchSize;
    }

    private async Task<(List<byte[]> Messages, long Last)> EntriesAsync(TenantId tenant, AuditStream stream, CancellationToken ct)
    {
        AuditHead head;
        await using (var tx = await database.ReadAsync(tenant, ct)) head = await AuditStore.FindHeadAsync(tx, ct);
        List<byte[]> messages = [];
        var last = stream.Cursor;
        await foreach (var (entry, run) in ChainReader.ReadAsync(database, tenant, stream.Cursor, head.Seq, persons, ct))
        {
            // What retention removed before it was sent is not sent any more.
            last = entry?.Seq ?? run!.Last;
            if (entry is null) continue;
            // Keys stay here: a receiver is told what the stream may tell, and proves it with an export.
            var shown = (stream.Personal ? entry : AuditMask.Mask(entry)) with { OriginKey = null, PersonalKey = null };
            var body = AuditExport.Line(shown);
            messages.Add(stream.Kind == AuditStream.Syslog ? SyslogMessage.Frame(tenant.ToString(), shown, body) : Encoding.UTF8.GetBytes(body + "\n"));
            if (messages.Count == BatchSize) break;
        }
        return (messages, last);
    }

    private async Task<(List<byte[]> Messages, long Last)> HeadsAsync(TenantId tenant, AuditStream stream, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        var heads = await SignedHeadStore.ListAfterAsync(tx, stream.Cursor, BatchSize, ct);
        return ([.. heads.Select(h => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
            new ListSignedHeads.Head(h.Seq, Convert.ToHexStringLower(h.Hash), h.KeyId, h.SignedAt, h.Jws), AuditJson.Default.SignedHeadItem) + "\n"))],
            heads.Count == 0 ? stream.Cursor : heads[^1].Seq);
    }

    internal static SealedAt TokenPlace(Guid id) => new("trail_streams", "sealed_token", id.ToString("N"));
}
