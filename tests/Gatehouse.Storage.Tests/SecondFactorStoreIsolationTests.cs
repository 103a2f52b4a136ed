using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="TotpStore"/> and <see cref="RecoveryCodeStore"/>: tenant one owns the row; tenant two asks. And of 64 at once, one.</summary>
public sealed class SecondFactorStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Browser = Secret.Hash("browser"), Sealed = Secret.Hash("sealed"), Other = Secret.Hash("other");

    private static Task<bool> DoAsync(TestStorage storage, TenantId tenant, Func<TenantTransaction, ValueTask> work) =>
        storage.InAsync(tenant, async tx => { await work(tx); return true; });

    private static async Task<int> Of64Async(Func<Task<bool>> attempt) =>
        (await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(attempt)))).Count(done => done);

    [Theory, BothDatabases]
    public async Task Keys_stay_in_the_tenant_and_accept_a_step_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        (await storage.InAsync(storage.One, tx => TotpStore.TryAddAsync(tx, user, Sealed, 5, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => TotpStore.TryAddAsync(tx, user, Other, 5, now, None))).ShouldBeFalse("she has one");
        (await storage.InAsync(storage.Two, tx => TotpStore.FindAsync(tx, user, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => TotpStore.AcceptAsync(tx, user, Sealed, 9, now, None))).ShouldBeFalse();
        await DoAsync(storage, storage.Two, tx => TotpStore.DeleteAsync(tx, user, None));
        (await storage.InAsync(storage.One, tx => TotpStore.FindAsync(tx, user, None)))!.Sealed.ShouldBe(Sealed);

        (await storage.InAsync(storage.One, tx => TotpStore.AcceptAsync(tx, user, Sealed, 5, now, None))).ShouldBeFalse("the step that confirmed it");
        (await storage.InAsync(storage.One, tx => TotpStore.AcceptAsync(tx, user, Other, 6, now, None))).ShouldBeFalse("a key she had before");
        (await Of64Async(() => storage.InAsync(storage.One, tx => TotpStore.AcceptAsync(tx, user, Sealed, 6, now, None)))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => TotpStore.FindAsync(tx, user, None)))!.LastUsedAt.ShouldBe(now);
        await DoAsync(storage, storage.One, tx => TotpStore.DeleteAsync(tx, user, None));
        (await storage.InAsync(storage.One, tx => TotpStore.FindAsync(tx, user, None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Enrolments_stay_in_tenant_and_browser_and_are_confirmed_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        var later = now.AddMinutes(15);
        Task<byte[]?> FindAsync(TenantId tenant, byte[] browser, DateTimeOffset at) => storage.InAsync(tenant, tx => TotpStore.FindPendingAsync(tx, user, browser, at, None));
        await DoAsync(storage, storage.One, tx => TotpStore.AddPendingAsync(tx, user, Browser, Sealed, later, now, None));
        await DoAsync(storage, storage.One, tx => TotpStore.AddPendingAsync(tx, user, Browser, Other, later, now, None));
        (await FindAsync(storage.One, Browser, now)).ShouldBe(Sealed, "one that is under way stays");
        (await FindAsync(storage.One, Other, now)).ShouldBeNull();
        (await FindAsync(storage.Two, Browser, now)).ShouldBeNull();
        (await FindAsync(storage.One, Browser, later)).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => TotpStore.TakePendingAsync(tx, user, Browser, Sealed, now, None))).ShouldBeFalse();
        await DoAsync(storage, storage.Two, tx => TotpStore.DeletePendingAsync(tx, user, None));
        (await Of64Async(() => storage.InAsync(storage.One, tx => TotpStore.TakePendingAsync(tx, user, Browser, Sealed, now, None)))).ShouldBe(1);
        await DoAsync(storage, storage.One, tx => TotpStore.AddPendingAsync(tx, user, Browser, Sealed, now, now, None));
        await DoAsync(storage, storage.One, tx => TotpStore.AddPendingAsync(tx, user, Browser, Other, later, now, None));
        (await FindAsync(storage.One, Browser, now)).ShouldBe(Other, "one that ran out gives way");
        await DoAsync(storage, storage.One, tx => TotpStore.DeletePendingAsync(tx, user, None));
        (await FindAsync(storage.One, Browser, now)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Recovery_codes_stay_in_the_tenant_and_work_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        await DoAsync(storage, storage.One, tx => RecoveryCodeStore.InsertAsync(tx, user, Sealed, now, None));
        (await storage.InAsync(storage.Two, tx => RecoveryCodeStore.ListAsync(tx, user, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => RecoveryCodeStore.IsUnusedAsync(tx, user, Sealed, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RecoveryCodeStore.UseAsync(tx, user, Sealed, now, None))).ShouldBeFalse();
        await DoAsync(storage, storage.Two, tx => RecoveryCodeStore.DeleteAsync(tx, user, None));
        (await storage.InAsync(storage.One, tx => RecoveryCodeStore.IsUnusedAsync(tx, user, Sealed, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RecoveryCodeStore.UseAsync(tx, UserId.New(storage.Clock), Sealed, now, None))).ShouldBeFalse();
        (await Of64Async(() => storage.InAsync(storage.One, tx => RecoveryCodeStore.UseAsync(tx, user, Sealed, now, None)))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => RecoveryCodeStore.IsUnusedAsync(tx, user, Sealed, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => RecoveryCodeStore.ListAsync(tx, user, None))).ShouldBe([(now, now)]);
        await DoAsync(storage, storage.One, tx => RecoveryCodeStore.DeleteAsync(tx, user, None));
        (await storage.InAsync(storage.One, tx => RecoveryCodeStore.ListAsync(tx, user, None))).ShouldBeEmpty();
    }
}
