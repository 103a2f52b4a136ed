using Gatehouse.Audit;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Account;

/// <summary>A recovery of my account, whoever asked for it. Stopping it needs no fresh proof: whoever can look in may keep others out.</summary>
internal sealed class MyRecovery(IDatabase database, Recoveries recoveries)
{
    internal async ValueTask<Recovery?> FindAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await recoveries.FindAsync(tx, me.Id, ct);
    }

    /// <returns>Null when it is done; 404 <c>recovery_not_found</c>.</returns>
    internal async ValueTask<Problem?> CancelAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await recoveries.CancelAsync(tx, me.Tenant, me.Id, AuditActor.User(me.Id), "account", me.Language, me.Request, ct)) return NotFound;
        await tx.CommitAsync(ct);
        return null;
    }

    internal static Problem NotFound { get; } = Problem.NotFound("recovery_not_found", "No recovery of your account is under way.");
}
