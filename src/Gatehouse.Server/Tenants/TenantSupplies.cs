namespace Gatehouse.Tenants;

/// <summary>
/// For a room whose share of a new tenant takes long to make and needs no database (signing keys): what it prepares is ready before the
/// transaction begins, in which, on SQLite, everybody else waits to write.
/// </summary>
public interface ITenantPreparation
{
    IPreparedInitializer Prepare();
}

/// <summary>A room's share of one new tenant. Disposed when the attempt is over, whether there is a tenant now or not.</summary>
public interface IPreparedInitializer : ITenantInitializer, IDisposable;

/// <summary>What is needed for one attempt to create a tenant, from <see cref="TenantCreation.Prepare"/>.</summary>
public sealed class TenantSupplies : IDisposable
{
    internal TenantSupplies(IReadOnlyList<IPreparedInitializer> prepared) => Prepared = prepared;

    internal IReadOnlyList<IPreparedInitializer> Prepared { get; }

    public void Dispose()
    {
        foreach (var one in Prepared) one.Dispose();
    }
}
