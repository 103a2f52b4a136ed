using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>The end of my account, where the tenant leaves it to me.</summary>
internal sealed class MyAccount(IDatabase database, OwnUser own, Mailer mailer, AuditLog audit)
{
    /// <returns>Null when it is done; 403 <c>account_deletion_off</c>; 409 <c>last_administrator</c>.</returns>
    internal async ValueTask<Problem?> DeleteAsync(Own me, CancellationToken ct)
    {
        if (!me.Tenant.Settings.Account.Deletion) return Problem.Forbidden("account_deletion_off", "This service does not let you delete your account yourself. Ask the people who run it.");
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await own.DeleteAsync(tx, me.Id, ct) is { } refused) return refused;
        await audit.AppendAsync(tx, me.Entry("user.deleted"), ct);
        if (me.Visitor.User.PrimaryEmail is { } email)
            await mailer.QueueAsync(tx, me.Tenant, new Mail(email.Address, "account_deleted", me.Language, new Dictionary<string, string> { ["link"] = me.Tenant.Issuer }), ct);
        await tx.CommitAsync(ct);
        return null;
    }
}
