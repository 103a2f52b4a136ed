using System.Diagnostics.Metrics;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="PasswordStore"/>, <see cref="OneTimeLinkStore"/> and the rate counters: tenant one owns the row; tenant two asks.</summary>
public sealed class CredentialStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Device = Secret.Hash("device"), Token = Secret.Hash("token");

    private static Task<bool> DoAsync(TestStorage storage, TenantId tenant, Func<TenantTransaction, ValueTask> work) =>
        storage.InAsync(tenant, async tx => { await work(tx); return true; });

    [Theory, BothDatabases]
    public async Task Passwords_and_devices_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = UserId.New(storage.Clock);
        var now = storage.Clock.Now();
        var keys = new AttemptKeys(user, "ann@example.com", Device, RequestFacts.None);
        Task<PasswordFacts> FactsAsync(TenantId tenant) => storage.InAsync(tenant, tx => PasswordStore.FactsAsync(tx, user, keys, now, None));

        await DoAsync(storage, storage.One, tx => PasswordStore.SetAsync(tx, user, "one", now, None));
        await DoAsync(storage, storage.One, tx => PasswordStore.RememberDeviceAsync(tx, user, Device, now, None));
        (await FactsAsync(storage.Two)).ShouldBe(new PasswordFacts(null, false, 0, 0, 0, 0));
        (await storage.InAsync(storage.Two, tx => PasswordStore.ChangedAtAsync(tx, user, None))).ShouldBeNull();

        (await storage.InAsync(storage.Two, tx => PasswordStore.RehashAsync(tx, user, "one", "eve", None))).ShouldBeFalse();
        await DoAsync(storage, storage.Two, tx => PasswordStore.SetAsync(tx, user, "two", now, None));
        await DoAsync(storage, storage.Two, tx => PasswordStore.DeleteAsync(tx, user, None));
        (await FactsAsync(storage.One)).ShouldBe(new PasswordFacts("one", true, 0, 0, 0, 0));
        (await storage.InAsync(storage.One, tx => PasswordStore.ChangedAtAsync(tx, user, None))).ShouldBe(now);

        (await storage.InAsync(storage.One, tx => PasswordStore.RehashAsync(tx, user, "stale", "no", None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => PasswordStore.RehashAsync(tx, user, "one", "renewed", None))).ShouldBeTrue();
        (await FactsAsync(storage.One)).Phc.ShouldBe("renewed");
        await DoAsync(storage, storage.One, tx => PasswordStore.DeleteAsync(tx, user, None));
        (await FactsAsync(storage.One)).ShouldBe(new PasswordFacts(null, false, 0, 0, 0, 0));
    }

    [Theory, BothDatabases]
    public async Task What_is_demanded_of_a_password_stays_in_the_tenant_and_goes_with_the_password(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = UserId.New(storage.Clock);
        var now = storage.Clock.Now();
        var keys = new AttemptKeys(user, "ann@example.com", Device, RequestFacts.None);
        Task<PasswordFacts> FactsAsync(TenantId tenant) => storage.InAsync(tenant, tx => PasswordStore.FactsAsync(tx, user, keys, now, None));
        foreach (var tenant in new[] { storage.One, storage.Two }) await DoAsync(storage, tenant, tx => PasswordStore.SetAsync(tx, user, "phc", now, None));

        await DoAsync(storage, storage.One, tx => PasswordStore.DemandChangeAsync(tx, user, "another", "breached", None));
        await DoAsync(storage, storage.One, tx => PasswordStore.RememberLookUpAsync(tx, user, "another", now, None));
        (await FactsAsync(storage.One)).ShouldBe(new PasswordFacts("phc", false, 0, 0, 0, 0));
        await DoAsync(storage, storage.One, tx => PasswordStore.RememberLookUpAsync(tx, user, "phc", now, None));
        await DoAsync(storage, storage.One, tx => PasswordStore.DemandChangeAsync(tx, user, "administrator", None));
        await DoAsync(storage, storage.One, tx => PasswordStore.DemandChangeAsync(tx, user, "phc", "breached", None));
        (await FactsAsync(storage.One)).ShouldBe(new PasswordFacts("phc", false, 0, 0, 0, 0, "administrator", now));
        (await FactsAsync(storage.Two)).ShouldBe(new PasswordFacts("phc", false, 0, 0, 0, 0));
        (await storage.InAsync(storage.One, tx => PasswordStore.FindAgeAsync(tx, user, None))).ShouldBe(new PasswordAge(now, "administrator"));
        (await storage.InAsync(storage.Two, tx => PasswordStore.FindAgeAsync(tx, user, None))).ShouldBe(new PasswordAge(now, null));
        await DoAsync(storage, storage.Two, tx => PasswordStore.VoidAsync(tx, user, None));
        (await storage.InAsync(storage.Two, tx => PasswordStore.FindAgeAsync(tx, user, None))).ShouldBeNull();
        await DoAsync(storage, storage.One, tx => PasswordStore.SetAsync(tx, user, "new", now, None));
        (await FactsAsync(storage.One)).ShouldBe(new PasswordFacts("new", false, 0, 0, 0, 0));
    }

    [Theory, BothDatabases]
    public async Task Old_passwords_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (ann, bob) = (UserId.New(storage.Clock), UserId.New(storage.Clock));
        var now = storage.Clock.Now();
        Task<string> ListAsync(TenantId tenant, UserId user, int kept = 24) => storage.InAsync(tenant, async tx => string.Join(' ', await PasswordHistoryStore.ListAsync(tx, user, kept, None)));
        async Task SetAsync(TenantId tenant, UserId user, string phc) => await DoAsync(storage, tenant, async tx =>
        {
            if (await PasswordHistoryStore.HoldAsync(tx, user, None))
            {
                await PasswordHistoryStore.AgeAsync(tx, user, None);
                await PasswordHistoryStore.AddAsync(tx, user, now, None);
            }
            await PasswordStore.SetAsync(tx, user, phc, now, None);
        });
        foreach (var phc in new[] { "a", "b", "c", "d" }) await SetAsync(storage.One, ann, phc);
        await SetAsync(storage.One, bob, "e");
        await SetAsync(storage.Two, ann, "f");
        await SetAsync(storage.Two, ann, "g");
        (await ListAsync(storage.One, ann), await ListAsync(storage.One, bob), await ListAsync(storage.Two, ann), await ListAsync(storage.Two, bob)).ShouldBe(("d c b a", "e", "g f", ""));
        (await ListAsync(storage.One, ann, 1)).ShouldBe("d c");
        (await ListAsync(storage.One, ann, 0)).ShouldBe("d");

        await DoAsync(storage, storage.Two, tx => PasswordHistoryStore.AgeAsync(tx, ann, None));
        await DoAsync(storage, storage.Two, tx => PasswordHistoryStore.TrimAsync(tx, ann, 1, None));
        (await ListAsync(storage.One, ann), await ListAsync(storage.Two, ann)).ShouldBe(("d c b a", "g"));
        await DoAsync(storage, storage.Two, tx => PasswordHistoryStore.DeleteAsync(tx, ann, None));
        (await storage.InAsync(storage.Two, tx => PasswordHistoryStore.PruneAsync(tx, 0, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => PasswordHistoryStore.AnyBeyondAsync(tx, 0, None))).ShouldBeFalse();
        (await ListAsync(storage.One, ann)).ShouldBe("d c b a");
        (await storage.InAsync(storage.One, tx => PasswordHistoryStore.AnyBeyondAsync(tx, 2, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PasswordHistoryStore.AnyBeyondAsync(tx, 3, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => PasswordHistoryStore.PruneAsync(tx, 1, None))).ShouldBe(2);
        (await ListAsync(storage.One, ann)).ShouldBe("d c");
        await DoAsync(storage, storage.One, tx => PasswordHistoryStore.DeleteAsync(tx, bob, None));
        await DoAsync(storage, storage.One, tx => PasswordHistoryStore.TrimAsync(tx, ann, 0, None));
        (await ListAsync(storage.One, ann)).ShouldBe("d");
        (await storage.InAsync(storage.Two, tx => PasswordHistoryStore.HoldAsync(tx, bob, None))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Counters_stay_in_the_tenant_and_begin_anew_when_their_window_ends(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var keys = new AttemptKeys(UserId.New(storage.Clock), "x", Device, new RequestFacts("192.0.2.1", "", ""));
        var now = storage.Clock.Now();
        var window = TimeSpan.FromMinutes(10);
        Task<bool> TakeAsync(TenantId tenant, DateTimeOffset at) => storage.InAsync(tenant, tx => RateLimit.TryTakeAsync(tx, PasswordStore.UserBucket, keys.UserKey, 2, at, window, None));

        (await TakeAsync(storage.One, now)).ShouldBeTrue();
        (await TakeAsync(storage.One, now)).ShouldBeTrue();
        (await TakeAsync(storage.One, now)).ShouldBeFalse();
        (await TakeAsync(storage.Two, now)).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PasswordStore.FactsAsync(tx, default, keys, now, None))).UserFailures.ShouldBe(2);
        (await storage.InAsync(storage.Two, tx => PasswordStore.FactsAsync(tx, default, keys, now, None))).UserFailures.ShouldBe(1);

        (await TakeAsync(storage.One, now + window)).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PasswordStore.FactsAsync(tx, default, keys, now + window, None))).UserFailures.ShouldBe(1);
        (await storage.InAsync(storage.One, tx => PasswordStore.FactsAsync(tx, default, keys, now + 2 * window, None))).UserFailures.ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Counts_exactly_the_limit_among_64_at_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database, s => s.AddCredentials());
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var hasher = new PasswordHasher(Options.Create(new CredentialsOptions()));
        var limit = new RateLimit(storage.Database, new CredentialsMetrics(services.GetRequiredService<IMeterFactory>(), hasher), storage.Clock);
        var taken = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => limit.TryTakeAsync(storage.One, "test", "key", 10, TimeSpan.FromHours(1), None).AsTask())));
        taken.Count(t => t).ShouldBe(10);
    }

    [Theory, BothDatabases]
    public async Task Links_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = UserId.New(storage.Clock);
        var now = storage.Clock.Now();
        var link = new OneTimeLink(LinkPurpose.ResetPassword, user, EmailId.New(storage.Clock), "payload", now.AddMinutes(10));
        await DoAsync(storage, storage.One, tx => OneTimeLinkStore.InsertAsync(tx, Token, link, now, None));

        (await storage.InAsync(storage.Two, tx => OneTimeLinkStore.FindAsync(tx, LinkPurpose.ResetPassword, Token, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => OneTimeLinkStore.RedeemAsync(tx, LinkPurpose.ResetPassword, Token, now, None))).ShouldBeNull();
        await DoAsync(storage, storage.Two, tx => OneTimeLinkStore.DeleteAsync(tx, user, LinkPurpose.ResetPassword, None));
        await DoAsync(storage, storage.Two, tx => OneTimeLinkStore.DeleteOthersAsync(tx, user, LinkPurpose.ResetPassword, Secret.Hash("another"), None));
        await DoAsync(storage, storage.Two, tx => OneTimeLinkStore.DeleteAllAsync(tx, user, None));

        (await storage.InAsync(storage.One, tx => OneTimeLinkStore.FindAsync(tx, LinkPurpose.VerifyEmail, Token, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeLinkStore.FindAsync(tx, LinkPurpose.ResetPassword, Token, now, None))).ShouldBe(link);
        (await storage.InAsync(storage.One, tx => OneTimeLinkStore.FindAsync(tx, LinkPurpose.ResetPassword, Token, link.ExpiresAt, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeLinkStore.RedeemAsync(tx, LinkPurpose.ResetPassword, Token, now, None))).ShouldBe(link);
        (await storage.InAsync(storage.One, tx => OneTimeLinkStore.RedeemAsync(tx, LinkPurpose.ResetPassword, Token, now, None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task A_link_works_for_exactly_one_of_64_at_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var links = new OneTimeLinks(storage.Clock);
        var token = await storage.InAsync(storage.One, tx => links.IssueAsync(tx, LinkPurpose.VerifyEmail, null, null, "", TimeSpan.FromHours(1), None));
        var redeemed = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
            storage.InAsync(storage.One, async tx => await links.RedeemAsync(tx, LinkPurpose.VerifyEmail, token, None) is not null))));
        redeemed.Count(r => r).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task A_newer_reset_link_voids_the_older_of_its_user_only_once_it_is_sent(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var links = new OneTimeLinks(storage.Clock);
        var (ann, bob) = (UserId.New(storage.Clock), UserId.New(storage.Clock));
        Task<string> IssueAsync(UserId user) => storage.InAsync(storage.One, tx => links.IssueAsync(tx, LinkPurpose.ResetPassword, user, null, "", TimeSpan.FromHours(1), None));
        var (older, bobs) = (await IssueAsync(ann), await IssueAsync(bob));
        var newer = await IssueAsync(ann);
        Task<bool> WorksAsync(string token) => storage.InAsync(storage.One, async tx => await links.FindAsync(tx, LinkPurpose.ResetPassword, token, None) is not null);
        (await WorksAsync(older)).ShouldBeTrue();
        await DoAsync(storage, storage.One, tx => links.VoidOthersAsync(tx, LinkPurpose.ResetPassword, ann, newer, None));
        (await WorksAsync(older)).ShouldBeFalse();
        (await WorksAsync(newer)).ShouldBeTrue();
        (await WorksAsync(bobs)).ShouldBeTrue();
        foreach (var broken in new[] { "", "gh_ln_", newer + "x", newer[..^1], "gh_ac_" + newer[6..] }) (await WorksAsync(broken)).ShouldBeFalse();
    }
}
