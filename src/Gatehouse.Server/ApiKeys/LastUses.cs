using System.Collections.Concurrent;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.ApiKeys;

/// <summary>When and from where keys were last used, gathered in this process until <see cref="WriteLastUses"/> comes by.</summary>
internal sealed class LastUses
{
    // Between two rounds; what does not fit is seen at the key's next use.
    private const int Capacity = 50_000;

    private ConcurrentDictionary<(TenantId, ApiKeyId), (DateTimeOffset At, string? From)> uses = new();

    internal void Note(TenantId tenant, ApiKeyId key, DateTimeOffset at, string? from)
    {
        var current = uses;
        if (current.Count < Capacity || current.ContainsKey((tenant, key))) current[(tenant, key)] = (at, from);
    }

    internal IReadOnlyCollection<KeyValuePair<(TenantId Tenant, ApiKeyId Key), (DateTimeOffset At, string? From)>> Take() => Interlocked.Exchange(ref uses, new()).ToArray();
}

/// <summary>Writes last uses down every half minute, and once more when the process stops: no request waits for it.</summary>
internal sealed class WriteLastUses(LastUses uses, IDatabase database, TimeProvider clock, ILogger<WriteLastUses> log) : RepeatingJob(TimeSpan.FromSeconds(30), clock, log, atStart: false)
{
    protected override Task RunOnceAsync(CancellationToken ct) => WriteAsync(ct);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    internal async Task WriteAsync(CancellationToken ct)
    {
        foreach (var tenant in uses.Take().GroupBy(u => u.Key.Tenant))
            foreach (var some in tenant.Chunk(200))
            {
                await using var tx = await database.BeginAsync(tenant.Key, ct);
                // In one order, so that two processes never wait for each other in a ring.
                foreach (var use in some.OrderBy(u => u.Key.Key.Value)) await ApiKeyStore.UseAsync(tx, use.Key.Key, use.Value.At, use.Value.From, ct);
                await tx.CommitAsync(ct);
            }
    }
}
