using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.Account;

/// <summary>The browsers in which I am not asked for my second step, and no longer.</summary>
internal sealed class MyDevices(IDatabase database, TrustedDevices devices)
{
    private const string Reason = "ended_by_user";

    internal async ValueTask<IReadOnlyList<TrustedDevice>> ListAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await devices.ListAsync(tx, me.Tenant, me.Id, ct);
    }

    /// <returns>Null when it is done; 404 <c>device_not_found</c>, also for somebody else's.</returns>
    internal async ValueTask<Problem?> RevokeAsync(Own me, TrustedDeviceId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await devices.RevokeAsync(tx, id, me.Id, Audit.AuditActor.User(me.Id), me.Request, Reason, ct)) return NotFound;
        await tx.CommitAsync(ct);
        return null;
    }

    /// <summary>Also the one she is in.</summary>
    internal async ValueTask RevokeAllAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        await devices.RevokeAllAsync(tx, me.Id, Audit.AuditActor.User(me.Id), me.Request, Reason, ct);
        await tx.CommitAsync(ct);
    }

    internal static Problem NotFound { get; } = Problem.NotFound("device_not_found", "You trust no such device, or no longer.");
}
