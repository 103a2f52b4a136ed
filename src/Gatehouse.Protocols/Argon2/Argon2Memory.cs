namespace Gatehouse.Protocols.Argon2;

/// <summary>Memory rented from an <see cref="Argon2MemoryPool"/> for one hash at a time. Disposing it wipes it and gives it back.</summary>
public sealed class Argon2Memory : IDisposable
{
    private const int Idle = 0, Busy = 1, Returned = 2;

    private readonly Argon2MemoryPool pool;
    private readonly MemoryBlock block;
    private int state;

    internal Argon2Memory(Argon2MemoryPool pool, MemoryBlock block) => (this.pool, this.block) = (pool, block);

    /// <summary>What it holds, at least what was asked for.</summary>
    public int CapacityKiB => (int)(block.CapacityBytes / 1024);

    /// <exception cref="InvalidOperationException">A hash is still working in it.</exception>
    public void Dispose()
    {
        switch (Interlocked.CompareExchange(ref state, Returned, Idle))
        {
            case Busy: throw new InvalidOperationException("A hash is still working in this memory.");
            case Idle: pool.Return(block); break;
        }
    }

    /// <summary>Claims the first bytes for one hash. Their content is what the last hash left: Argon2 writes every block before reading it.</summary>
    internal Claim Use(nuint bytes)
    {
        if (bytes > block.CapacityBytes)
            throw new ArgumentException($"The parameters ask for {bytes / 1024} KiB; this memory holds {CapacityKiB} KiB.", nameof(bytes));
        var was = Interlocked.CompareExchange(ref state, Busy, Idle);
        ObjectDisposedException.ThrowIf(was == Returned, this);
        if (was == Busy) throw new InvalidOperationException("Another hash is working in this memory.");
        block.MarkUsed(bytes);
        return new Claim(this);
    }

    internal readonly unsafe ref struct Claim(Argon2Memory memory)
    {
        internal ulong* Start => memory.block.Start;

        public void Dispose() => Volatile.Write(ref memory.state, Idle);
    }
}
