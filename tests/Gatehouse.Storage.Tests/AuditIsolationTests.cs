using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

public sealed class AuditIsolationTests
{
    private static readonly AuditFilter All = new(null, null, null, null, null);
    private static readonly PageRequest Page = new(50, null);

    private static Task<TestStorage> OpenAsync(TestDatabase kind) => TestStorage.OpenAsync(kind, services =>
    {
        services.AddVault();
        services.Configure<VaultOptions>(o => o.MasterKey = Convert.ToBase64String(new byte[32]));
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<PersonKeys>();
        services.AddSingleton<AuditSealer>();
        services.AddSingleton<HeadSigner>();
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
        (await AuditStore.ListUnlinkedAsync(tx, 10, default)).ShouldBeEmpty();
        (await AuditInbox.ListOldestAsync(tx, 10, default)).ShouldBeEmpty();
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
            (await AuditStore.TryLinkAsync(tx, entry, new(1, new byte[32]), default)).ShouldBeFalse();
            await tx.CommitAsync(default);
        }
        await storage.Services.GetRequiredService<AuditSealer>().SealBatchAsync(storage.One, default);
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await AuditStore.FindHeadAsync(tx, default)).Seq.ShouldBe(0);
            (await AuditStore.FindLinkAsync(tx, 1, default)).ShouldBeNull();
            (await AuditStore.SumByDayAsync(tx, "2000-01-01", "2100-01-01", default)).ShouldBeEmpty();
            (await AuditStore.SumByActionAsync(tx, "2000-01-01", "2100-01-01", default)).ShouldBeEmpty();
            (await AuditStore.TryMoveHeadAsync(tx, new(1, []), new(2, new byte[32]), default)).ShouldBeFalse();
            (await AuditStore.ListChainAsync(tx, 0, 10, 10, keys: true, default)).ShouldBeEmpty();
        }
        await using var own = await storage.Database.ReadAsync(storage.One, default);
        (await AuditStore.FindHeadAsync(own, default)).Seq.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Seals_persons_and_signs_heads_for_each_tenant_alone(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        var (persons, signer) = (storage.Services.GetRequiredService<PersonKeys>(), storage.Services.GetRequiredService<HeadSigner>());
        foreach (var tenant in new[] { storage.One, storage.Two })
        {
            await using var tx = await storage.Database.BeginAsync(tenant, default);
            await storage.Services.GetRequiredService<TenantVault>().CreateDataKeyAsync(tx, default);
            await tx.CommitAsync(default);
        }
        await AppendAsync(storage, storage.One, "user.created");
        await storage.Services.GetRequiredService<AuditSealer>().SealBatchAsync(storage.One, default);
        (await signer.SignAsync(storage.Two, default)).ShouldBeNull();
        var head = (await signer.SignAsync(storage.One, default)).ShouldNotBeNull();
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await SignedHeadStore.FindAsync(tx, head.Seq, default)).ShouldBeNull();
            (await SignedHeadStore.ListAsync(tx, long.MaxValue, 10, default)).ShouldBeEmpty();
            (await SignedHeadStore.ListAfterAsync(tx, 0, 10, default)).ShouldBeEmpty();
            (await SignedHeadStore.ListUnfiledAsync(tx, 10, default)).ShouldBeEmpty();
            (await SignedHeadStore.FindActiveKeyAsync(tx, default)).ShouldBeNull();
            (await SignedHeadStore.ListKeysAsync(tx, default)).ShouldBeEmpty();
            (await SignedHeadStore.RetireKeyAsync(tx, storage.Clock.Now(), default)).ShouldBeFalse();
            await SignedHeadStore.SetFiledAsync(tx, [head], storage.Clock.Now(), default);
            // The same person's name in another tenant: another key, and another's is not destroyed.
            (await persons.DestroyAsync(tx, "usr_1", default)).ShouldBeFalse();
            (await persons.MacAsync(tx, "203.0.113.9", default)).ShouldNotBe(await MacAsync(storage, persons));
            await tx.CommitAsync(default);
        }
        await using var own = await storage.Database.ReadAsync(storage.One, default);
        (await SignedHeadStore.ListUnfiledAsync(own, 10, default)).Count.ShouldBe(1);
        (await persons.OpenAsync(own, await AuditStore.ListAsync(own, All with { Action = "user.created" }, Page, default), default)).ShouldHaveSingleItem().Ip.ShouldBe("203.0.113.9");
    }

    [Theory, BothDatabases]
    public async Task Keeps_retention_holds_streams_and_what_was_trimmed_apart(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await AppendAsync(storage, storage.One, "user.created");
        await storage.Services.GetRequiredService<AuditSealer>().SealBatchAsync(storage.One, default);
        var entry = (await ListAsync(storage, storage.One))[0];
        var (now, id, lease) = (storage.Clock.Now(), Guid.CreateVersion7(storage.Clock.GetUtcNow()), Guid.CreateVersion7(storage.Clock.GetUtcNow()));
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            await RetentionStore.ReplaceRulesAsync(tx, [new("user", 5)], default);
            await RetentionStore.InsertHoldAsync(tx, new(id, "usr_1", "case", now, "cli_1", null, null), default);
            await StreamStore.InsertAsync(tx, new(id, "http", "entries", "https://example.com/", true, null, null, false, true, 0, 0, now, null, null, now), default);
            (await StreamStore.TryClaimAsync(tx, id, lease, now, now.AddMinutes(1), default)).ShouldBeTrue();
            await tx.CommitAsync(default);
        }
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await RetentionStore.ListRulesAsync(tx, default)).ShouldBeEmpty();
            await RetentionStore.ReplaceRulesAsync(tx, [], default);
            (await RetentionStore.ListHoldsAsync(tx, Page, default)).ShouldBeEmpty();
            (await RetentionStore.IsHeldAsync(tx, "usr_1", default)).ShouldBeFalse();
            (await RetentionStore.CountHoldsAsync(tx, default)).ShouldBe(0);
            (await RetentionStore.TryReleaseHoldAsync(tx, id, now, "cli_2", default)).ShouldBeFalse();
            (await AuditStore.ListExpiredAsync(tx, "user", now.AddDays(1), 10, default)).ShouldBeEmpty();
            (await AuditStore.ListActionsAsync(tx, default)).ShouldBeEmpty();
            await TrimmedStore.InsertAsync(tx, [new(1, 1, new byte[32], entry.Id)], default);
            (await TrimmedStore.DeleteEntriesAsync(tx, [entry.Id], default)).ShouldBe(0);
            await TrimmedStore.DeleteAddressesAsync(tx, [(new byte[16], entry.Id, "usr_1")], default);
            (await StreamStore.ListAsync(tx, default)).ShouldBeEmpty();
            (await StreamStore.FindAsync(tx, id, default)).ShouldBeNull();
            (await StreamStore.SetEnabledAsync(tx, id, false, now, default)).ShouldBeFalse();
            (await StreamStore.TryClaimAsync(tx, id, lease, now.AddHours(1), now.AddHours(2), default)).ShouldBeFalse();
            (await StreamStore.TryAdvanceAsync(tx, id, lease, 0, 1, now, default)).ShouldBeFalse();
            await StreamStore.FailAsync(tx, id, lease, "x", now, default);
            (await StreamStore.DeleteAsync(tx, id, default)).ShouldBeFalse();
            await tx.CommitAsync(default);
        }
        await using var own = await storage.Database.ReadAsync(storage.One, default);
        (await TrimmedStore.ListAsync(own, 0, 10, default)).ShouldBeEmpty();
        (await RetentionStore.ListRulesAsync(own, default)).Count.ShouldBe(1);
        (await RetentionStore.IsHeldAsync(own, "usr_1", default)).ShouldBeTrue();
        (await StreamStore.FindAsync(own, id, default)).ShouldNotBeNull().ShouldSatisfyAllConditions(s => s.Enabled.ShouldBeTrue(), s => s.Failures.ShouldBe(0));
        (await AuditStore.FindHeadAsync(own, default)).Seq.ShouldBe(1);
    }

    private static async Task<byte[]> MacAsync(TestStorage storage, PersonKeys persons)
    {
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        return await persons.MacAsync(tx, "203.0.113.9", default);
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
