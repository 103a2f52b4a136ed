using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="RecoveryStore"/>: tenant one owns the row; tenant two asks.</summary>
public sealed class RecoveryStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Recoveries_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        var recovery = new Recovery(RecoveryId.New(storage.Clock), user, EmailId.New(storage.Clock), RecoveryProof.None, true, null, null, now, now.AddHours(2), now.AddDays(7), 0);
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryInsertAsync(tx, recovery, now.AddHours(1), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryInsertAsync(tx, recovery with { Id = RecoveryId.New(storage.Clock) }, now.AddHours(1), None))).ShouldBeFalse("one at a time");
        Task<Recovery?> FindAsync(TenantId tenant) => storage.InAsync(tenant, tx => RecoveryStore.FindAsync(tx, user, now, None));

        (await FindAsync(storage.Two)).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => RecoveryStore.FindAsync(tx, recovery.Id, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => RecoveryStore.ListAsync(tx, null, 10, now, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => RecoveryStore.TryApproveAsync(tx, recovery.Id, "x", now, now.AddDays(9), None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RecoveryStore.TryClaimNoticeAsync(tx, recovery.Id, 0, null, now.AddHours(1), None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RecoveryStore.TryCompleteAsync(tx, recovery.Id, now.AddHours(2), None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RecoveryStore.EndAsync(tx, user, RecoveryEnd.Cancelled, "link", now, None))).ShouldBeNull();
        await storage.InAsync(storage.Two, async tx => { await RecoveryStore.DeleteAsync(tx, user, None); return true; });
        (await FindAsync(storage.One)).ShouldBe(recovery);
        (await storage.InAsync(storage.One, tx => RecoveryStore.FindAsync(tx, recovery.Id, now, None))).ShouldBe(recovery);
        (await storage.InAsync(storage.One, tx => RecoveryStore.ListAsync(tx, null, 10, now, None))).ShouldBe([recovery]);

        // In its own tenant each of them does what it says, on its condition.
        async Task<int> DueAsync(double hours)
        {
            await using var tx = await storage.System.ReadAsync(None);
            return (await RecoveryStore.ListDueAsync(tx, now.AddHours(hours), 10, None)).Count(d => d.Tenant == storage.One && d.Recovery == recovery.Id);
        }
        ((await DueAsync(0.9)), (await DueAsync(1))).ShouldBe((0, 1));
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryClaimNoticeAsync(tx, recovery.Id, 0, recovery.ReadyAt, now.AddHours(1), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryClaimNoticeAsync(tx, recovery.Id, 0, recovery.ReadyAt, now.AddHours(1), None))).ShouldBeFalse();
        (await DueAsync(3)).ShouldBe(0, "nobody has approved it");
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryCompleteAsync(tx, recovery.Id, now.AddHours(2), None))).ShouldBeFalse("nobody has approved it");
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryApproveAsync(tx, recovery.Id, "cli_x", now, recovery.ExpiresAt, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryApproveAsync(tx, recovery.Id, "cli_y", now, recovery.ExpiresAt, None))).ShouldBeFalse();
        (await DueAsync(3)).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryCompleteAsync(tx, recovery.Id, now.AddHours(1.9), None))).ShouldBeFalse("too early");
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryCompleteAsync(tx, recovery.Id, recovery.ExpiresAt, None))).ShouldBeFalse("too late");
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryCompleteAsync(tx, recovery.Id, now.AddHours(2), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RecoveryStore.TryCompleteAsync(tx, recovery.Id, now.AddHours(2), None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => RecoveryStore.EndAsync(tx, user, RecoveryEnd.Void, "x", now, None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task How_a_password_was_set_stays_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        Task<bool> DoAsync(TenantId tenant, Func<TenantTransaction, ValueTask> work) => storage.InAsync(tenant, async tx => { await work(tx); return true; });
        async Task<bool> ByLinkAsync() => (await storage.InAsync(storage.One, tx => PasswordStore.FindAgeAsync(tx, user, None)))!.ByLink;
        await DoAsync(storage.One, tx => PasswordStore.SetAsync(tx, user, "phc", now, None));
        await DoAsync(storage.Two, tx => PasswordStore.MarkByLinkAsync(tx, user, None));
        (await ByLinkAsync()).ShouldBeFalse();
        await DoAsync(storage.One, tx => PasswordStore.MarkByLinkAsync(tx, user, None));
        await DoAsync(storage.Two, tx => PasswordStore.ForgetByLinkAsync(tx, user, None));
        (await ByLinkAsync()).ShouldBeTrue();
        await DoAsync(storage.One, tx => PasswordStore.ForgetByLinkAsync(tx, user, None));
        (await ByLinkAsync()).ShouldBeFalse();
        await DoAsync(storage.One, tx => PasswordStore.MarkByLinkAsync(tx, user, None));
        await DoAsync(storage.One, tx => PasswordStore.SetAsync(tx, user, "another", now, None));
        (await ByLinkAsync()).ShouldBeFalse();
    }
}
