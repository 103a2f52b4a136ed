using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

public sealed class AuditIsolationTests
{
    private static readonly AuditFilter All = new(null, null, null, null, null);
    private static readonly PageRequest Page = new(50, null);

    private static Task<TestStorage> OpenAsync(TestDatabase kind) => TestStorage.OpenAsync(kind, services =>
    {
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AuditSealer>();
    });

    private static async Task AppendAsync(TestStorage storage, TenantId tenant, string action)
    {
        await using var tx = await storage.Database.BeginAsync(tenant, default);
        await storage.Services.GetRequiredService<AuditLog>().AppendAsync(tx, new(action, AuditOutcome.Success, new("user", "usr_1"), "client", "cli_1",
            new("203.0.113.9", "agent/1", "r-1"), new Dictionary<string, string> { ["reason"] = "because" }), default);
        await tx.CommitAsync(default);
    }

    private static async Task<List<AuditRow>> ListAsync(TestStorage storage, TenantId tenant, AuditFilter? filter = null)
    {
        await using var tx = await storage.Database.ReadAsync(tenant, default);
        return await AuditStore.ListAsync(tx, filter ?? All, Page, default);
    }

    [Theory, BothDatabases]
    public async Task Shows_a_tenant_only_its_own_entries(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await AppendAsync(storage, storage.One, "user.created");
        (await ListAsync(storage, storage.One)).ShouldHaveSingleItem().Action.ShouldBe("user.created");
        foreach (var filter in new[] { All, All with { Actor = "usr_1" }, All with { Target = "cli_1" }, All with { Action = "user.created" }, All with { From = storage.Clock.Now().AddDays(-1) } })
            (await ListAsync(storage, storage.Two, filter)).ShouldBeEmpty();
        await using var tx = await storage.Database.ReadAsync(storage.Two, default);
        (await AuditStore.ListUnsealedAsync(tx, 10, default)).ShouldBeEmpty();
        (await AuditStore.ReadEndsAsync(tx, default)).ShouldBe((0, 0));
    }

    [Theory, BothDatabases]
    public async Task Links_no_entry_and_moves_no_head_of_another_tenant(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await AppendAsync(storage, storage.One, "user.created");
        var entry = (await ListAsync(storage, storage.One))[0];
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await AuditStore.TryLinkAsync(tx, entry.Id, new(1, new byte[32]), default)).ShouldBeFalse();
            await tx.CommitAsync(default);
        }
        await storage.Services.GetRequiredService<AuditSealer>().SealBatchAsync(storage.One, default);
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await AuditStore.FindHeadAsync(tx, default)).Seq.ShouldBe(0);
            (await AuditStore.TryMoveHeadAsync(tx, new(1, []), new(2, new byte[32]), default)).ShouldBeFalse();
            (await AuditStore.ListChainAsync(tx, 0, 10, default)).ShouldBeEmpty();
        }
        await using var own = await storage.Database.ReadAsync(storage.One, default);
        (await AuditStore.FindHeadAsync(own, default)).Seq.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Seals_one_tenant_without_touching_another(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await AppendAsync(storage, storage.One, "a.b");
        await AppendAsync(storage, storage.Two, "c.d");
        await storage.Services.GetRequiredService<AuditSealer>().SealBatchAsync(storage.One, default);
        (await ListAsync(storage, storage.One))[0].Seq.ShouldBe(1);
        (await ListAsync(storage, storage.Two))[0].Seq.ShouldBeNull();
    }
}
