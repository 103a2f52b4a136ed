using Gatehouse.Audit;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Account;

/// <summary>Who did something, as the person concerned is told: never who exactly, when it was not she.</summary>
public enum ActivityBy { You, Administrator, Application, System, Somebody }

/// <summary>One thing that happened to my account or that I did.</summary>
/// <param name="Action">As the audit has it, for example <c>session.started</c>.</param>
/// <param name="Outcome"><c>success</c>, <c>failure</c> or <c>denied</c>.</param>
/// <param name="IpAddress">Empty where it is not hers to know: another person's.</param>
public sealed record Activity(AuditId Id, DateTimeOffset At, string Action, string Outcome, ActivityBy By, string IpAddress, string UserAgent);

/// <summary>What happened in my account.</summary>
internal sealed class MyActivity(IDatabase database, AuditTrail trail)
{
    internal async ValueTask<Page<Activity>> ListAsync(Own me, PageRequest page, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await ListAsync(tx, me, page, ct);
    }

    internal async ValueTask<Page<Activity>> ListAsync(TenantTransaction tx, Own me, PageRequest page, CancellationToken ct)
    {
        var found = await trail.ListOfAsync(tx, me.Id.ToString(), page, ct);
        return new([.. found.Items.Select(e => Of(me.Id, e))], found.Next);
    }

    private static Activity Of(UserId me, AuditTrailEntry entry)
    {
        var by = entry.ActorKind switch
        {
            "user" when entry.ActorId == me.ToString() => ActivityBy.You,
            "user" => ActivityBy.Administrator,
            "client" or "api_key" => ActivityBy.Application,
            "system" => ActivityBy.System,
            _ => ActivityBy.Somebody,
        };
        // Where an administrator sits is not the user's to know; where somebody tried to sign in as her is.
        var place = by is ActivityBy.You or ActivityBy.Somebody;
        return new(entry.Id, entry.At, entry.Action, entry.Outcome, by, place ? entry.IpAddress : "", place ? entry.UserAgent : "");
    }
}
