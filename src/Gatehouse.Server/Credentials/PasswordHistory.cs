using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Credentials;

/// <summary>
/// A user's last passwords, where the tenant wants to know them: hashes as they were stored, so that comparing with each costs what a sign-in
/// costs. Each comparison waits its turn at the gate by itself, and a user's tries are limited.
/// </summary>
internal sealed class PasswordHistory(IDatabase database, TenantDirectory tenants, PasswordHasher hasher, RateLimit limits, TimeProvider clock)
{
    private const int TriesPerWindow = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <returns>Null when it is none of her last ones; <c>password_used_before</c>, <c>password_tries_too_many</c>, <c>busy</c>.</returns>
    internal async ValueTask<Problem?> CheckAsync(TenantContext tenant, UserId user, byte[] password, CancellationToken ct)
    {
        // The present one always: nobody makes it younger by setting it again.
        var count = Math.Max(1, tenant.Settings.Passwords.History);
        List<string> stored;
        await using (var tx = await database.ReadAsync(tenant.Id, ct)) stored = await PasswordHistoryStore.ListAsync(tx, user, count - 1, ct);
        if (stored.Count == 0) return null;
        if (!await limits.TryTakeAsync(tenant.Id, "password.history", user.ToString(), TriesPerWindow, Window, ct))
            return Problem.TooMany("password_tries_too_many", "Too many new passwords were tried for this account. Wait ten minutes.");
        foreach (var phc in stored)
        {
            if (await hasher.VerifyAsync(password, phc, ct) is not var (same, _)) return PasswordHasher.Busy;
            if (same) return Problem.Invalid("password_used_before", count == 1 ? "That is the present password. Choose another." : $"That is one of the last {count} passwords. Choose another.", "password");
        }
        return null;
    }

    /// <summary>Puts the present password among the old ones, before it is replaced, and lets go of what is more than the tenant keeps.</summary>
    internal async ValueTask KeepAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        // Two that set it at once take turns from here on. Nobody who never had a password has a history.
        if (!await PasswordHistoryStore.HoldAsync(tx, user, ct)) return;
        var kept = Kept(await tenants.FindAsync(tx.Tenant, ct));
        if (kept > 0)
        {
            await PasswordHistoryStore.AgeAsync(tx, user, ct);
            await PasswordHistoryStore.AddAsync(tx, user, clock.Now(), ct);
        }
        await PasswordHistoryStore.TrimAsync(tx, user, kept, ct);
    }

    /// <summary>How many old passwords a tenant keeps: the present one is the first of those it refuses.</summary>
    internal static int Kept(TenantContext? tenant) => Math.Max(0, (tenant?.Settings.Passwords.History ?? 0) - 1);
}

/// <summary>Every hour, for each active tenant: old passwords beyond what it keeps by now. Most of the time nothing, after one look at an index.</summary>
internal sealed class PasswordHistoryPruning(IDatabase database, TenantDirectory tenants, TimeProvider clock, ILogger<PasswordHistoryPruning> log)
    : RepeatingJob(TimeSpan.FromHours(1), clock, log, atStart: false)
{
    private const int PageSize = 100, MaxBatches = 200;

    protected override Task RunOnceAsync(CancellationToken ct) => RunAsync(ct);

    internal async Task RunAsync(CancellationToken ct)
    {
        TenantId? after = null;
        while (await tenants.ListActiveAsync(after, PageSize, ct) is { Count: > 0 } page)
        {
            foreach (var id in page)
                if (await tenants.FindAsync(id, ct) is { } tenant)
                    for (int batch = 0, found = 1; batch < MaxBatches && found > 0; batch++) found = await PruneAsync(tenant, ct);
            after = page[^1];
        }
    }

    private async ValueTask<int> PruneAsync(TenantContext tenant, CancellationToken ct)
    {
        var kept = PasswordHistory.Kept(tenant);
        await using (var read = await database.ReadAsync(tenant.Id, ct))
            if (!await PasswordHistoryStore.AnyBeyondAsync(read, kept, ct)) return 0;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var deleted = await PasswordHistoryStore.PruneAsync(tx, kept, ct);
        await tx.CommitAsync(ct);
        return deleted;
    }
}
