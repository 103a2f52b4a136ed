using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="UserStore"/> and <see cref="UserList"/>: tenant one owns the row; tenant two asks.</summary>
public sealed class UserStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static User NewUser(TestStorage storage, string address, UserStatus status = UserStatus.Active)
    {
        EmailAddress.Parse(address).TryGet(out var email, out _).ShouldBeTrue();
        var now = storage.Clock.Now();
        return new(UserId.New(storage.Clock), status, "Ann Example", "Ann", "Example", "en",
            [new UserEmail(EmailId.New(storage.Clock), email.Address, email.Normalized, false, true)], """{"a":1}""", 1, now, now);
    }

    [Theory, BothDatabases]
    public async Task Two_tenants_hold_the_same_address_and_neither_finds_the_others(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (one, two) = (NewUser(storage, "Ann@Example.com"), NewUser(storage, "ann@example.com"));
        (await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, one, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => UserStore.FindAsync(tx, one.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => UserStore.FindByEmailAsync(tx, "ann@example.com", None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => UserStore.TryInsertAsync(tx, two, None))).ShouldBeTrue();

        var found = await storage.InAsync(storage.One, tx => UserStore.FindByEmailAsync(tx, "ann@example.com", None));
        found.ShouldNotBeNull().Id.ShouldBe(one.Id);
        found.Emails.ShouldHaveSingleItem().Address.ShouldBe("Ann@example.com");
        (found.DisplayName, found.CreatedAt, found.Version).ShouldBe(("Ann Example", one.CreatedAt, 1L));
        (await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, NewUser(storage, "ANN@example.com"), None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => UserList.ListAsync(tx, null, 10, None))).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_changes_nothing(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = NewUser(storage, "ann@example.com");
        var second = new UserEmail(EmailId.New(storage.Clock), "second@example.com", "second@example.com", false, false);
        var now = storage.Clock.Now();
        await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, user, None));
        await storage.InAsync(storage.One, tx => UserStore.TryAddEmailAsync(tx, user.Id, second, now, None));

        (await storage.InAsync(storage.Two, tx => UserStore.TryUpdateAsync(tx, user with { DisplayName = "Eve" }, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserStore.TouchAsync(tx, user.Id, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserStore.MarkVerifiedAsync(tx, user.Id, second.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserStore.MakePrimaryAsync(tx, user.Id, second.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserStore.DeleteEmailAsync(tx, user.Id, second.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserStore.DeleteAsync(tx, user.Id, None))).ShouldBeFalse();

        var found = (await storage.InAsync(storage.One, tx => UserStore.FindAsync(tx, user.Id, None))).ShouldNotBeNull();
        (found.DisplayName, found.Version).ShouldBe(("Ann Example", 1L));
        found.Emails.Count.ShouldBe(2);
        found.PrimaryEmail!.Normalized.ShouldBe("ann@example.com");
        found.Emails.ShouldAllBe(e => !e.Verified);
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_cannot_add_an_address_to_a_user(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = NewUser(storage, "ann@example.com");
        await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, user, None));
        var stray = new UserEmail(EmailId.New(storage.Clock), "eve@example.com", "eve@example.com", true, false);
        // The foreign key carries the tenant: there is no such user in tenant two.
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.Two, tx => UserStore.TryAddEmailAsync(tx, user.Id, stray, storage.Clock.Now(), None)));
    }

    [Theory, BothDatabases]
    public async Task The_owner_changes_everything(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = NewUser(storage, "ann@example.com");
        var second = new UserEmail(EmailId.New(storage.Clock), "second@example.com", "second@example.com", false, false);
        var now = storage.Clock.Now();
        await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, user, None));
        await storage.InAsync(storage.One, tx => UserStore.TryAddEmailAsync(tx, user.Id, second, now, None));
        (await storage.InAsync(storage.One, tx => UserStore.TryUpdateAsync(tx, user with { DisplayName = null, Status = UserStatus.Disabled }, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserStore.TryUpdateAsync(tx, user with { DisplayName = "Late" }, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => UserStore.MarkVerifiedAsync(tx, user.Id, second.Id, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserStore.MakePrimaryAsync(tx, user.Id, second.Id, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserStore.DeleteEmailAsync(tx, user.Id, second.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => UserStore.DeleteEmailAsync(tx, user.Id, user.Emails[0].Id, None))).ShouldBeTrue();

        var found = (await storage.InAsync(storage.One, tx => UserStore.FindAsync(tx, user.Id, None))).ShouldNotBeNull();
        (found.Status, found.DisplayName, found.Version).ShouldBe((UserStatus.Disabled, null, 2L));
        found.Emails.ShouldHaveSingleItem().ShouldBe(second with { Verified = true, Primary = true });
        (await storage.InAsync(storage.One, tx => UserStore.DeleteAsync(tx, user.Id, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserStore.FindByEmailAsync(tx, second.Normalized, None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Lists_and_searches_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var ann = NewUser(storage, "ann@example.com");
        storage.Clock.Advance(TimeSpan.FromSeconds(1));      // ids of one millisecond are in no order
        var bob = NewUser(storage, "bob@example.com", UserStatus.Disabled) with { DisplayName = "Bob_%", GivenName = null, FamilyName = "Überall" };
        await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, ann, None));
        await storage.InAsync(storage.One, tx => UserStore.TryInsertAsync(tx, bob, None));
        ListQuery<User> Asked(string? filter, string? sort = null)
        {
            ListQuery<User>.Parse(UserFields.Shape, new(filter, sort, "10", null), new(new byte[32], "")).TryGet(out var query, out var problem).ShouldBeTrue(problem?.Detail);
            return query!;
        }
        async Task<List<UserId>> ListAsync(TenantId tenant, string? filter, string? sort = null)
        {
            var query = Asked(filter, sort);
            return [.. (await storage.InAsync(tenant, tx => query.ReadAsync((after, limit) => UserList.ListAsync(tx, query, after, limit, None)))).Items.Select(u => u.Id)];
        }
        foreach (var sort in new[] { "created_at", "-created_at", "updated_at", "-updated_at", "display_name", "-display_name" })
            foreach (var filter in new[] { null, "status eq \"active\"", "status eq \"disabled\"" })
                (await ListAsync(storage.Two, filter, sort)).ShouldBeEmpty();
        (await ListAsync(storage.One, null, "display_name")).ShouldBe([ann.Id, bob.Id]);
        (await ListAsync(storage.One, null, "-display_name")).ShouldBe([bob.Id, ann.Id]);
        (await ListAsync(storage.One, null, "-updated_at")).ShouldBe([bob.Id, ann.Id]);
        (await ListAsync(storage.One, null, "updated_at")).ShouldBe([ann.Id, bob.Id]);
        (await ListAsync(storage.One, "status eq \"active\"")).ShouldBe([ann.Id]);
        (await ListAsync(storage.One, "status eq \"disabled\"", "created_at")).ShouldBe([bob.Id]);

        async Task<List<UserId>> FindAsync(Guid? before = null, int limit = 10) =>
            [.. (await storage.InAsync(storage.One, tx => UserList.ListAsync(tx, before, limit, None))).Select(u => u.Id)];
        (await FindAsync()).ShouldBe([bob.Id, ann.Id]);
        (await FindAsync(limit: 1)).ShouldBe([bob.Id]);
        (await FindAsync(before: bob.Id.Value)).ShouldBe([ann.Id]);
    }
}
