using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.Extensions.Logging;

namespace Gatehouse.OAuth;

/// <summary>
/// Forgets what has expired: codes, refresh tokens, grants, denials, answers. In small bites, so that nobody waits behind it, and safely in several
/// processes at once.
/// </summary>
internal sealed class PruneOAuth(IDatabase database, TenantDirectory tenants, TimeProvider clock, ILogger<PruneOAuth> log)
    : RepeatingJob(TimeSpan.FromMinutes(10), clock, log, atStart: false)
{
    private readonly TimeProvider clock = clock;

    // Kept for a while after the end, so that a replay is still recognised as one.
    private static readonly TimeSpan afterlife = TimeSpan.FromDays(1);
    private const int Bite = 500, TenantPage = 200, MaxBites = 20;

    // Each deletes the oldest few; a primary key in a subquery is how both databases bound a DELETE.
    private static readonly string[] statements =
    [
        """
        DELETE FROM authorization_codes WHERE tenant_id = @tenant AND hash IN
            (SELECT hash FROM authorization_codes WHERE tenant_id = @tenant AND expires_at < @before ORDER BY expires_at LIMIT @limit)
        """,
        """
        DELETE FROM refresh_tokens WHERE tenant_id = @tenant AND hash IN
            (SELECT hash FROM refresh_tokens WHERE tenant_id = @tenant AND expires_at < @before ORDER BY expires_at LIMIT @limit)
        """,
        """
        DELETE FROM grants WHERE tenant_id = @tenant AND id IN
            (SELECT id FROM grants WHERE tenant_id = @tenant AND expires_at < @before ORDER BY expires_at LIMIT @limit)
        """,
        """
        DELETE FROM denied_tokens WHERE tenant_id = @tenant AND id IN
            (SELECT id FROM denied_tokens WHERE tenant_id = @tenant AND expires_at < @before ORDER BY expires_at LIMIT @limit)
        """,
        """
        DELETE FROM consent_answers WHERE tenant_id = @tenant AND interaction_id IN
            (SELECT interaction_id FROM consent_answers WHERE tenant_id = @tenant AND expires_at < @before ORDER BY expires_at LIMIT @limit)
        """,
    ];

    // One row for every request of a client with keys, and of no use once the assertion it stands for has expired.
    private const string Assertions = """
        DELETE FROM client_assertions WHERE tenant_id = @tenant AND (client_id, jti_hash) IN
            (SELECT client_id, jti_hash FROM client_assertions WHERE tenant_id = @tenant AND expires_at < @before ORDER BY expires_at LIMIT @limit)
        """;

    private const int AssertionBite = 5_000, MaxAssertionBites = 200;

    protected override async Task RunOnceAsync(CancellationToken ct)
    {
        TenantId? after = null;
        while (true)
        {
            var page = await tenants.ListActiveAsync(after, TenantPage, ct);
            foreach (var tenant in page) await PruneAsync(tenant, ct);
            if (page.Count < TenantPage) return;
            after = page[^1];
        }
    }

    internal async Task PruneAsync(TenantId tenant, CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var statement in statements)
        {
            for (var bite = 0; bite < MaxBites; bite++)
            {
                await using var tx = await database.BeginAsync(tenant, ct);
                var gone = await tx.ExecuteAsync(statement, [("before", now - afterlife), ("limit", Bite)], ct);
                await tx.CommitAsync(ct);
                if (gone < Bite) break;
            }
        }
        for (var bite = 0; bite < MaxAssertionBites; bite++)
        {
            await using var tx = await database.BeginAsync(tenant, ct);
            var gone = await tx.ExecuteAsync(Assertions, [("before", now), ("limit", AssertionBite)], ct);
            await tx.CommitAsync(ct);
            if (gone < AssertionBite) break;
        }
    }
}
