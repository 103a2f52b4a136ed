using System.Security.Cryptography;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Argon2;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>
/// Argon2id behind a gate: so many at once, each in memory kept for it, so many waiting, the rest refused at once. A flood of sign-ins
/// can therefore exhaust neither memory (concurrency × memory, resident after first use) nor the queue; and since no more threads hash
/// than there are processors, requests that hash nothing still get their turn between two hashes.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    private const int SaltBytes = 16;
    private readonly Argon2MemoryPool pool;
    private readonly int maxWaiting;
    private readonly PhcHash decoy;
    private int inside;

    public PasswordHasher(IOptions<CredentialsOptions> options)
    {
        Parameters = options.Value.Parameters;
        maxWaiting = options.Value.MaxQueuedHashes;
        // Stored hashes made under higher parameters may need more than today's; PhcLimits bounds what a stored text can ask for.
        pool = new Argon2MemoryPool(options.Value.Concurrency, PhcLimits.Default.MaxMemoryKiB);
        // Never matches: nobody knows a password whose tag is random. It costs what a real one costs.
        decoy = new PhcHash(Parameters, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(Parameters.TagLength));
    }

    internal Argon2Parameters Parameters { get; }

    /// <summary>How many hash at this moment and how many wait; for metrics, so a moment's inaccuracy does no harm.</summary>
    internal (int Running, int Waiting) Load
    {
        get
        {
            // One that is about to be refused stands at the gate for an instant.
            var now = Math.Min(Volatile.Read(ref inside), pool.MaxBlocks + maxWaiting);
            return (Math.Min(now, pool.MaxBlocks), Math.Max(0, now - pool.MaxBlocks));
        }
    }

    internal static Problem Busy { get; } = Problem.Unavailable("busy", "Too many people are signing in at this moment. Try again in a few seconds.");

    internal async ValueTask<Result<string, Problem>> HashAsync(byte[] password, CancellationToken ct)
    {
        using var place = Enter();
        if (!place.Given) return Busy;
        using var memory = await pool.RentAsync(Parameters.MemoryKiB, ct);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var tag = new byte[Parameters.TagLength];
        Argon2id.Hash(password, salt, Parameters, memory, tag);
        return PhcString.Format(Parameters, salt, tag);
    }

    /// <summary>Compares with a stored hash, or does the same work for nothing when there is none.</summary>
    /// <returns>Null when too many already wait; else whether it matches and whether the stored hash is weaker than today's.</returns>
    internal async ValueTask<(bool Right, bool Outdated)?> VerifyAsync(byte[] password, string? phc, CancellationToken ct)
    {
        PhcHash? stored = null;
        if (phc is not null && !PhcString.Parse(phc).TryGet(out stored, out var error))
            throw new InvalidOperationException($"A stored password hash is unreadable: {error}.");
        using var place = Enter();
        if (!place.Given) return null;
        var expected = stored ?? decoy;
        using var memory = await pool.RentAsync(expected.Parameters.MemoryKiB, ct);
        var right = Argon2id.Verify(password, secret: default, expected, memory) && stored is not null;
        return (right, expected.Parameters != Parameters);
    }

    private Place Enter()
    {
        if (Interlocked.Increment(ref inside) <= pool.MaxBlocks + maxWaiting) return new Place(this);
        Interlocked.Decrement(ref inside);
        return default;
    }

    public void Dispose() => pool.Dispose();

    private readonly struct Place(PasswordHasher? hasher) : IDisposable
    {
        internal bool Given => hasher is not null;

        public void Dispose()
        {
            if (hasher is not null) Interlocked.Decrement(ref hasher.inside);
        }
    }
}
