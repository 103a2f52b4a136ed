using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

public sealed class OutboxIsolationTests
{
    private const string Insert = "INSERT INTO outbox_events (tenant_id, id, name, payload, created_at) VALUES (@tenant, @id, 'a.b', @payload, @at)";
    private const string Count = "SELECT count(*) FROM outbox_events WHERE tenant_id = @tenant";

    private static async Task PublishAsync(TestStorage storage, TenantId tenant, TimeSpan age)
    {
        await using var tx = await storage.Database.BeginAsync(tenant, default);
        await tx.ExecuteAsync(Insert, [("id", EventId.New(storage.Clock)), ("payload", new Json("{}")), ("at", storage.Clock.Now() - age)], default);
        await tx.CommitAsync(default);
    }

    private static async Task<long?> CountAsync(TestStorage storage, TenantId tenant)
    {
        await using var tx = await storage.Database.ReadAsync(tenant, default);
        return await tx.FindValueAsync(Count, [], row => row.Long(0), default);
    }

    [Theory, BothDatabases]
    public async Task Forgets_only_what_is_older_than_a_week_and_only_the_tenants_own(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, services => services.AddEvents());
        foreach (var tenant in new[] { storage.One, storage.Two })
        {
            await PublishAsync(storage, tenant, TimeSpan.FromDays(8));
            await PublishAsync(storage, tenant, TimeSpan.FromDays(6));
        }
        var pruning = storage.Services.GetRequiredService<OutboxPruning>();
        (await pruning.DeleteAsync(storage.Two, storage.Clock.Now() - OutboxPruning.Retention, default)).ShouldBe(1);
        (await CountAsync(storage, storage.One)).ShouldBe(2);
        await pruning.PruneAsync(default);
        (await CountAsync(storage, storage.One)).ShouldBe(1);
        (await CountAsync(storage, storage.Two)).ShouldBe(1);
    }
}
