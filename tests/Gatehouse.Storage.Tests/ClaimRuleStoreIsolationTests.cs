using Gatehouse.Claims;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="ClaimRuleStore"/>: tenant one owns the rule; tenant two asks.</summary>
public sealed class ClaimRuleStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Another_tenant_sees_and_changes_nothing(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var body = new ClaimRuleBody("Roles", null, null, null, ["id_token"], "roles", new ClaimSourceBody("roles"), null, null, null, null, null, null);
        ClaimRule.Read(ClaimRuleId.New(storage.Clock), body).TryGet(out var rule, out _).ShouldBeTrue();
        var now = storage.Clock.Now();
        await storage.InAsync(storage.One, tx => ClaimRuleStore.InsertAsync(tx, rule!, body, now, None));
        (await storage.InAsync(storage.Two, tx => ClaimRuleStore.ListAsync(tx, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => ClaimRuleStore.FindAsync(tx, rule!.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => ClaimRuleStore.CountAsync(tx, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => ClaimRuleStore.TryUpdateAsync(tx, rule!, body, 1, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => ClaimRuleStore.TryDeleteAsync(tx, rule!.Id, 1, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => ClaimRuleStore.TryUpdateAsync(tx, rule!, body, 2, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => ClaimRuleStore.ListAsync(tx, None))).ShouldHaveSingleItem().Body.Claim.ShouldBe("roles");
        (await storage.InAsync(storage.One, tx => ClaimRuleStore.TryDeleteAsync(tx, rule!.Id, 1, None))).ShouldBeTrue();
    }
}
