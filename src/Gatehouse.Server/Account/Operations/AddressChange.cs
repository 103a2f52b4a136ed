using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>What becomes of one of my addresses or numbers.</summary>
/// <param name="Action">The audit's name for it.</param>
/// <param name="Notice">The mail that tells of it.</param>
/// <param name="Path">Where the mail's link leads.</param>
internal sealed record AddressChange(string Action, string Notice, string Path)
{
    /// <summary>Reads me, changes what is to be changed, says so in the audit and by mail, and commits; after a problem nothing happened.</summary>
    /// <param name="tell">From me before and after: the values of the mail, and where it goes.</param>
    internal async ValueTask<Result<User, Problem>> ApplyAsync(TenantTransaction tx, Own me, UserDirectory users, Mailer mailer, AuditLog audit,
        Func<TenantTransaction, User, ValueTask<Result<User, Problem>>> change, Func<User, User, ((string Name, string Value) What, string?[] To)> tell, CancellationToken ct)
    {
        if (await users.FindAsync(tx, me.Id, ct) is not { } before) return ETags.Changed;
        if (!(await change(tx, before)).TryGet(out var after, out var problem)) return problem;
        var (what, to) = tell(before, after);
        await TellAsync(tx, me, mailer, audit, after, what, to, ct);
        await tx.CommitAsync(ct);
        return after;
    }

    /// <summary>The entry and the mails, for a change that somebody else makes and commits.</summary>
    internal async ValueTask TellAsync(TenantTransaction tx, Own me, Mailer mailer, AuditLog audit, User user, (string Name, string Value) what, string?[] to, CancellationToken ct)
    {
        await audit.AppendAsync(tx, me.Entry(Action), ct);
        foreach (var recipient in to.OfType<string>().Distinct(StringComparer.Ordinal))
            await mailer.QueueAsync(tx, me.Tenant, new Mail(recipient, Notice, user.Locale ?? me.Language,
                new Dictionary<string, string> { ["link"] = me.Tenant.Url(Path), [what.Name] = what.Value }) { About = me.Id }, ct);
    }
}
