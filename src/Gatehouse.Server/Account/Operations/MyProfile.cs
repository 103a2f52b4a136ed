using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>What I am called, which language I read, where I live, and what else this place keeps of me and lets me see.</summary>
internal sealed class MyProfile(IDatabase database, UserDirectory users, OwnUser own, Mailer mailer, AuditLog audit)
{
    /// <param name="wanted">What she wants to be, seen from what she is now; of the attributes only those that she may change (<see cref="OwnAttributes.CheckPatch"/>).</param>
    /// <returns>The user as she is then; 412 <c>version_mismatch</c>; 422 as <see cref="Profile"/> says.</returns>
    internal async ValueTask<Result<User, Problem>> ChangeAsync(Own me, Func<User, Result<Profile, Problem>> wanted, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await users.FindAsync(tx, me.Id, ct) is not { } user) return ETags.Changed;
        if (!wanted(user).TryGet(out var profile, out var problem)) return problem;
        if (OwnAttributes.CheckPatch(me.Tenant, profile.Attributes) is { } refused) return refused;
        if (!(await own.ChangeProfileAsync(tx, user, profile, ct)).TryGet(out var changed, out problem)) return problem;
        await audit.AppendAsync(tx, me.Entry("user.updated"), ct);
        await ProfileNotice.QueueAsync(tx, mailer, me.Tenant, changed, me.Language, ct);
        await tx.CommitAsync(ct);
        return changed;
    }
}
