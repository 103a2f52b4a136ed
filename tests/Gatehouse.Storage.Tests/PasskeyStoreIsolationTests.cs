using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="PasskeyStore"/>: tenant one owns the row; tenant two asks.</summary>
public sealed class PasskeyStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Credential = [1, 2, 3];

    private static Passkey New(TestStorage storage, UserId user) =>
        new(PasskeyId.New(storage.Clock), user, "Key", true, false, Guid.Empty, storage.Clock.Now(), null, true);

    private static Task<bool> InsertAsync(TestStorage storage, TenantId tenant, Passkey passkey, byte[]? credential = null) =>
        storage.InAsync(tenant, tx => PasskeyStore.TryInsertAsync(tx, passkey, new(credential ?? Credential, [9], 1, "usb", "example.com", true), Passkeys.MaxPerUser, None));

    [Theory, BothDatabases]
    public async Task Passkeys_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var user = UserId.New(storage.Clock);
        var passkey = New(storage, user);
        (await InsertAsync(storage, storage.One, passkey)).ShouldBeTrue();
        (await InsertAsync(storage, storage.One, New(storage, UserId.New(storage.Clock)))).ShouldBeFalse("a credential is one user's");

        (await storage.InAsync(storage.Two, tx => PasskeyStore.FindAsync(tx, Credential, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => PasskeyStore.ListAsync(tx, user, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => PasskeyStore.RenameAsync(tx, passkey.Id, user, "Eve", None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => PasskeyStore.UseAsync(tx, passkey.Id, 9, true, storage.Clock.Now(), None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, async tx => await PasskeyStore.DeleteAsync(tx, passkey.Id, user, None) ?? "")).ShouldBe("");
        await storage.InAsync(storage.Two, async tx => { await PasskeyStore.DeleteAllAsync(tx, user, None); return true; });
        (await InsertAsync(storage, storage.Two, New(storage, user))).ShouldBeTrue("another tenant's credentials are its own");
        for (byte i = 0; i < Passkeys.MaxPerUser - 1; i++) (await InsertAsync(storage, storage.One, New(storage, user), [9, i])).ShouldBeTrue("another tenant's count is its own");
        (await InsertAsync(storage, storage.One, New(storage, user), [9, 99])).ShouldBeFalse("there is an end");

        var (found, key) = (await storage.InAsync(storage.One, tx => PasskeyStore.FindAsync(tx, Credential, None))).ShouldNotBeNull();
        found.ShouldBe(passkey);
        (key.SignCount, key.Transports, key.RpId, key.UvInitialized).ShouldBe((1, "usb", "example.com", true));
        key.CredentialId.ShouldBe(Credential);
    }

    [Theory, BothDatabases]
    public async Task A_counter_that_counts_must_grow(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (passkey, now) = (New(storage, UserId.New(storage.Clock)), storage.Clock.Now());
        await InsertAsync(storage, storage.One, passkey);
        Task<bool> UseAsync(long count) => storage.InAsync(storage.One, tx => PasskeyStore.UseAsync(tx, passkey.Id, count, false, now, None));
        (await UseAsync(1)).ShouldBeFalse();
        (await UseAsync(0)).ShouldBeFalse();
        (await UseAsync(2)).ShouldBeTrue();
        (await UseAsync(2)).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => PasskeyStore.ListAsync(tx, passkey.UserId, None))).ShouldHaveSingleItem().Passkey.LastUsedAt.ShouldBe(now);
        (await storage.InAsync(storage.One, tx => PasskeyStore.DeleteAsync(tx, passkey.Id, passkey.UserId, None))).ShouldBe("Key");
    }

    [Theory, BothDatabases]
    public async Task Challenges_stay_in_the_tenant_and_are_taken_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (subject, now) = (Guid.CreateVersion7(storage.Clock.GetUtcNow()), storage.Clock.Now());
        Task<byte[]> IssueAsync(TenantId tenant, byte value, DateTimeOffset at) =>
            storage.InAsync(tenant, tx => PasskeyStore.IssueAsync(tx, PasskeyStore.SigningIn, subject, [value], at.AddMinutes(5), at.AddMinutes(10), None));
        Task<byte[]?> TakeAsync(TenantId tenant, string purpose, DateTimeOffset at) => storage.InAsync(tenant, tx => PasskeyStore.TakeAsync(tx, purpose, subject, at, None));

        (await IssueAsync(storage.One, 1, now)).ShouldBe([1]);
        (await IssueAsync(storage.One, 2, now)).ShouldBe([1], "a second tab is given the same one");
        (await IssueAsync(storage.One, 3, now.AddMinutes(6))).ShouldBe([3], "half of its time is over");
        (await TakeAsync(storage.Two, PasskeyStore.SigningIn, now)).ShouldBeNull();
        (await TakeAsync(storage.One, PasskeyStore.Registering, now)).ShouldBeNull();
        (await TakeAsync(storage.One, PasskeyStore.SigningIn, now.AddMinutes(16))).ShouldBeNull("expired");
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TakeAsync(storage.One, PasskeyStore.SigningIn, now))));
        taken.Count(t => t is not null).ShouldBe(1);
    }
}
