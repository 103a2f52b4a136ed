using Gatehouse.Kernel;
using Gatehouse.Subtenants;
using Gatehouse.Tenants;

namespace Gatehouse.Account;

/// <summary>One that I asked for.</summary>
/// <param name="Issuer">Where it is reached; null before it is there, and after.</param>
internal sealed record OwnTenant(TenantRegistration Registration, string? Issuer);

/// <summary>Tenants of my own below this one.</summary>
internal sealed class MyTenants(TenantRegistrations registrations, TenantDirectory tenants)
{
    internal async ValueTask<IReadOnlyList<OwnTenant>> ListAsync(Own me, CancellationToken ct)
    {
        List<OwnTenant> list = [];
        foreach (var registration in await registrations.ListOfAsync(me.Tenant, me.Id, ct)) list.Add(await WithIssuerAsync(registration, ct));
        return list;
    }

    internal async ValueTask<Result<OwnTenant, Problem>> RegisterAsync(Own me, string? slug, string? name, string? domain, CancellationToken ct) =>
        (await registrations.RegisterAsync(me.Tenant, me.Id, slug, name, domain, me.Request, ct)).TryGet(out var made, out var problem) ? await WithIssuerAsync(made, ct) : problem;

    internal async ValueTask<Result<OwnTenant, Problem>> VerifyDomainAsync(Own me, string? id, CancellationToken ct) =>
        (await registrations.VerifyDomainAsync(me.Tenant, me.Id, id, me.Request, ct)).TryGet(out var made, out var problem) ? await WithIssuerAsync(made, ct) : problem;

    internal ValueTask<Problem?> WithdrawAsync(Own me, string? id, CancellationToken ct) => registrations.WithdrawAsync(me.Tenant, me.Id, id, me.Request, ct);

    private async ValueTask<OwnTenant> WithIssuerAsync(TenantRegistration r, CancellationToken ct) => new(r, r.Created is { } created ? (await tenants.FindAsync(created, ct))?.Issuer : null);
}
