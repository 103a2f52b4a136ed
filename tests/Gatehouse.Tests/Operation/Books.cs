using Gatehouse.Audit;
using Gatehouse.Hosting;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tests.Operation;

/// <summary>What the database of a stopped installation says about its people, its audit and its outbox, read past the product's own interfaces.</summary>
internal sealed record Books(IReadOnlySet<string> Users, IReadOnlySet<string> UsersInAudit, IReadOnlySet<string> UsersInOutbox, long UsersWithoutAddress, long Unsealed, AuditBreak? Broken)
{
    internal static async Task<Books> ReadAsync(Installation installation)
    {
        await using var app = GatehouseApp.Build(new GatehouseAppOptions { Settings = installation.Settings, ReadEnvironment = false, Logging = logging => logging.SetMinimumLevel(LogLevel.Warning) });
        await using var tx = await app.Services.GetRequiredService<ISystemDatabase>().ReadAsync(CancellationToken.None);
        var tenant = (await tx.ListAsync("SELECT id FROM tenants", [], row => row.Id<TenantId>(0), CancellationToken.None)).ShouldHaveSingleItem();
        var users = await tx.ListAsync("SELECT user_id FROM user_emails WHERE normalized <> 'admin@example.com'", [], row => row.Id<UserId>(0).ToString(), CancellationToken.None);
        var audited = await tx.ListAsync("SELECT target_id FROM audit_entries WHERE target_kind = 'user' AND action = 'user.created'", [], row => row.Text(0), CancellationToken.None);
        audited.AddRange(await tx.ListAsync("SELECT target_id FROM audit_inbox WHERE target_kind = 'user' AND action = 'user.created'", [], row => row.Text(0), CancellationToken.None));
        var announced = await tx.ListAsync("SELECT payload FROM outbox_events WHERE name = 'user.created'", [], row => row.Text(0), CancellationToken.None);
        var everybody = await tx.ListAsync("SELECT id FROM users", [], row => row.Id<UserId>(0).ToString(), CancellationToken.None);
        var homeless = await tx.ListAsync("SELECT u.id FROM users u WHERE NOT EXISTS (SELECT 1 FROM user_emails e WHERE e.tenant_id = u.tenant_id AND e.user_id = u.id)", [], row => row.Guid(0), CancellationToken.None);
        // The administrator was made by the first run, not by this operation.
        var administrator = everybody.Except(users).ShouldHaveSingleItem();
        audited.Remove(administrator);
        announced.RemoveAll(a => a.Contains(administrator, StringComparison.Ordinal));
        audited.Count.ShouldBe(audited.Distinct().Count());
        announced.Count.ShouldBe(announced.Distinct().Count());
        var audit = await app.Services.GetRequiredService<AuditVerifier>().VerifyAsync(tenant, CancellationToken.None);
        var inOutbox = users.Where(u => announced.Any(a => a.Contains(u, StringComparison.Ordinal))).ToHashSet();
        announced.Count.ShouldBe(inOutbox.Count, "an event tells of nobody");
        return new(users.ToHashSet(), audited.ToHashSet(), inOutbox, homeless.Count, audit.Unsealed, audit.Break);
    }
}
