using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.Account;

/// <summary>Where I am signed in, what I call it, and no longer.</summary>
internal sealed class MySessions(IDatabase database, SessionDirectory sessions, AuditLog audit)
{
    internal async ValueTask<Page<Session>> ListAsync(Own me, PageRequest page, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await sessions.ListAsync(tx, me.Tenant, me.Id, page, ct);
    }

    /// <param name="name">Blank forgets the name.</param>
    /// <returns>Null when it is done; 404 <c>session_not_found</c>; 422 <c>session_name_invalid</c>.</returns>
    internal async ValueTask<Problem?> NameAsync(Own me, SessionId id, string? name, CancellationToken ct)
    {
        var called = string.IsNullOrWhiteSpace(name) ? null : PasskeyName.Parse(name);
        if (called is null && !string.IsNullOrWhiteSpace(name)) return Problem.Invalid("session_name_invalid", $"A name has at most {PasskeyName.MaxLength} characters and no invisible ones.", "name");
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await sessions.NameAsync(tx, id, me.Id, called, ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("session.renamed", "session", id.ToString()), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <returns>Null when it is done; 404 <c>session_not_found</c>, also for somebody else's.</returns>
    internal async ValueTask<Problem?> EndAsync(Own me, SessionId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await sessions.RevokeAsync(tx, id, me.Id, "ended_by_user", ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("session.ended", "session", id.ToString()), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <summary>All but the one she is in.</summary>
    internal async ValueTask EndOthersAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        var ended = await sessions.RevokeAllAsync(tx, me.Id, me.Visitor.Session.Id, "ended_by_user", ct);
        await audit.AppendAsync(tx, me.Entry("session.others_ended") with
        {
            Details = new Dictionary<string, string> { ["count"] = ended.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        }, ct);
        await tx.CommitAsync(ct);
    }

    internal static Problem NotFound { get; } = Problem.NotFound("session_not_found", "You have no such session, or it has ended.");
}
