using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="FlowStore"/>: tenant one owns the row; tenant two asks.</summary>
public sealed class FlowStoreIsolationTests
{
    private const string Kind = FlowDefinition.SignIn;
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Versions_are_the_tenants_own_and_numbered_in_it(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        (await storage.InAsync(storage.One, tx => FlowStore.InsertVersionAsync(tx, Kind, "{}", now, "usr_a", None))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => FlowStore.InsertVersionAsync(tx, Kind, "{}", now, "usr_a", None))).ShouldBe(2);
        (await storage.InAsync(storage.Two, tx => FlowStore.InsertVersionAsync(tx, Kind, "[]", now, "usr_b", None))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => FlowStore.ActivateAsync(tx, Kind, 2, 0, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => FlowStore.ActivateAsync(tx, Kind, 1, 0, None))).ShouldBeFalse("there is one");
        (await storage.InAsync(storage.Two, tx => FlowStore.ActivateAsync(tx, Kind, 1, 1, None))).ShouldBeFalse("not its row");
        (await storage.InAsync(storage.Two, tx => FlowStore.FindActiveAsync(tx, Kind, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => FlowStore.FindActiveAsync(tx, Kind, None)))!.Version.ShouldBe(2);
        (await storage.InAsync(storage.Two, tx => FlowStore.FindVersionAsync(tx, Kind, 2, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => FlowStore.ListVersionsAsync(tx, Kind, 99, 10, None))).Count.ShouldBe(1);
        await storage.InAsync(storage.Two, async tx => { await FlowStore.TrimAsync(tx, Kind, 99, 0, None); return true; });
        (await storage.InAsync(storage.One, tx => FlowStore.ListVersionsAsync(tx, Kind, 99, 10, None))).Select(v => v.Version).ShouldBe([2, 1]);
        await storage.InAsync(storage.One, async tx => { await FlowStore.TrimAsync(tx, Kind, 2, 2, None); return true; });
        (await storage.InAsync(storage.One, tx => FlowStore.ListVersionsAsync(tx, Kind, 99, 10, None))).Select(v => v.Version).ShouldBe([2], "never the one in force");
    }

    [Theory, BothDatabases]
    public async Task What_was_said_before_a_session_is_its_tenants(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        var session = new Session(SessionId.New(storage.Clock), user, now, now, now, now.AddHours(1), ["pwd"], "192.0.2.1", "");
        async Task KeepAsync(TenantId tenant, long version) =>
            await storage.InAsync(tenant, async tx => { await SessionAnswerStore.KeepAsync(tx, session.Id, new("hook", version, user), None); return true; });
        await storage.InAsync(storage.One, async tx => { await SessionStore.InsertAsync(tx, session, new byte[32], None); return true; });
        await KeepAsync(storage.One, 1);
        await KeepAsync(storage.One, 2);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => KeepAsync(storage.Two, 3), "no session of its own");
        (await storage.InAsync(storage.Two, tx => SessionAnswerStore.ListAsync(tx, session.Id, user, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.One, tx => SessionAnswerStore.ListAsync(tx, session.Id, user, None))).ShouldHaveSingleItem().Version.ShouldBe(2);
    }

    [Theory, BothDatabases]
    public async Task What_somebody_agreed_to_is_her_tenants(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        (await storage.InAsync(storage.One, tx => FlowStore.AcceptAsync(tx, user, "tos", "1", now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => FlowStore.AcceptAsync(tx, user, "tos", "1", now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => FlowStore.HasAcceptedAsync(tx, user, "tos", "1", None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => FlowStore.HasAcceptedAsync(tx, user, "tos", "2", None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => FlowStore.ListAcceptedAsync(tx, user, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.One, tx => FlowStore.ListAcceptedAsync(tx, user, None))).ShouldHaveSingleItem().Terms.ShouldBe("tos");
        await storage.InAsync(storage.Two, async tx => { await FlowStore.ForgetAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => FlowStore.HasAcceptedAsync(tx, user, "tos", "1", None))).ShouldBeTrue();
        await storage.InAsync(storage.One, async tx => { await FlowStore.ForgetAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => FlowStore.HasAcceptedAsync(tx, user, "tos", "1", None))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task What_somebody_answered_is_her_tenants(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        (await storage.InAsync(storage.One, tx => FlowStore.AnsweredAsync(tx, user, "more", now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => FlowStore.AnsweredAsync(tx, user, "more", now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => FlowStore.HasAnsweredAsync(tx, user, "more", None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => FlowStore.HasAnsweredAsync(tx, user, "other", None))).ShouldBeFalse();
        await storage.InAsync(storage.Two, async tx => { await FlowStore.ForgetAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => FlowStore.HasAnsweredAsync(tx, user, "more", None))).ShouldBeTrue();
        await storage.InAsync(storage.One, async tx => { await FlowStore.ForgetAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => FlowStore.HasAnsweredAsync(tx, user, "more", None))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Keys_are_their_tenants_and_few(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        FlowKey New() => new(FlowKeyId.New(storage.Clock), [1, 2, 3], storage.Clock.Now(), "cli_a");
        var key = New();
        (await storage.InAsync(storage.One, tx => FlowKeyStore.TryInsertAsync(tx, key, 2, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => FlowKeyStore.TryInsertAsync(tx, New(), 1, None))).ShouldBeTrue("it counts its own");
        (await storage.InAsync(storage.One, tx => FlowKeyStore.TryInsertAsync(tx, New(), 2, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => FlowKeyStore.TryInsertAsync(tx, New(), 2, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => FlowKeyStore.ListAsync(tx, None))).ShouldNotContain(k => k.Id == key.Id);
        (await storage.InAsync(storage.Two, tx => FlowKeyStore.DeleteAsync(tx, key.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => FlowKeyStore.ListAsync(tx, None))).Count.ShouldBe(2);
        (await storage.InAsync(storage.One, tx => FlowKeyStore.DeleteAsync(tx, key.Id, None))).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task A_session_is_held_by_its_tenant_and_owner(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, user, id) = (storage.Clock.Now(), UserId.New(storage.Clock), SessionId.New(storage.Clock));
        var session = new Session(id, user, now, now, now, now.AddDays(1), ["pwd"], "127.0.0.1", "test");
        await storage.InAsync(storage.One, async tx => { await SessionStore.InsertAsync(tx, session, Secret.Hash("secret"), None); return true; });
        (await storage.InAsync(storage.One, tx => SessionStore.HoldAsync(tx, id, user, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => SessionStore.HoldAsync(tx, id, user, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => SessionStore.HoldAsync(tx, id, UserId.New(storage.Clock), None))).ShouldBeFalse();
        await storage.InAsync(storage.One, tx => SessionStore.EndAsync(tx, id, "test", now, None));
        (await storage.InAsync(storage.One, tx => SessionStore.HoldAsync(tx, id, user, None))).ShouldBeFalse();
    }
}
