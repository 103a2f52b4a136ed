using Gatehouse.Kernel;

namespace Gatehouse.Storage;

internal static class Tenants
{
    /// <summary>There is no default tenant: the empty id never opens a transaction.</summary>
    internal static void Require(TenantId tenant)
    {
        if (tenant == default) throw new ArgumentException("A transaction needs a tenant; the empty id is not one.", nameof(tenant));
    }
}
