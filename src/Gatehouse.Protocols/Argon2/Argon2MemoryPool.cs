using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.Argon2;

/// <summary>
/// At most so many blocks of memory for hashing, rented and idle together, so that a flood of sign-ins waits instead of exhausting
/// memory. Idle blocks stay resident: a fresh one costs more to zero, page by page, than the hash itself. Whatever is rented is zero.
/// </summary>
public sealed class Argon2MemoryPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<MemoryBlock> idle; // the most recently used last: its pages are likeliest to be cached
    private readonly SemaphoreSlim permits;
    private readonly int maxBlockKiB;
    private bool disposed;

    /// <param name="maxBlocks">How many hashes may be at work at once, 1 or more.</param>
    /// <param name="maxBlockKiB">The largest block anybody may rent; the pool never holds more than the product of both.</param>
    public Argon2MemoryPool(int maxBlocks, int maxBlockKiB = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBlockKiB, 8);
        MaxBlocks = maxBlocks;
        this.maxBlockKiB = maxBlockKiB;
        idle = new List<MemoryBlock>(maxBlocks);
        permits = new SemaphoreSlim(maxBlocks, maxBlocks);
    }

    public int MaxBlocks { get; }

    /// <summary>Rents a block of at least so much, waiting for another to be returned if all are out.</summary>
    public async ValueTask<Argon2Memory> RentAsync(int memoryKiB, CancellationToken ct)
    {
        RequireAllowed(memoryKiB);
        await permits.WaitAsync(ct).ConfigureAwait(false);
        return Take(memoryKiB);
    }

    /// <summary>Rents a block of at least so much, unless all are out.</summary>
    public bool TryRent(int memoryKiB, [NotNullWhen(true)] out Argon2Memory? memory)
    {
        RequireAllowed(memoryKiB);
        memory = permits.Wait(0) ? Take(memoryKiB) : null;
        return memory is not null;
    }

    /// <summary>Frees the idle blocks; rented ones are freed when they are returned.</summary>
    public void Dispose()
    {
        List<MemoryBlock> freed;
        lock (gate)
        {
            disposed = true;
            freed = [.. idle];
            idle.Clear();
        }
        foreach (var block in freed) block.Dispose();
    }

    internal void Return(MemoryBlock block)
    {
        block.Clear();
        lock (gate)
        {
            if (!disposed) idle.Add(block);
        }
        if (disposed) block.Dispose(); // disposing twice, should Dispose have taken it meanwhile, is harmless
        permits.Release();
    }

    private void RequireAllowed(int memoryKiB)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKiB, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memoryKiB, maxBlockKiB);
    }

    // With a permit in hand there are fewer than MaxBlocks blocks out, so a full list of idle ones has one to give up.
    private Argon2Memory Take(int memoryKiB)
    {
        var bytes = (nuint)memoryKiB * 1024;
        MemoryBlock? unfit = null;
        try
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                var found = idle.FindLastIndex(block => block.CapacityBytes >= bytes);
                if (found < 0 && idle.Count > permits.CurrentCount) found = 0;
                if (found >= 0)
                {
                    var block = idle[found];
                    idle.RemoveAt(found);
                    if (block.CapacityBytes >= bytes) return new Argon2Memory(this, block);
                    unfit = block;
                }
            }
            unfit?.Dispose();
            return new Argon2Memory(this, MemoryBlock.Allocate(bytes));
        }
        catch
        {
            permits.Release();
            throw;
        }
    }
}
