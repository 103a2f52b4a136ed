using Gatehouse.Groups;
using Gatehouse.Groups.Rules;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using static Gatehouse.Storage.Tests.OrganizationStoreIsolationTests;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="RuleStore"/>: tenant one owns the rows; tenant two asks with the same ids.</summary>
public sealed class GroupRuleStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Rules_and_who_belongs_by_them_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, group) = (storage.Clock.Now(), GroupId.New(storage.Clock));
        var (ann, eve) = (await NewUserAsync(storage, storage.One, "ann@example.com"), await NewUserAsync(storage, storage.Two, "eve@example.com"));
        var rule = new GroupRule(group, "attributes.a eq 1", Guid.CreateVersion7(), JobId.New(storage.Clock), "system", now);
        (await storage.InAsync(storage.One, tx => RuleStore.PutAsync(tx, rule, None))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => RuleStore.TryAddAsync(tx, group, ann, now, None))).ShouldBeTrue();
        // Both references carry the tenant.
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.One, tx => RuleStore.TryAddAsync(tx, group, eve, now, None)));
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.Two, tx => RuleStore.TryAddAsync(tx, group, eve, now, None)));

        (await storage.InAsync(storage.Two, tx => RuleStore.FindAsync(tx, group, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => RuleStore.ListAsync(tx, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => RuleStore.CountAsync(tx, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => RuleStore.IsMemberAsync(tx, group, ann, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RuleStore.ListOfUserAsync(tx, ann, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => RuleStore.CountMembersAsync(tx, group, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => GroupStore.ListMembersAsync(tx, group, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListDirectAsync(tx, ann, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => RuleStore.TryRemoveAsync(tx, group, ann, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RuleStore.RemoveAllAsync(tx, group, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => RuleStore.DeleteAsync(tx, group, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RuleStore.PutAsync(tx, rule with { Text = "attributes.b eq 1" }, None))).ShouldBe(1, "another tenant's rows are its own");

        (await storage.InAsync(storage.One, tx => RuleStore.FindAsync(tx, group, None))).ShouldNotBeNull().Text.ShouldBe("attributes.a eq 1");
        (await storage.InAsync(storage.One, tx => GroupStore.ListMembersAsync(tx, group, null, 10, None))).ShouldHaveSingleItem().By.ShouldBe("rule");
        (await storage.InAsync(storage.One, tx => GroupStore.ListDirectAsync(tx, ann, None))).ShouldBe([group]);
        (await storage.InAsync(storage.One, tx => RuleStore.DeleteAsync(tx, group, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => GroupStore.ListDirectAsync(tx, ann, None))).ShouldBeEmpty("its members go with it");
    }
}
