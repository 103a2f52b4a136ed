using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Users.Deleting;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="DeletionStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class DeletionStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Deletions_to_come_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (one, two, now) = (storage.One, storage.Two, storage.Clock.Now());
        var (user, gone) = (UserId.New(storage.Clock), UserId.New(storage.Clock));
        var wanted = new ScheduledDeletion(user, now, now, new Caller(one, "user", "usr_x") { Scopes = ["users:write"] }, Disabled: true, EraseAudit: false, null);
        (await storage.InAsync(one, tx => DeletionStore.TryInsertAsync(tx, wanted, None))).ShouldBeTrue();
        (await storage.InAsync(one, tx => DeletionStore.TryInsertAsync(tx, wanted, None))).ShouldBeFalse();
        (await storage.InAsync(one, tx => DeletionStore.TryInsertAsync(tx, wanted with { User = gone, RequestedBy = null, Gone = true }, None))).ShouldBeTrue();

        (await storage.InAsync(two, tx => DeletionStore.FindAsync(tx, user, None))).ShouldBeNull();
        (await storage.InAsync(two, tx => DeletionStore.TryCancelAsync(tx, user, None))).ShouldBeNull();
        (await storage.InAsync(two, tx => DeletionStore.TryTakeAsync(tx, user, now, None))).ShouldBeNull();
        (await storage.InAsync(two, tx => DeletionStore.TryRefuseAsync(tx, user, "x", now, now.AddHours(1), None))).ShouldBeFalse();
        (await storage.InAsync(two, tx => DeletionStore.ListDueAsync(tx, now, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(two, tx => DeletionStore.TryClaimAsync(tx, gone, now, now.AddHours(1), None))).ShouldBeFalse();
        await storage.InAsync(two, async tx =>
        {
            await DeletionStore.ForgetAsync(tx, user, None);
            await DeletionStore.FinishAsync(tx, gone, None);
            await DeletionStore.KeepStatusAsync(tx, user, None);
            await DeletionStore.PostponeAsync(tx, now, now.AddHours(1), None);
            return true;
        });
        var found = (await storage.InAsync(one, tx => DeletionStore.FindAsync(tx, user, None))).ShouldNotBeNull();
        (found.Disabled, found.Refused, found.RequestedBy!.Id, found.RequestedBy.Scopes.Single()).ShouldBe((true, null, "usr_x", "users:write"));
        (await storage.InAsync(one, tx => DeletionStore.FindAsync(tx, gone, None))).ShouldBeNull("that one has happened");
        (await storage.InAsync(one, tx => DeletionStore.ListDueAsync(tx, now, 10, None))).Count.ShouldBe(2);
        await using (var system = await storage.System.ReadAsync(None)) (await DeletionStore.ListTenantsAsync(system, now, None)).ShouldBe([one]);

        (await storage.InAsync(one, tx => DeletionStore.TryRefuseAsync(tx, user, "last_owner", now, now.AddHours(1), None))).ShouldBeTrue();
        (await storage.InAsync(one, tx => DeletionStore.TryTakeAsync(tx, user, now, None))).ShouldBeNull("not before the hour is over");
        (await storage.InAsync(one, tx => DeletionStore.TryCancelAsync(tx, gone, None))).ShouldBeNull("nothing to call off");
        (await storage.InAsync(one, tx => DeletionStore.TryClaimAsync(tx, gone, now, now.AddHours(1), None))).ShouldBeTrue();
        (await storage.InAsync(one, tx => DeletionStore.TryClaimAsync(tx, gone, now, now.AddHours(1), None))).ShouldBeFalse();
        (await storage.InAsync(one, tx => DeletionStore.TryTakeAsync(tx, user, now.AddHours(1), None))).ShouldNotBeNull().Refused.ShouldBe("last_owner");
        (await storage.InAsync(one, tx => DeletionStore.TryTakeAsync(tx, user, now.AddHours(1), None))).ShouldBeNull("once");
    }
}
