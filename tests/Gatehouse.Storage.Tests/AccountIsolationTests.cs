using Gatehouse.Account;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;
using Gatehouse.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

/// <summary>What the account keeps of its own: tenant one owns the row; tenant two asks.</summary>
public sealed class AccountIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Code = Secret.Hash("code"), Token = Secret.Hash("token");

    [Theory, BothDatabases]
    public async Task Addresses_under_way_stay_in_the_tenant_and_with_their_person(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, other, now) = (UserId.New(storage.Clock), UserId.New(storage.Clock), storage.Clock.Now());
        var pending = new PendingEmail(PendingEmailId.New(storage.Clock), "New@example.com", now, now.AddMinutes(30));
        (await storage.InAsync(storage.One, tx => PendingEmailStore.PutAsync(tx, user, pending, "new@example.com", Code, Token, None))).ShouldBeTrue();

        foreach (var (tenant, who) in new[] { (storage.Two, user), (storage.One, other) })
        {
            (await storage.InAsync(tenant, tx => PendingEmailStore.ListAsync(tx, who, now, None))).ShouldBeEmpty();
            (await storage.InAsync(tenant, tx => PendingEmailStore.FindAsync(tx, Token, who, now, None))).ShouldBeNull();
            (await storage.InAsync(tenant, tx => PendingEmailStore.AttemptAsync(tx, pending.Id, who, now, None))).ShouldBeNull();
            (await storage.InAsync(tenant, tx => PendingEmailStore.TakeAsync(tx, pending.Id, who, now, None))).ShouldBeNull();
            (await storage.InAsync(tenant, tx => PendingEmailStore.TakeAsync(tx, Token, who, now, None))).ShouldBeNull();
            (await storage.InAsync(tenant, tx => PendingEmailStore.DeleteAsync(tx, pending.Id, who, None))).ShouldBeFalse();
            await storage.InAsync(tenant, async tx => { await PendingEmailStore.DeleteOfUserAsync(tx, who, None); return true; });
        }
        (await storage.InAsync(storage.Two, tx => PendingEmailStore.PutAsync(tx, user, pending, "new@example.com", Code, Token, None))).ShouldBeTrue("another tenant's are its own");

        (await storage.InAsync(storage.One, tx => PendingEmailStore.ListAsync(tx, user, now, None))).ShouldBe([pending]);
        (await storage.InAsync(storage.One, tx => PendingEmailStore.ListAsync(tx, user, now.AddMinutes(30), None))).ShouldBeEmpty();
        (await storage.InAsync(storage.One, tx => PendingEmailStore.AttemptAsync(tx, pending.Id, user, now, None))).ShouldBe(Code);
        (await storage.InAsync(storage.One, tx => PendingEmailStore.TakeAsync(tx, Token, user, now.AddMinutes(30), None))).ShouldBeNull("it ran out");
        (await storage.InAsync(storage.One, tx => PendingEmailStore.TakeAsync(tx, Token, user, now, None))).ShouldBe(pending);
        (await storage.InAsync(storage.One, tx => PendingEmailStore.TakeAsync(tx, pending.Id, user, now, None))).ShouldBeNull("once");
    }

    [Theory, BothDatabases]
    public async Task Numbers_under_way_stay_in_the_tenant_with_their_person_and_in_their_session(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, other, session, elsewhere, now) = (UserId.New(storage.Clock), UserId.New(storage.Clock), SessionId.New(storage.Clock), SessionId.New(storage.Clock), storage.Clock.Now());
        var pending = new PendingPhone(PendingPhoneId.New(storage.Clock), "+491701234567", now, now.AddMinutes(10));
        (await storage.InAsync(storage.One, tx => PendingPhoneStore.PutAsync(tx, user, session, pending, None))).ShouldBeTrue();

        foreach (var (tenant, who, where) in new[] { (storage.Two, user, session), (storage.One, other, session), (storage.One, user, elsewhere) })
        {
            (await storage.InAsync(tenant, tx => PendingPhoneStore.ListAsync(tx, who, where, now, None))).ShouldBeEmpty();
            (await storage.InAsync(tenant, tx => PendingPhoneStore.FindAsync(tx, pending.Id, who, where, now, None))).ShouldBeNull();
            (await storage.InAsync(tenant, tx => PendingPhoneStore.DeleteAsync(tx, pending.Id, who, where, None))).ShouldBeFalse();
            if (where == session) await storage.InAsync(tenant, async tx => { await PendingPhoneStore.DeleteOfUserAsync(tx, who, None); return true; });
        }
        (await storage.InAsync(storage.Two, tx => PendingPhoneStore.PutAsync(tx, user, session, pending, None))).ShouldBeTrue("another tenant's are its own");
        (await storage.InAsync(storage.One, tx => PendingPhoneStore.ListAsync(tx, user, session, now, None))).ShouldBe([pending]);
        (await storage.InAsync(storage.One, tx => PendingPhoneStore.FindAsync(tx, pending.Id, user, session, now.AddMinutes(10), None))).ShouldBeNull("it ran out");
        for (var i = 0; i < PendingPhoneStore.MaxPerSession; i++)
        {
            storage.Clock.Advance(TimeSpan.FromSeconds(1));
            var next = new PendingPhone(PendingPhoneId.New(storage.Clock), $"+4917012345{i}8", now, now.AddMinutes(10));
            (await storage.InAsync(storage.One, tx => PendingPhoneStore.PutAsync(tx, user, session, next, None))).ShouldBeTrue();
        }
        var left = await storage.InAsync(storage.One, tx => PendingPhoneStore.ListAsync(tx, user, session, now, None));
        (left.Count, left.Contains(pending)).ShouldBe((PendingPhoneStore.MaxPerSession, false), "the oldest gave way");
        (await storage.InAsync(storage.One, tx => PendingPhoneStore.DeleteAsync(tx, left[0].Id, user, session, None))).ShouldBeTrue();
        await storage.InAsync(storage.One, async tx => { await PendingPhoneStore.DeleteOfUserAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => PendingPhoneStore.ListAsync(tx, user, session, now, None))).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task A_newer_address_takes_the_oldest_one_s_place_and_codes_run_out(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = UserId.New(storage.Clock);
        PendingEmail? last = null;
        for (var i = 0; i < PendingEmailStore.MaxPerUser + 2; i++)
        {
            storage.Clock.Advance(TimeSpan.FromSeconds(1));
            var now = storage.Clock.Now();
            last = new PendingEmail(PendingEmailId.New(storage.Clock), $"n{i}@example.com", now, now.AddMinutes(30));
            var (pending, n) = (last, i);
            (await storage.InAsync(storage.One, tx => PendingEmailStore.PutAsync(tx, user, pending, $"n{n}@example.com", Code, Secret.Hash($"{n}"), None))).ShouldBeTrue();
        }
        (await storage.InAsync(storage.One, tx => PendingEmailStore.ListAsync(tx, user, storage.Clock.Now(), None))).Select(p => p.Address)
            .ShouldBe(Enumerable.Range(2, PendingEmailStore.MaxPerUser).Select(i => $"n{i}@example.com"));
        for (var i = 0; i < PendingEmailStore.MaxAttempts; i++) (await storage.InAsync(storage.One, tx => PendingEmailStore.AttemptAsync(tx, last!.Id, user, storage.Clock.Now(), None))).ShouldNotBeNull();
        (await storage.InAsync(storage.One, tx => PendingEmailStore.AttemptAsync(tx, last!.Id, user, storage.Clock.Now(), None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Notices_turned_off_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var user = new User(UserId.New(storage.Clock), UserStatus.Active, null, null, null, null, [], "{}", 1, now, now) { Zoneinfo = "Asia/Tehran" };
        foreach (var tenant in new[] { storage.One, storage.Two }) await storage.InAsync(tenant, tx => UserStore.TryInsertAsync(tx, user, None));
        (await storage.InAsync(storage.One, tx => UserStore.FindAsync(tx, user.Id, None))).ShouldNotBeNull().Zoneinfo.ShouldBe("Asia/Tehran");
        (await storage.InAsync(storage.One, tx => UserNotices.SetAsync(tx, user.Id, UserNotices.ProfileChanged, false, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => UserNotices.SetAsync(tx, user.Id, UserNotices.ProfileChanged, false, None))).ShouldBeFalse("it was off");
        (await storage.InAsync(storage.One, tx => UserNotices.WantsAsync(tx, user.Id, UserNotices.ProfileChanged, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => UserNotices.WantsAsync(tx, user.Id, UserNotices.ProfileChanged, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => UserNotices.ListAsync(tx, user.Id, None))).Values.ShouldAllBe(wanted => wanted);
        (await storage.InAsync(storage.Two, tx => UserNotices.SetAsync(tx, user.Id, UserNotices.ProfileChanged, true, None))).ShouldBeFalse("it was on");
        (await storage.InAsync(storage.One, tx => UserNotices.WantsAsync(tx, user.Id, UserNotices.ProfileChanged, None))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task A_person_s_trail_is_what_she_did_and_what_was_done_to_her_in_her_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database, services =>
        {
            services.AddVault();
            services.AddSingleton<AuditLog>();
            services.AddSingleton<AuditTrail>();
        });
        var log = storage.Services.GetRequiredService<AuditLog>();
        async Task AppendAsync(TenantId tenant, string action, string actor, string target)
        {
            storage.Clock.Advance(TimeSpan.FromSeconds(1));
            await storage.InAsync(tenant, async tx => { await log.AppendAsync(tx, new(action, AuditOutcome.Success, new("user", actor), "user", target, RequestFacts.None), None); return true; });
        }
        await AppendAsync(storage.One, "a", "usr_ann", "usr_ann");
        await AppendAsync(storage.One, "b", "usr_eve", "usr_ann");
        await AppendAsync(storage.One, "c", "usr_ann", "usr_eve");
        await AppendAsync(storage.One, "d", "usr_eve", "usr_eve");
        await AppendAsync(storage.Two, "e", "usr_ann", "usr_ann");

        var trail = storage.Services.GetRequiredService<AuditTrail>();
        var first = await storage.InAsync(storage.One, tx => trail.ListOfAsync(tx, "usr_ann", new PageRequest(2, null), None));
        first.Items.Select(e => e.Action).ShouldBe(["c", "b"]);
        PageRequest.Parse("2", first.Next).TryGet(out var next, out _).ShouldBeTrue();
        var second = await storage.InAsync(storage.One, tx => trail.ListOfAsync(tx, "usr_ann", next!, None));
        second.Items.Select(e => e.Action).ShouldBe(["a"], "once, although she is both");
        second.Next.ShouldBeNull();
    }
}
