using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>Where a chain stops being what was written.</summary>
/// <param name="Seq">The first place that is wrong.</param>
/// <param name="Reason">One plain sentence.</param>
public sealed record AuditBreak(long Seq, string Reason);

/// <summary>
/// One walk along a chain, wherever its entries come from: the database or an exported file. Each entry must be what its hash says, each
/// removed one be accounted for by a checkpoint further on.
/// </summary>
internal sealed class ChainWalk(TenantId tenant, AuditHead start) : IDisposable
{
    private readonly long begin = start.Seq;

    internal const string Checkpoint = "audit.trimmed";

    private readonly Dictionary<AuditId, (IncrementalHash Sum, long First)> open = [];

    internal AuditHead At { get; private set; } = start;
    internal long Entries { get; private set; }
    internal long Trimmed { get; private set; }

    internal AuditBreak? Take(AuditRow row)
    {
        var seq = At.Seq + 1;
        if (row.Seq != seq) return new(seq, "An entry is gone: its place in the chain is empty.");
        if (row.Hash is null || !Fits(row, seq)) return new(seq, $"Entry {row.Id} is not what was sealed here: it was changed, moved or exchanged.");
        if (row.Action == Checkpoint && Close(row) is { } wrong) return new(seq, wrong);
        At = new(seq, row.Hash);
        Entries++;
        return null;
    }

    internal AuditBreak? Skip(TrimmedRun run)
    {
        if (run.First > At.Seq + 1 || run.Last <= At.Seq) return new(At.Seq + 1, "An entry is gone: its place in the chain is empty.");
        if (!open.TryGetValue(run.Checkpoint, out var gap)) open[run.Checkpoint] = gap = (IncrementalHash.CreateHash(HashAlgorithmName.SHA256), run.First);
        run.AddTo(gap.Sum);
        Trimmed += run.Last - At.Seq;
        At = new(run.Last, run.Hash);
        return null;
    }

    internal AuditBreak? Finish() => open.Count == 0 ? null
        : new(open.Values.Min(g => g.First), "Entries were removed and nothing in the chain accounts for it.");

    private string? Close(AuditRow row)
    {
        if (!open.Remove(row.Id, out var gap))
            // Of an export that begins later, the runs may lie before.
            return begin > 0 ? null : $"Checkpoint {row.Id} accounts for a removal that did not happen.";
        using (gap.Sum)
        {
            var details = JsonSerializer.Deserialize(row.Details ?? "{}", AuditJson.Default.DictionaryStringString)!;
            var whole = !details.TryGetValue("first_seq", out var first) || long.Parse(first, CultureInfo.InvariantCulture) > begin;
            return !whole || details.GetValueOrDefault("digest") == Convert.ToHexStringLower(gap.Sum.GetHashAndReset()) ? null
                : $"Other entries are gone than checkpoint {row.Id} accounts for.";
        }
    }

    private bool Fits(AuditRow row, long seq)
    {
        try
        {
            return AuditCanonical.Hash(tenant, row, seq, At.Hash).AsSpan().SequenceEqual(row.Hash);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;       // details that are no longer a JSON object
        }
    }

    public void Dispose()
    {
        foreach (var (sum, _) in open.Values) sum.Dispose();
    }
}
