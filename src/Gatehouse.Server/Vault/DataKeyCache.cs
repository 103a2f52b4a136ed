using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Vault;

/// <summary>
/// Unwrapped data keys in memory. A key is copied out under the lock, so one that is being forgotten (cleared) is never used half
/// cleared. At most <see cref="Capacity"/> of them; then all are forgotten, which costs one read each.
/// </summary>
internal sealed class DataKeyCache : IDisposable
{
    internal const int Capacity = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(TenantId Tenant, int Version), byte[]> keys = [];
    private readonly Dictionary<TenantId, int> current = [];

    internal bool TryCopyCurrent(TenantId tenant, Span<byte> key, out int version)
    {
        lock (gate) return current.TryGetValue(tenant, out version) && TryCopy(tenant, version, key);
    }

    internal bool TryCopy(TenantId tenant, int version, Span<byte> key)
    {
        lock (gate)
        {
            if (!keys.TryGetValue((tenant, version), out var held)) return false;
            held.CopyTo(key);
            return true;
        }
    }

    /// <param name="isCurrent">Whether this is the tenant's highest version.</param>
    internal void Keep(TenantId tenant, int version, ReadOnlySpan<byte> key, bool isCurrent)
    {
        lock (gate)
        {
            if (keys.Count >= Capacity) Clear();
            if (!keys.ContainsKey((tenant, version))) keys.Add((tenant, version), key.ToArray());
            if (isCurrent) current[tenant] = version;
        }
    }

    public void Dispose()
    {
        lock (gate) Clear();
    }

    private void Clear()
    {
        foreach (var key in keys.Values) CryptographicOperations.ZeroMemory(key);
        keys.Clear();
        current.Clear();
    }
}
