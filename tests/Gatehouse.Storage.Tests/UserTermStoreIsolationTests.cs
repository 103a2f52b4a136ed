using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Users;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="UserTermStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class UserTermStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task What_people_are_found_by_stays_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var user = new User(UserId.New(storage.Clock), UserStatus.Active, "Ann Example", "Ann", "Example", "en",
            [new UserEmail(EmailId.New(storage.Clock), "ann@example.com", "ann@example.com", true, true)], "{}", 1, now, now);
        await storage.InAsync(storage.One, async tx =>
        {
            await UserStore.TryInsertAsync(tx, user, None);
            await PhoneStore.TryAddAsync(tx, user.Id, new(PhoneId.New(storage.Clock), "+4915112345678", true, true), now, None);
            await IndexUsers.RefreshAsync(tx, user.Id, None);
            await UserTermStore.PutStateAsync(tx, ["a"], now, None);
            return true;
        });
        (SearchPlace, string)[] asked = [(SearchPlace.Term, "nexam"), (SearchPlace.Term, "enn@e"), (SearchPlace.Term, "p1234"), (SearchPlace.DisplayName, "ann"), (SearchPlace.GivenName, "a"), (SearchPlace.FamilyName, "ex"),
            (SearchPlace.Email, "ann"), (SearchPlace.Phone, "+49")];
        foreach (var (place, from) in asked)
        {
            (await storage.InAsync(storage.Two, tx => UserTermStore.ListAsync(tx, place, from, PlainText.After(from), null, 10, None))).ShouldBeEmpty();
            var found = await storage.InAsync(storage.One, tx => UserTermStore.ListAsync(tx, place, from, PlainText.After(from), null, 10, None));
            found.ShouldHaveSingleItem().User.Id.ShouldBe(user.Id, $"{place} {from}");
            (await storage.InAsync(storage.One, tx => UserTermStore.ListAsync(tx, place, from, PlainText.After(from), (found[0].Found, user.Id.Value), 10, None))).ShouldBeEmpty();
        }
        (await storage.InAsync(storage.One, tx => UserTermStore.CountAsync(tx, ["nexample", "nzzz"], None))).ShouldBe([1, 0]);
        (await storage.InAsync(storage.Two, tx => UserTermStore.CountAsync(tx, ["nexample", "nzzz"], None))).ShouldBe([0, 0]);
        (await storage.InAsync(storage.One, tx => UserTermStore.AnyAsync(tx, [("nexa", "nexb"), ("nzzz", "nzz{")], None))).ShouldBe([true, false]);
        (await storage.InAsync(storage.Two, tx => UserTermStore.AnyAsync(tx, [("nexa", "nexb"), ("nzzz", "nzz{")], None))).ShouldBe([false, false]);
        (await storage.InAsync(storage.Two, tx => UserTermStore.FindIndexedAsync(tx, user.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => UserTermStore.FindStateAsync(tx, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => UserTermStore.ListUsersAsync(tx, Guid.Empty, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => UserTermStore.TryClaimAsync(tx, now, now.AddMinutes(1), None))).ShouldBeFalse();
        var state = (await storage.InAsync(storage.One, tx => UserTermStore.FindStateAsync(tx, None))).ShouldNotBeNull();
        (await storage.InAsync(storage.Two, tx => UserTermStore.TryMoveAsync(tx, state, user.Id.Value, true, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserTermStore.DeleteIndexedAsync(tx, user.Id, None))).ShouldBeFalse();
        await storage.InAsync(storage.Two, async tx => { await UserTermStore.DeleteAsync(tx, user.Id, ["nexample"], None); return true; });
        await storage.InAsync(storage.Two, async tx => { await UserTermStore.InsertAsync(tx, user.Id, ["nzzz"], None); return true; });
        (await storage.InAsync(storage.Two, tx => UserTermStore.ListAsync(tx, SearchPlace.Term, "nzzz", "nzzzz", null, 10, None))).ShouldBeEmpty();       // she is not theirs
        (await storage.InAsync(storage.One, tx => UserTermStore.ListAsync(tx, SearchPlace.Term, "nexam", "nexan", null, 10, None))).Count.ShouldBe(1);

        await using (var system = await storage.System.ReadAsync(None)) (await UserTermStore.ListOpenAsync(system, now, None)).ShouldBe([storage.One]);
        (await storage.InAsync(storage.One, tx => UserTermStore.TryClaimAsync(tx, now, now.AddMinutes(1), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserTermStore.TryClaimAsync(tx, now, now.AddMinutes(1), None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => UserTermStore.TryMoveAsync(tx, state with { Attributes = ["b"] }, user.Id.Value, true, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => UserTermStore.TryMoveAsync(tx, state, user.Id.Value, true, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserTermStore.FindStateAsync(tx, None))).ShouldNotBeNull().Done.ShouldBeTrue();
    }
}
