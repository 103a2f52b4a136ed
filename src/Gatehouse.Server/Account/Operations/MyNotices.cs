using Gatehouse.Audit;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>Which notices I want. Those about my account's safety always come.</summary>
internal sealed class MyNotices(IDatabase database, AuditLog audit)
{
    internal async ValueTask<IReadOnlyDictionary<string, bool>> ListAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await UserNotices.ListAsync(tx, me.Id, ct);
    }

    /// <param name="wanted">By the name of the notice; one that is not named stays as it is.</param>
    /// <returns>All of them as they are then.</returns>
    internal async ValueTask<IReadOnlyDictionary<string, bool>> SetAsync(Own me, IReadOnlyDictionary<string, bool> wanted, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        List<string> changed = [];
        foreach (var notice in UserNotices.Optional)
            if (wanted.TryGetValue(notice, out var on) && await UserNotices.SetAsync(tx, me.Id, notice, on, ct)) changed.Add($"{notice}={(on ? "on" : "off")}");
        var all = await UserNotices.ListAsync(tx, me.Id, ct);
        if (changed.Count == 0) return all;
        await audit.AppendAsync(tx, me.Entry("user.notices_changed") with { Details = new Dictionary<string, string> { ["notices"] = string.Join(' ', changed) } }, ct);
        await tx.CommitAsync(ct);
        return all;
    }
}
