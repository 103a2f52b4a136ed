using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Users.Deleting;

namespace Gatehouse.Account;

/// <summary>How my account ends.</summary>
/// <param name="At">When; null: it has.</param>
internal sealed record Ending(DateTimeOffset? At);

/// <summary>The end of my account, where the tenant leaves it to me: at once, or after the days in which I can change my mind.</summary>
internal sealed class MyAccount(IDatabase database, OwnUser own, UserDirectory users, Deletions deletions, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    /// <returns>What became of it; 403 <c>account_deletion_off</c>; 409 <c>deletion_scheduled</c>, <c>last_administrator</c>, <c>last_owner</c>.</returns>
    internal async ValueTask<Result<Ending, Problem>> DeleteAsync(Own me, CancellationToken ct)
    {
        if (!me.Tenant.Settings.Account.Deletion) return Problem.Forbidden("account_deletion_off", "This service does not let you delete your account yourself. Ask the people who run it.");
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (me.Tenant.Settings.Account.DeletionGraceDays is > 0 and var days)
        {
            if (await users.FindAsync(tx, me.Id, ct) is not { } user) return NoEnd;
            if (!(await deletions.ScheduleAsync(tx, me.Tenant, user, clock.Now().AddDays(days), null, me.Request, disable: false, eraseAudit: false, ct)).TryGet(out var made, out var problem)) return problem;
            await tx.CommitAsync(ct);
            return new Ending(made.At);
        }
        if (await own.DeleteAsync(tx, me.Id, ct) is { } refused) return refused;
        await audit.AppendAsync(tx, me.Entry("user.deleted"), ct);
        if (me.Visitor.User.PrimaryEmail is { } email)
            await mailer.QueueAsync(tx, me.Tenant, new Mail(email.Address, "account_deleted", me.Language, new Dictionary<string, string> { ["link"] = me.Tenant.Issuer }), ct);
        await tx.CommitAsync(ct);
        return new Ending(null);
    }

    /// <summary>When it is to end, whoever decided that; null: it is not.</summary>
    internal async ValueTask<ScheduledDeletion?> FindEndAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await deletions.FindAsync(tx, me.Id, ct);
    }

    /// <summary>Calls off what I asked for. It needs no fresh proof: nothing is lost by it.</summary>
    /// <returns>Null when it is done; 403 <c>deletion_by_administrator</c>; 404 <c>deletion_not_found</c>.</returns>
    internal async ValueTask<Problem?> KeepAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await deletions.CancelAsync(tx, me.Tenant, me.Id, AuditActor.User(me.Id), me.Request, ct) is not { } cancelled) return NoEnd;
        if (cancelled.RequestedBy is not null) return Problem.Forbidden("deletion_by_administrator", "The people who run this service decided that. Ask them.");
        await tx.CommitAsync(ct);
        return null;
    }

    internal static Problem NoEnd { get; } = Problem.NotFound("deletion_not_found", "Your account is not to be deleted.");
}
