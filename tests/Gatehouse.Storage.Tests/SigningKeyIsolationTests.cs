using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

public sealed class SigningKeyIsolationTests
{
    private static async Task<SigningKeyRow> InsertAsync(TestStorage storage, TenantId tenant, KeyState state)
    {
        var now = storage.Clock.Now();
        var row = new SigningKeyRow(KeyId.New(storage.Clock), "ES256", state, "{}", [1, 2, 3], now, now, null);
        await using var tx = await storage.Database.BeginAsync(tenant, default);
        (await SigningKeyStore.TryInsertAsync(tx, row, default)).ShouldBeTrue();
        await tx.CommitAsync(default);
        return row;
    }

    private static async Task<List<SigningKeyRow>> LiveAsync(TestStorage storage, TenantId tenant)
    {
        await using var tx = await storage.Database.ReadAsync(tenant, default);
        return await SigningKeyStore.ListLiveAsync(tx, default);
    }

    [Theory, BothDatabases]
    public async Task Shows_a_tenant_only_its_own_keys(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var key = await InsertAsync(storage, storage.One, KeyState.Active);
        (await LiveAsync(storage, storage.One)).ShouldHaveSingleItem().Id.ShouldBe(key.Id);
        (await LiveAsync(storage, storage.Two)).ShouldBeEmpty();
        await using var tx = await storage.Database.ReadAsync(storage.Two, default);
        (await SigningKeyStore.ListAsync(tx, new(10, null), default)).ShouldBeEmpty();
        (await SigningKeyStore.ListAsync(tx, new(10, Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff")), default)).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Changes_no_key_of_another_tenant(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var active = await InsertAsync(storage, storage.One, KeyState.Active);
        var next = await InsertAsync(storage, storage.One, KeyState.Next);
        var now = storage.Clock.Now();
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await SigningKeyStore.TryDemoteAsync(tx, active.Id, now, default)).ShouldBeFalse();
            (await SigningKeyStore.TryPromoteAsync(tx, next.Id, default)).ShouldBeFalse();
            (await SigningKeyStore.TryBringForwardAsync(tx, next.Id, now.AddDays(-1), default)).ShouldBeFalse();
            (await SigningKeyStore.TryRetireAsync(tx, active.Id, now, default)).ShouldBeFalse();
            (await SigningKeyStore.RetireAllAsync(tx, "ES256", now, default)).ShouldBe(0);
            await tx.CommitAsync(default);
        }
        (await LiveAsync(storage, storage.One)).Select(k => (k.State, k.SealedPrivate is not null)).ShouldBe([(KeyState.Active, true), (KeyState.Next, true)]);

        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            (await SigningKeyStore.RetireAllAsync(tx, "ES256", now, default)).ShouldBe(2);
            await tx.CommitAsync(default);
        }
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await SigningKeyStore.ForgetAsync(tx, now.AddDays(1), default)).ShouldBe(0);
            await tx.CommitAsync(default);
        }
        await using var own = await storage.Database.ReadAsync(storage.One, default);
        (await SigningKeyStore.ListAsync(own, new(10, null), default)).Count.ShouldBe(2);
    }

    [Theory, BothDatabases]
    public async Task Lets_two_tenants_each_have_one_active_key_and_no_tenant_two(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var one = await InsertAsync(storage, storage.One, KeyState.Active);
        await InsertAsync(storage, storage.Two, KeyState.Active);
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        (await SigningKeyStore.TryInsertAsync(tx, one with { Id = KeyId.New(storage.Clock) }, default)).ShouldBeFalse();
    }
}
