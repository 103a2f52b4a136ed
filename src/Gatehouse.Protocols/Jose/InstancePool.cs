namespace Gatehouse.Protocols.Jose;

/// <summary>
/// A few instances of a type that is not documented as safe for concurrent use (<c>ECDsa</c>, <c>RSA</c>): each caller has one to itself,
/// without a lock and without allocating. Bounded by a slot per processor and a few to spare; what does not fit on return is disposed of.
/// </summary>
internal sealed class InstancePool<T>(Func<T> create) : IDisposable where T : class, IDisposable
{
    private readonly T?[] slots = new T?[Environment.ProcessorCount + 4];
    private volatile bool disposed;

    public T Rent()
    {
        ThrowIfDisposed();
        var start = Thread.GetCurrentProcessorId();
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[(uint)(start + i) % (uint)slots.Length];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } instance) return instance;
        }
        return create();
    }

    public void Return(T instance)
    {
        var start = Thread.GetCurrentProcessorId();
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[(uint)(start + i) % (uint)slots.Length];
            if (slot is not null || Interlocked.CompareExchange(ref slot, instance, null) is not null) continue;
            // Disposed while this instance was out: empty the slots again, whichever of the two of us comes last.
            if (disposed) Empty();
            return;
        }
        instance.Dispose();
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    public void Dispose()
    {
        disposed = true;
        Empty();
    }

    private void Empty()
    {
        for (var i = 0; i < slots.Length; i++) Interlocked.Exchange(ref slots[i], null)?.Dispose();
    }
}
