using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="SessionStore"/>: tenant one owns the row; tenant two asks.</summary>
public sealed class SessionStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Hash = Secret.Hash("first"), Renewed = Secret.Hash("second");
    private static readonly SessionSettings Settings = new();

    private static async Task<Session> StartAsync(TestStorage storage)
    {
        var now = storage.Clock.Now();
        var session = new Session(SessionId.New(storage.Clock), UserId.New(storage.Clock), now, now, now, SessionStore.ExpiryOf(now, now, Settings), ["pwd"], "192.0.2.1", "agent");
        await storage.InAsync(storage.One, async tx => { await SessionStore.InsertAsync(tx, session, Hash, None); return true; });
        return session;
    }

    private static Task<Session?> BySecretAsync(TestStorage storage, TenantId tenant, byte[] hash, DateTimeOffset at) =>
        storage.InAsync(tenant, tx => SessionStore.FindBySecretAsync(tx, hash, LiveSince.At(at, Settings), None));

    [Theory, BothDatabases]
    public async Task Another_tenant_neither_finds_nor_changes_a_session(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var session = await StartAsync(storage);
        var now = storage.Clock.Now();
        var live = LiveSince.At(now, Settings);
        (await BySecretAsync(storage, storage.Two, Hash, now)).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => SessionStore.FindAsync(tx, session.Id, live, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => SessionStore.ListAsync(tx, session.UserId, null, 10, live, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => SessionStore.RenewAsync(tx, session, Hash, Renewed, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => SessionStore.TouchAsync(tx, session.Id, now.AddHours(1), now.AddHours(1), None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => SessionStore.EndAsync(tx, session.Id, "eve", now, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => SessionStore.EndAsync(tx, session.Id, session.UserId, "eve", now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => SessionStore.EndAllAsync(tx, session.UserId, null, "eve", now, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => SessionStore.NameAsync(tx, session.Id, session.UserId, "eve", None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => SessionStore.NameAsync(tx, session.Id, UserId.New(storage.Clock), "eve", None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => SessionStore.EndOldestAsync(tx, session.UserId, SessionId.New(storage.Clock), 0, "eve", now, live, None))).ShouldBeEmpty();
        await storage.InAsync(storage.Two, async tx => { await SessionStore.DeleteOfUserAsync(tx, session.UserId, None); return true; });

        var found = (await BySecretAsync(storage, storage.One, Hash, now)).ShouldNotBeNull();
        found.Methods.ShouldBe(session.Methods);
        (found with { Methods = session.Methods }).ShouldBe(session);
        (await storage.InAsync(storage.One, tx => SessionStore.FindAsync(tx, session.Id, live, None))).ShouldNotBeNull().Id.ShouldBe(session.Id);
        (await storage.InAsync(storage.One, tx => SessionStore.ListAsync(tx, session.UserId, null, 10, live, None))).ShouldHaveSingleItem().Id.ShouldBe(session.Id);
    }

    [Theory, BothDatabases]
    public async Task The_owner_renews_touches_and_ends_it_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var session = await StartAsync(storage);
        var later = session.CreatedAt.AddMinutes(2);
        (await storage.InAsync(storage.One, tx => SessionStore.TouchAsync(tx, session.Id, later, session.LastSeenAt, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => SessionStore.TouchAsync(tx, session.Id, later, later, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => SessionStore.RenewAsync(tx, session with { AuthenticatedAt = later }, Hash, Renewed, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => SessionStore.RenewAsync(tx, session, Hash, Renewed, None))).ShouldBeFalse();
        (await BySecretAsync(storage, storage.One, Hash, later)).ShouldBeNull();
        (await BySecretAsync(storage, storage.One, Renewed, later)).ShouldNotBeNull().AuthenticatedAt.ShouldBe(later);

        (await storage.InAsync(storage.One, tx => SessionStore.EndAllAsync(tx, session.UserId, session.Id, "others", later, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.One, tx => SessionStore.EndAsync(tx, session.Id, "user", later, None))).ShouldBe(session.UserId);
        (await storage.InAsync(storage.One, tx => SessionStore.EndAsync(tx, session.Id, "user", later, None))).ShouldBeNull();
        (await BySecretAsync(storage, storage.One, Renewed, later)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Idle_and_absolute_time_end_it(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var session = await StartAsync(storage);
        var idle = session.CreatedAt.AddSeconds(Settings.IdleSeconds);
        (await BySecretAsync(storage, storage.One, Hash, idle.AddSeconds(-1))).ShouldNotBeNull();
        (await BySecretAsync(storage, storage.One, Hash, idle)).ShouldBeNull();
        var absolute = session.CreatedAt.AddSeconds(Settings.AbsoluteSeconds);
        await storage.InAsync(storage.One, tx => SessionStore.TouchAsync(tx, session.Id, absolute.AddSeconds(-1), absolute, None));
        (await BySecretAsync(storage, storage.One, Hash, absolute.AddSeconds(-1))).ShouldNotBeNull().ExpiresAt.ShouldBe(absolute);
        (await BySecretAsync(storage, storage.One, Hash, absolute)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_neither_finds_nor_changes_a_trusted_device(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var live = new TrustSince(now, now.AddDays(-30));
        var device = new TrustedDevice(TrustedDeviceId.New(storage.Clock), UserId.New(storage.Clock), Secret.Hash("browser"), now, now.AddDays(30), null, "192.0.2.1", "agent");
        Task<TrustedDevice?> FindAsync(TenantId tenant, byte[] hash) => storage.InAsync(tenant, tx => TrustedDeviceStore.FindAsync(tx, device.UserId, device.Browser, hash, live, None));
        await storage.InAsync(storage.One, async tx => { await TrustedDeviceStore.PutAsync(tx, device, Hash, None); return true; });
        (await FindAsync(storage.Two, Hash)).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.ListAsync(tx, device.UserId, live, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.RotateAsync(tx, device.Id, Hash, Renewed, "", "", live, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.DeleteCopiedAsync(tx, device.UserId, device.Browser, Renewed, now.AddDays(1), None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.DeleteAsync(tx, device.Id, device.UserId, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.DeleteAllAsync(tx, device.UserId, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.DeleteOthersAsync(tx, UserId.New(storage.Clock), device.Browser, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => TrustedDeviceStore.DeleteOldestAsync(tx, device.UserId, 0, None))).ShouldBeEmpty();
        // The same browser and secret in the other tenant is another row.
        await storage.InAsync(storage.Two, async tx => { await TrustedDeviceStore.PutAsync(tx, device with { Id = TrustedDeviceId.New(storage.Clock) }, Renewed, None); return true; });

        (await FindAsync(storage.One, Hash)).ShouldNotBeNull().Id.ShouldBe(device.Id);
        (await FindAsync(storage.One, Renewed)).ShouldBeNull();
        (await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => storage.InAsync(storage.One, tx => TrustedDeviceStore.RotateAsync(tx, device.Id, Hash, Secret.Hash($"n{i}"), "", "", live, None)))))).Count(won => won).ShouldBe(1);
        (await FindAsync(storage.One, Hash)).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => TrustedDeviceStore.DeleteCopiedAsync(tx, device.UserId, device.Browser, Hash, now, None))).ShouldBeNull("it was replaced a moment ago");
        (await storage.InAsync(storage.One, tx => TrustedDeviceStore.DeleteCopiedAsync(tx, device.UserId, device.Browser, Hash, now.AddMinutes(1), None))).ShouldBe(device.Id);
    }

    [Theory, BothDatabases]
    public async Task Of_trusted_devices_the_newest_stay(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, user) = (storage.Clock.Now(), UserId.New(storage.Clock));
        var ids = new List<TrustedDeviceId>();
        for (var i = 0; i < 4; i++)
        {
            var device = new TrustedDevice(TrustedDeviceId.New(storage.Clock), user, Secret.Hash($"b{i}"), now.AddMinutes(i), now.AddDays(30), null, "", "");
            ids.Add(device.Id);
            await storage.InAsync(storage.One, async tx => { await TrustedDeviceStore.PutAsync(tx, device, Secret.Hash($"s{i}"), None); return true; });
        }
        (await storage.InAsync(storage.One, tx => TrustedDeviceStore.DeleteOldestAsync(tx, user, 3, None))).ShouldBe([ids[0]]);
        (await storage.InAsync(storage.One, tx => TrustedDeviceStore.DeleteAllAsync(tx, user, None))).Count.ShouldBe(3);
    }
}
