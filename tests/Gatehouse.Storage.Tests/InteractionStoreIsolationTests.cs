using Gatehouse.Flows;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="InteractionStore"/>: tenant one owns the row; tenant two asks.</summary>
public sealed class InteractionStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Browser = Secret.Hash("browser"), OtherBrowser = Secret.Hash("other");

    private static async Task<Interaction> StartAsync(TestStorage storage)
    {
        var now = storage.Clock.Now();
        var interaction = new Interaction(InteractionId.New(storage.Clock), "authorize", "/back", "{}",
            new SignInDemand(Reauthenticate: true, LoginHint: "ann@example.com", UiLocales: ["fa", "en"], RequiredUser: UserId.New(storage.Clock)), null, null, now, now.AddHours(1), false);
        await storage.InAsync(storage.One, async tx => { await InteractionStore.InsertAsync(tx, interaction, Browser, None); return true; });
        return interaction;
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_or_browser_neither_finds_nor_changes_it(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var started = await StartAsync(storage);
        var now = storage.Clock.Now();
        (await storage.InAsync(storage.Two, tx => InteractionStore.FindAsync(tx, started.Id, Browser, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, OtherBrowser, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => InteractionStore.FulfilAsync(tx, started.Id, SessionId.New(storage.Clock), now, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => InteractionStore.FinishAsync(tx, started.Id, now, None))).ShouldBeFalse();

        var found = (await storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, Browser, now, None))).ShouldNotBeNull();
        (found with { Demand = started.Demand }).ShouldBe(started);
        found.Demand.UiLocales.ShouldBe(started.Demand.UiLocales);
        (found.Demand with { UiLocales = null }).ShouldBe(started.Demand with { UiLocales = null });
    }

    [Theory, BothDatabases]
    public async Task One_session_fulfils_it_and_one_caller_of_64_finishes_it(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var started = await StartAsync(storage);
        var now = storage.Clock.Now();
        var (ours, theirs) = (SessionId.New(storage.Clock), SessionId.New(storage.Clock));
        (await storage.InAsync(storage.One, tx => InteractionStore.FulfilAsync(tx, started.Id, ours, now, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => InteractionStore.FulfilAsync(tx, started.Id, theirs, now, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => InteractionStore.FulfilAsync(tx, started.Id, ours, now, now, None))).ShouldBeTrue();
        var found = await storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, Browser, now, None));
        (found!.SessionId, found.AuthenticatedAt).ShouldBe((ours, now));

        var finished = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => storage.InAsync(storage.One, tx => InteractionStore.FinishAsync(tx, started.Id, now, None)))));
        finished.Count(f => f).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, Browser, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => InteractionStore.FulfilAsync(tx, started.Id, ours, now, now, None))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task An_expired_one_is_gone(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var started = await StartAsync(storage);
        (await storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, Browser, started.ExpiresAt, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => InteractionStore.FinishAsync(tx, started.Id, started.ExpiresAt, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => InteractionStore.FulfilAsync(tx, started.Id, SessionId.New(storage.Clock), started.ExpiresAt, started.ExpiresAt, None))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task What_was_proved_is_kept_by_one_of_64_spent_by_one_and_grows_old(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var started = await StartAsync(storage);
        var (now, user) = (storage.Clock.Now(), UserId.New(storage.Clock));
        var proved = new Proved(user, [new Proof("pwd", now)]) { Answers = [new Answered("hook", 3, user)] };
        Task<Interaction?> FindAsync(DateTimeOffset at) => storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, Browser, at, None));
        async Task<int> Of64Async(Func<TenantTransaction, ValueTask<bool>> work) =>
            (await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => storage.InAsync(storage.One, work))))).Count(done => done);

        (await storage.InAsync(storage.Two, tx => InteractionStore.ProveAsync(tx, started.Id, 0, proved, now, now, None))).ShouldBeFalse();
        (await Of64Async(tx => InteractionStore.ProveAsync(tx, started.Id, 0, proved, now, now, None))).ShouldBe(1);
        var found = (await FindAsync(now)).ShouldNotBeNull();
        (found.Step, found.Proved!.User, found.Proved.Proofs.Single(), found.SessionId).ShouldBe((1, user, new Proof("pwd", now), null));
        found.Proved.Answers.Single().ShouldBe(new Answered("hook", 3, user));
        (await FindAsync(now.AddMinutes(10)))!.Proved.ShouldBeNull();

        (await storage.InAsync(storage.Two, tx => InteractionStore.SpendAsync(tx, started.Id, 1, user, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => InteractionStore.SpendAsync(tx, started.Id, 1, UserId.New(storage.Clock), now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => InteractionStore.SpendAsync(tx, started.Id, 1, user, now.AddMinutes(10), None))).ShouldBeFalse();
        (await Of64Async(tx => InteractionStore.SpendAsync(tx, started.Id, 1, user, now, None))).ShouldBe(1);
        (await FindAsync(now))!.Proved.ShouldBeNull();

        (await storage.InAsync(storage.One, tx => InteractionStore.ProveAsync(tx, started.Id, 2, new Proved(user, proved.Proofs), now, now, None))).ShouldBeTrue();
        (await FindAsync(now))!.Proved!.Answers.ShouldBeEmpty("answers are spent with the proofs they stand beside");
        (await storage.InAsync(storage.One, tx => InteractionStore.RememberIdentifierAsync(tx, started.Id, "eve@example.com", now, None))).ShouldBeTrue();
        (await FindAsync(now))!.Proved.ShouldBeNull();
        (await storage.InAsync(storage.One, tx => InteractionStore.ProveAsync(tx, started.Id, 4, proved, now, now, None))).ShouldBeTrue();
        await storage.InAsync(storage.Two, async tx => { await InteractionStore.ForgetProofsAsync(tx, user, None); return true; });
        (await FindAsync(now))!.Proved.ShouldNotBeNull();
        await storage.InAsync(storage.One, async tx => { await InteractionStore.ForgetProofsAsync(tx, user, None); return true; });
        (await FindAsync(now))!.Proved.ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task What_somebody_says_who_registers_is_kept_by_one_of_64_and_only_while_nobody_is_known(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var started = await StartAsync(storage);
        var now = storage.Clock.Now();
        Task<Interaction?> FindAsync() => storage.InAsync(storage.One, tx => InteractionStore.FindAsync(tx, started.Id, Browser, now, None));
        Task<bool> KeepAsync(long step, string? draft, DateTimeOffset? at = null) => storage.InAsync(storage.One, tx => InteractionStore.KeepDraftAsync(tx, started.Id, step, draft, at ?? now, None));
        (await storage.InAsync(storage.Two, tx => InteractionStore.KeepDraftAsync(tx, started.Id, 0, "theirs", now, None))).ShouldBeFalse();
        (await KeepAsync(0, "late", started.ExpiresAt)).ShouldBeFalse();
        (await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => KeepAsync(0, $"draft {i}"))))).Count(kept => kept).ShouldBe(1);
        var found = (await FindAsync()).ShouldNotBeNull();
        found.Step.ShouldBe(1);
        found.Draft.ShouldNotBeNull().ShouldStartWith("draft");
        (await KeepAsync(1, null)).ShouldBeTrue();
        (await FindAsync())!.Draft.ShouldBeNull();
        (await storage.InAsync(storage.One, tx => InteractionStore.RememberIdentifierAsync(tx, started.Id, "bea@example.com", now, None))).ShouldBeTrue();
        (await KeepAsync(3, "again")).ShouldBeFalse("it has led to an account");
    }
}
