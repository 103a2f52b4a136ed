using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Keys;

/// <summary>Gives a new tenant a key for each algorithm, signing at once: nobody has cached the set before.</summary>
internal sealed class SigningKeyInitializer(KeyMaker maker, AuditLog audit, TimeProvider clock) : ITenantInitializer
{
    public async ValueTask InitializeAsync(TenantTransaction tx, TenantContext tenant, CancellationToken ct)
    {
        foreach (var algorithm in KeySchedule.Algorithms)
        {
            var key = await maker.TryStoreAsync(tx, maker.New(JwsAlgorithm.TryParse(algorithm)!), KeyState.Active, clock.Now(), ct)
                ?? throw new InvalidOperationException($"Tenant {tenant.Id} has an {algorithm} key before it was created.");
            await audit.AppendAsync(tx, KeyRotation.Entry("key.created", key, AuditActor.System, RequestFacts.None), ct);
        }
    }
}
