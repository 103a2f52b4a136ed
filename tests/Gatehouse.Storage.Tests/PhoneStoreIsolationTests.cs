using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="PhoneStore"/>, and finding by number: tenant one owns the rows; tenant two asks.</summary>
public sealed class PhoneStoreIsolationTests
{
    private const string Number = "+491701234567", Second = "+491701234568";
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<UserId> NewUserAsync(TestStorage storage, TenantId tenant, string address)
    {
        var now = storage.Clock.Now();
        var user = new User(UserId.New(storage.Clock), UserStatus.Active, null, null, null, null, [new UserEmail(EmailId.New(storage.Clock), address, address, true, true)], "{}", 1, now, now);
        (await storage.InAsync(tenant, tx => UserStore.TryInsertAsync(tx, user, None))).ShouldBeTrue();
        return user.Id;
    }

    private static UserPhone New(TestStorage storage, string number, bool verified = false) => new(PhoneId.New(storage.Clock), number, verified, false);

    [Theory, BothDatabases]
    public async Task Numbers_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var (ann, twin) = (await NewUserAsync(storage, storage.One, "ann@example.com"), await NewUserAsync(storage, storage.Two, "ann@example.com"));
        var (phone, spare) = (New(storage, Number), New(storage, Second, verified: true));
        (await storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, ann, phone, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, ann, spare, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, ann, New(storage, Number), now, None))).ShouldBeFalse("taken");
        (await storage.InAsync(storage.Two, tx => PhoneStore.TryAddAsync(tx, twin, New(storage, Second, true), now, None))).ShouldBeTrue("another tenant's is another's");
        // The foreign key carries the tenant.
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.Two, tx => PhoneStore.TryAddAsync(tx, ann, New(storage, "+491709999999"), now, None)));

        (await storage.InAsync(storage.Two, tx => UserStore.FindByPhoneAsync(tx, Second, None))).ShouldNotBeNull().Id.ShouldBe(twin);
        (await storage.InAsync(storage.Two, tx => PhoneStore.MarkVerifiedAsync(tx, ann, phone.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => PhoneStore.MarkVerifiedAsync(tx, ann, Number, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => PhoneStore.MakePrimaryAsync(tx, ann, spare.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => PhoneStore.DeleteAsync(tx, ann, spare.Id, None))).ShouldBeFalse();
        await storage.InAsync(storage.Two, async tx => { await PhoneStore.DeleteUnprovedOfOthersAsync(tx, twin, Number, None); return true; });

        var found = (await storage.InAsync(storage.One, tx => UserStore.FindAsync(tx, ann, None))).ShouldNotBeNull();
        found.Phones.ShouldBe([phone with { Primary = true }, spare], ignoreOrder: true);
        found.Emails.Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task The_owner_changes_them_and_one_stays_primary(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var (ann, bob) = (await NewUserAsync(storage, storage.One, "ann@example.com"), await NewUserAsync(storage, storage.One, "bob@example.com"));
        var (phone, spare) = (New(storage, Number), New(storage, Second));
        await storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, ann, phone, now, None));
        await storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, ann, spare, now, None));
        (await storage.InAsync(storage.One, tx => UserStore.FindByPhoneAsync(tx, Number, None))).ShouldBeNull("unproved");
        (await storage.InAsync(storage.One, tx => PhoneStore.MarkVerifiedAsync(tx, ann, Number, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserStore.FindByPhoneAsync(tx, Number, None))).ShouldNotBeNull().Id.ShouldBe(ann);
        await storage.InAsync(storage.One, async tx => { await PhoneStore.DeleteUnprovedOfOthersAsync(tx, bob, Number, None); await PhoneStore.DeleteUnprovedOfOthersAsync(tx, ann, Second, None); return true; });
        (await storage.InAsync(storage.One, tx => UserStore.FindAsync(tx, ann, None)))!.Phones.Count.ShouldBe(2, "one is proved, the other her own");
        await storage.InAsync(storage.One, async tx => { await PhoneStore.DeleteUnprovedOfOthersAsync(tx, bob, Second, None); return true; });
        (await storage.InAsync(storage.One, tx => UserStore.FindAsync(tx, ann, None)))!.Phones.ShouldHaveSingleItem().Number.ShouldBe(Number);

        await storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, ann, spare, now, None));
        (await storage.InAsync(storage.One, tx => PhoneStore.DeleteAsync(tx, ann, phone.Id, None))).ShouldBeFalse("the primary one of two");
        (await storage.InAsync(storage.One, tx => PhoneStore.MakePrimaryAsync(tx, ann, spare.Id, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PhoneStore.DeleteAsync(tx, ann, phone.Id, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PhoneStore.DeleteAsync(tx, ann, spare.Id, None))).ShouldBeTrue("the last one");
    }

    [Theory, BothDatabases]
    public async Task Of_many_who_take_a_number_one_has_it(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var users = new List<UserId>();
        for (var i = 0; i < 16; i++) users.Add(await NewUserAsync(storage, storage.One, $"user{i}@example.com"));
        var won = await Task.WhenAll(users.Select(u => Task.Run(() => storage.InAsync(storage.One, tx => PhoneStore.TryAddAsync(tx, u, New(storage, Number), now, None)))));
        won.Count(w => w).ShouldBe(1);
    }
}
