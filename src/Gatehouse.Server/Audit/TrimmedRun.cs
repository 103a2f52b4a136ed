using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>Places of the chain whose entries retention removed.</summary>
/// <param name="Hash">That of the last of them: the chain goes on from it.</param>
/// <param name="Checkpoint">The entry that accounts for the removal.</param>
internal sealed record TrimmedRun(long First, long Last, byte[] Hash, AuditId Checkpoint)
{
    /// <summary>What a checkpoint says of its runs: a run that is added, widened or changed later no longer fits.</summary>
    internal static byte[] Digest(IEnumerable<TrimmedRun> runs)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var run in runs) run.AddTo(sha);
        return sha.GetHashAndReset();
    }

    internal void AddTo(IncrementalHash sha) => sha.AppendData(Encoding.ASCII.GetBytes($"{First}-{Last}:{Convert.ToHexStringLower(Hash)}\n"));
}
