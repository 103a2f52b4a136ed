using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Users;
using Gatehouse.Users.Merging;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="MergeStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class MergeStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Merged_accounts_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (one, two, now) = (storage.One, storage.Two, storage.Clock.Now());
        User Of(string name) => new(UserId.New(storage.Clock), UserStatus.Active, name, null, null, null, [new UserEmail(EmailId.New(storage.Clock), $"{name}@example.com", $"{name}@example.com", true, true)], "{}", 1, now, now);
        var (from, into, last, theirs) = (Of("from"), Of("into"), Of("last"), Of("theirs"));
        foreach (var user in new[] { from, into, last }) (await storage.InAsync(one, tx => UserStore.TryInsertAsync(tx, user, None))).ShouldBeTrue();
        (await storage.InAsync(two, tx => UserStore.TryInsertAsync(tx, theirs, None))).ShouldBeTrue();
        await storage.InAsync(one, tx => PhoneStore.TryAddAsync(tx, from.Id, new(PhoneId.New(storage.Clock), "+4915112345678", true, true), now, None));

        (await storage.InAsync(two, tx => MergeStore.MoveEmailsAsync(tx, from.Id, theirs.Id, None))).ShouldBe(0);
        (await storage.InAsync(two, tx => MergeStore.MovePhonesAsync(tx, from.Id, theirs.Id, None))).ShouldBe(0);
        (await storage.InAsync(one, tx => MergeStore.MoveEmailsAsync(tx, from.Id, into.Id, None))).ShouldBe(1);
        (await storage.InAsync(one, tx => MergeStore.MovePhonesAsync(tx, from.Id, into.Id, None))).ShouldBe(1);
        (await storage.InAsync(one, tx => UserStore.FindAsync(tx, into.Id, None))).ShouldNotBeNull().Emails.Count(e => e.Primary).ShouldBe(1);

        await storage.InAsync(one, async tx => { await MergeStore.InsertAsync(tx, from.Id, into.Id, now, None); return true; });
        (await storage.InAsync(two, tx => MergeStore.FindAsync(tx, from.Id, None))).ShouldBeNull();
        // Theirs leads nowhere else by what is merged here.
        await storage.InAsync(two, async tx => { await MergeStore.InsertAsync(tx, into.Id, theirs.Id, now, None); return true; });
        (await storage.InAsync(one, tx => MergeStore.FindAsync(tx, from.Id, None))).ShouldBe(into.Id);
        await storage.InAsync(one, async tx => { await MergeStore.InsertAsync(tx, into.Id, last.Id, now, None); return true; });
        (await storage.InAsync(one, tx => MergeStore.FindAsync(tx, from.Id, None))).ShouldBe(last.Id);
        (await storage.InAsync(one, tx => MergeStore.FindAsync(tx, into.Id, None))).ShouldBe(last.Id);
    }
}
