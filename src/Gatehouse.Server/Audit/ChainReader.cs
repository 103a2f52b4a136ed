using System.Runtime.CompilerServices;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>Reads a chain in its order, a page at a time and each page in a transaction of its own, beside a running server.</summary>
internal static class ChainReader
{
    private const int PageSize = 500;

    /// <summary>What stands at one place: an entry, or a run of removed ones.</summary>
    internal readonly record struct Link(AuditRow? Entry, TrimmedRun? Run);

    /// <param name="persons">Opens what tells of persons; null: leaves it sealed.</param>
    /// <remarks>
    /// Entries are read before runs: what is trimmed between the two questions is then there twice and the entry counts. Where neither is
    /// there, nothing is made up: the walk notices.
    /// </remarks>
    internal static async IAsyncEnumerable<Link> ReadAsync(IDatabase database, TenantId tenant, long after, long last, PersonKeys? persons, [EnumeratorCancellation] CancellationToken ct)
    {
        while (after < last)
        {
            List<AuditRow> entries;
            List<TrimmedRun> runs;
            await using (var tx = await database.ReadAsync(tenant, ct))
            {
                entries = await AuditStore.ListChainAsync(tx, after, last, PageSize, persons is not null, ct);
                runs = await TrimmedStore.ListAsync(tx, after, PageSize, ct);
                if (persons is not null) entries = await persons.OpenAsync(tx, entries, ct);
            }
            // Behind the end of the shorter page nothing is known of the other.
            var known = Math.Min(entries.Count == PageSize ? entries[^1].Seq!.Value : last, runs.Count == PageSize ? runs[^1].Last : last);
            var began = after;
            int entry = 0, run = 0;
            Link next;
            while (after < known)
            {
                while (entry < entries.Count && entries[entry].Seq <= after) entry++;
                while (run < runs.Count && runs[run].Last <= after) run++;
                if (entry < entries.Count && entries[entry].Seq == after + 1) (next, after) = (new(entries[entry], null), after + 1);
                else if (run < runs.Count && runs[run].First <= after + 1) (next, after) = (new(null, runs[run]), runs[run].Last);
                else if (entry < entries.Count) (next, after) = (new(entries[entry], null), entries[entry].Seq!.Value);
                else break;
                yield return next;
            }
            if (after == began) yield break;
        }
    }
}
