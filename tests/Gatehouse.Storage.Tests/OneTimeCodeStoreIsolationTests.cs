using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="OneTimeCodeStore"/> and <see cref="SmsFactorStore"/>: tenant one owns the row; tenant two asks. And of 64 at once, one.</summary>
public sealed class OneTimeCodeStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Subject = Secret.Hash("ann"), Code = Secret.Hash("123456"), Other = Secret.Hash("654321"), Token = Secret.Hash("token"), Browser = Secret.Hash("browser");
    private static readonly CodeKey Key = new("email_sign_in", Guid.Parse("0197b1f0-0000-7000-8000-000000000001"), Subject);

    private static Task<bool> IssueAsync(TestStorage storage, TenantId tenant, UserId? user, byte[] code, CodeKey? key = null, byte[]? token = null, int most = 5)
    {
        var now = storage.Clock.Now();
        return storage.InAsync(tenant, tx => OneTimeCodeStore.TryIssueAsync(tx, key ?? Key, code, token, token is null ? null : Browser, user, now, now.AddMinutes(10), now.AddSeconds(-30), most, None));
    }

    private static async Task<int> Of64Async(Func<Task<bool>> attempt) =>
        (await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(attempt)))).Count(done => done);

    [Theory, BothDatabases]
    public async Task Codes_stay_in_tenant_purpose_run_and_subject(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        (await IssueAsync(storage, storage.One, user, Code, token: Token)).ShouldBeTrue();
        foreach (var key in new[] { Key with { Purpose = "sms_sign_in" }, Key with { Run = Guid.NewGuid() }, Key with { Subject = Secret.Hash("eve") } })
        {
            (await storage.InAsync(storage.One, tx => OneTimeCodeStore.FindAsync(tx, key, now, None))).ShouldBeNull();
            (await storage.InAsync(storage.One, tx => OneTimeCodeStore.TryCountAsync(tx, key, 5, now, None))).ShouldBeFalse();
            (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemAsync(tx, key, Code, now, None))).ShouldBeNull();
        }
        (await storage.InAsync(storage.Two, tx => OneTimeCodeStore.FindAsync(tx, Key, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => OneTimeCodeStore.TryCountAsync(tx, Key, 5, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => OneTimeCodeStore.RedeemAsync(tx, Key, Code, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => OneTimeCodeStore.FindLinkAsync(tx, Key.Purpose, Token, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => OneTimeCodeStore.RedeemLinkAsync(tx, Key.Purpose, Token, Key.Run, Browser, now, None))).ShouldBeNull();
        await storage.InAsync(storage.Two, async tx => { await OneTimeCodeStore.DeleteAllAsync(tx, user, None); return true; });
        (await IssueAsync(storage, storage.Two, null, Other)).ShouldBeTrue("another tenant's row is another row");

        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemAsync(tx, Key, Other, now, None))).ShouldBeNull("a wrong code");
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemAsync(tx, Key, Code, now.AddMinutes(11), None))).ShouldBeNull("an old one");
        (await Of64Async(async () => await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemAsync(tx, Key, Code, now, None)) == user)).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.FindLinkAsync(tx, Key.Purpose, Token, now, None))).ShouldBeNull("code and link are one");
    }

    [Theory, BothDatabases]
    public async Task The_newest_voids_the_one_before_and_a_flood_changes_the_row_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = UserId.New(storage.Clock);
        (await Of64Async(() => IssueAsync(storage, storage.One, user, Code))).ShouldBe(1);
        (await IssueAsync(storage, storage.One, user, Other)).ShouldBeFalse("too soon");
        for (var i = 0; i < 5; i++) (await storage.InAsync(storage.One, tx => OneTimeCodeStore.TryCountAsync(tx, Key, 5, storage.Clock.Now(), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.TryCountAsync(tx, Key, 5, storage.Clock.Now(), None))).ShouldBeFalse("its tries are used up");
        storage.Clock.Advance(TimeSpan.FromSeconds(31));
        (await Of64Async(() => IssueAsync(storage, storage.One, user, Other))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemAsync(tx, Key, Code, storage.Clock.Now(), None))).ShouldBeNull("void");
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.TryCountAsync(tx, Key, 5, storage.Clock.Now(), None))).ShouldBeTrue("the new one has its own tries");
        storage.Clock.Advance(TimeSpan.FromSeconds(31));
        (await IssueAsync(storage, storage.One, user, Code, most: 2)).ShouldBeFalse("too often");
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.FindAsync(tx, Key, storage.Clock.Now(), None)))!.Sent.ShouldBe(2);
        await storage.InAsync(storage.One, async tx => { await OneTimeCodeStore.DeleteAllAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.FindAsync(tx, Key, storage.Clock.Now(), None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Counts_no_more_tries_than_there_are_however_many_come_at_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        await IssueAsync(storage, storage.One, UserId.New(storage.Clock), Code);
        (await Of64Async(() => storage.InAsync(storage.One, tx => OneTimeCodeStore.TryCountAsync(tx, Key, 5, storage.Clock.Now(), None)))).ShouldBe(5);
    }

    [Theory, BothDatabases]
    public async Task Links_are_good_in_their_browser_and_run_and_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now) = (UserId.New(storage.Clock), storage.Clock.Now());
        await IssueAsync(storage, storage.One, user, Code, token: Token);
        var link = (await storage.InAsync(storage.One, tx => OneTimeCodeStore.FindLinkAsync(tx, Key.Purpose, Token, now, None))).ShouldNotBeNull();
        (link.Run, link.UserId).ShouldBe((Key.Run, user));
        link.Browser.ShouldBe(Browser);
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemLinkAsync(tx, Key.Purpose, Token, Key.Run, Secret.Hash("another"), now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemLinkAsync(tx, Key.Purpose, Token, Guid.NewGuid(), Browser, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemLinkAsync(tx, "verify_phone", Token, Key.Run, Browser, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemLinkAsync(tx, Key.Purpose, Token, Key.Run, Browser, now.AddMinutes(11), None))).ShouldBeNull();
        (await Of64Async(async () => await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemLinkAsync(tx, Key.Purpose, Token, Key.Run, Browser, now, None)) == user)).ShouldBe(1);
        // What is for nobody is there, and never right.
        await IssueAsync(storage, storage.One, null, Code, token: Token);
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.FindAsync(tx, Key, now, None)))!.UserId.ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemAsync(tx, Key, Code, now, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => OneTimeCodeStore.RedeemLinkAsync(tx, Key.Purpose, Token, Key.Run, Browser, now, None))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Text_messages_as_a_second_step_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (user, now, phone) = (UserId.New(storage.Clock), storage.Clock.Now(), PhoneId.New(storage.Clock));
        await storage.InAsync(storage.One, async tx => { await SmsFactorStore.SetAsync(tx, user, phone, now, None); return true; });
        (await storage.InAsync(storage.Two, tx => SmsFactorStore.FindAsync(tx, user, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => SmsFactorStore.UsedAsync(tx, user, now, None))).ShouldBeFalse();
        await storage.InAsync(storage.Two, async tx => { await SmsFactorStore.DeleteAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => SmsFactorStore.UsedAsync(tx, user, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => SmsFactorStore.FindAsync(tx, user, None))).ShouldBe(new SmsFactor(phone, now, now));
        var second = PhoneId.New(storage.Clock);
        await storage.InAsync(storage.One, async tx => { await SmsFactorStore.SetAsync(tx, user, second, now, None); return true; });
        (await storage.InAsync(storage.One, tx => SmsFactorStore.FindAsync(tx, user, None))).ShouldBe(new SmsFactor(second, now, null));
        await storage.InAsync(storage.One, async tx => { await SmsFactorStore.DeleteAsync(tx, user, None); return true; });
        (await storage.InAsync(storage.One, tx => SmsFactorStore.FindAsync(tx, user, None))).ShouldBeNull();
    }
}
