using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Account;

/// <summary>What may act in my name, and no longer.</summary>
internal sealed class MyConsents(IDatabase database, IConsentRecords consents, AuditLog audit)
{
    internal async ValueTask<IReadOnlyList<ConsentRecord>> ListAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await consents.ListAsync(tx, me.Id, ct);
    }

    /// <returns>Null when it is done; 404 <c>consent_not_found</c>.</returns>
    internal async ValueTask<Problem?> RevokeAsync(Own me, ClientId client, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await consents.RevokeAsync(tx, me.Id, client, ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("consent.revoked", "client", client.ToString()), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    internal static Problem NotFound { get; } = Problem.NotFound("consent_not_found", "You have allowed this application nothing.");
}
