using Gatehouse.Applications;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>A person's consents for the doors that show them. Taking one back ends what stands on it, in the same transaction.</summary>
internal sealed class ConsentRecords(ClientDirectory clients, GrantRevocation grants, EventOutbox events) : IConsentRecords
{
    private const int MaxListed = 200;

    public async ValueTask<IReadOnlyList<ConsentRecord>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var records = new List<ConsentRecord>();
        foreach (var byClient in (await ConsentStore.ListOfUserAsync(tx, user, ct)).GroupBy(row => row.Client))
        {
            if (records.Count == MaxListed) break;
            // Deleting a client deletes its consents; one without a client is being deleted at this moment.
            if (await clients.FindAsync(tx.Tenant, byClient.Key, ct) is not { } client) continue;
            records.Add(new(byClient.Key, client.Name, [.. byClient.Select(row => row.Scope)], byClient.Max(row => row.At)));
        }
        return records;
    }

    public async ValueTask<bool> RevokeAsync(TenantTransaction tx, UserId user, ClientId client, CancellationToken ct)
    {
        if (!await ConsentStore.DeleteAsync(tx, user, client, ct)) return false;
        await grants.RevokeAsync(tx, user, client, "consent_revoked", ct);
        await events.PublishAsync(tx, new ConsentRevoked(user, client), ct);
        return true;
    }
}
