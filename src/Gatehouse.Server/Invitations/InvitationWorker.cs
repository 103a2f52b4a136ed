using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Invitations;

/// <summary>
/// Works batches through, some rows of each tenant's oldest at a time. What a row came to is written in the transaction that invites: a process that dies in
/// between leaves the row as it was, and the next turn, in whichever process, goes on there.
/// </summary>
internal sealed class InvitationWorker(ISystemDatabase system, IDatabase database, TenantDirectory tenants, OrganizationDirectory organizations, InvitationDirectory invitations, TimeProvider clock, ILogger<InvitationWorker> log)
    : RepeatingJob(TimeSpan.FromSeconds(2), clock, log)
{
    private const int RowsPerTurn = 200;
    private readonly TimeProvider clock = clock;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        List<TenantId> waiting;
        await using (var read = await system.ReadAsync(ct)) waiting = await BatchStore.FindTenantsAsync(read, clock.Now(), ct);
        foreach (var id in waiting)
            if (await tenants.FindAsync(id, ct) is { Status: TenantStatus.Active } tenant) await WorkAsync(tenant, ct);
    }

    private async Task WorkAsync(TenantContext tenant, CancellationToken ct)
    {
        Batch? batch;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) batch = await BatchStore.FindOpenAsync(read, ct);
        if (batch is null) return;
        var after = 0L;
        for (var count = 0; count < RowsPerTurn; count++)
            if (await OneAsync(tenant, batch, after, ct) is { } number) after = number;
            else return;
    }

    /// <returns>The row's number; null when none is left.</returns>
    private async ValueTask<long?> OneAsync(TenantContext tenant, Batch batch, long after, CancellationToken ct)
    {
        // What an invitation began that came to nothing is undone before its row says why. Another process may take its turn in between: the reason is that row's alone.
        (long Row, string Code)? failed = null;
        while (true)
        {
            await using var tx = await database.BeginAsync(tenant.Id, ct);
            if (!await BatchStore.HoldAsync(tx, batch.Id, ct)) return null;
            if (await BatchStore.ListDueAsync(tx, batch.Id, after, 1, ct) is not [var row])
            {
                await BatchStore.FinishAsync(tx, batch.Id, clock.Now(), ct);
                await tx.CommitAsync(ct);
                return null;
            }
            InvitationId? sent = null;
            var failure = failed is var (at, code) && at == row.Number ? code : null;
            if (failure is null)
            {
                if (await organizations.FindAsync(tx, batch.OrganizationId, ct) is not { } organization) failure = "organization_not_found";
                else if ((await invitations.SendAsync(tx, tenant, organization, row.Email, row.Roles, batch.Locale, batch.Lifetime, new AuditActor(batch.ActorKind, batch.ActorId), RequestFacts.None, ct)).TryGet(out var invitation, out var problem))
                    sent = invitation.Id;
                else failure = problem.Code;
                if (failure is not null)
                {
                    failed = (row.Number, failure);
                    continue;
                }
            }
            if (!await BatchStore.AnswerAsync(tx, batch.Id, row.Number, failure ?? "invited", sent, ct)) return null;
            await BatchStore.AdvanceAsync(tx, batch.Id, 1, ct);
            await tx.CommitAsync(ct);
            return row.Number;
        }
    }
}
