using Gatehouse.ApiKeys;
using Gatehouse.Authorization;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of the keys' store: tenant one owns the key; tenant two asks with its id, its owner and its secret.</summary>
public sealed class ApiKeyStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Keys_stay_in_their_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var owner = new KeyOwner(KeyOwnerKind.User, UserId.New(storage.Clock).Value);
        var key = new ApiKey(ApiKeyId.New(storage.Clock), owner, "Key", "ghk_12345678", ["users:read"], ["192.0.2.0/24"], now.AddDays(1), null, null, null, null, "system", 1, now, now);
        byte[] hash = KeyText.Hash(KeyText.New()).ToBytes(), next = KeyText.Hash(KeyText.New()).ToBytes();
        await storage.InAsync(storage.One, async tx => { await ApiKeyStore.InsertAsync(tx, key, hash, None); return true; });

        await storage.InAsync(storage.Two, async tx =>
        {
            (await ApiKeyStore.FindAsync(tx, key.Id, None)).ShouldBeNull();
            (await ApiKeyStore.FindBySecretAsync(tx, hash, None)).ShouldBeNull();
            (await ApiKeyStore.FindLiveAsync(tx, key.Id, now, None)).ShouldBeNull();
            foreach (var of in (KeyOwner?[])[null, owner])
                foreach (var newestFirst in (bool[])[true, false]) (await ApiKeyStore.ListAsync(tx, of, newestFirst, null, 10, None)).ShouldBeEmpty();
            (await ApiKeyStore.CountLiveAsync(tx, owner, now, None)).ShouldBe(0);
            (await ApiKeyStore.ListLiveAsync(tx, owner, now, None)).ShouldBeEmpty();
            (await ApiKeyStore.TryUpdateAsync(tx, key, now, None)).ShouldBeFalse();
            (await ApiKeyStore.TryRotateAsync(tx, key, next, null, now, None)).ShouldBeFalse();
            (await ApiKeyStore.TryRevokeAsync(tx, key.Id, now, None)).ShouldBeFalse();
            (await ApiKeyStore.ListHashesAsync(tx, key.Id, None)).ShouldBeEmpty();
            (await ApiKeyStore.ListIdsOfAsync(tx, owner, 10, None)).ShouldBeEmpty();
            (await ApiKeyStore.ListOldAsync(tx, now.AddYears(1), 10, None)).ShouldBeEmpty();
            (await ApiKeyStore.TryDeleteAsync(tx, key.Id, None)).ShouldBeFalse();
            (await ApiKeyStore.UseAsync(tx, key.Id, now, "192.0.2.1", None)).ShouldBe(0);
            return true;
        });

        await storage.InAsync(storage.One, async tx =>
        {
            (await ApiKeyStore.FindAsync(tx, key.Id, None))!.Version.ShouldBe(1);
            var stored = (await ApiKeyStore.FindBySecretAsync(tx, hash, None)).ShouldNotBeNull();
            (stored.Key, stored.Owner, stored.EndsAt).ShouldBe((key.Id, owner, null));
            (await ApiKeyStore.FindLiveAsync(tx, key.Id, now, None))!.Owner.ShouldBe(owner);
            (await ApiKeyStore.FindLiveAsync(tx, key.Id, key.ExpiresAt, None)).ShouldBeNull();
            (await ApiKeyStore.CountLiveAsync(tx, owner, now, None)).ShouldBe(1);
            (await ApiKeyStore.ListLiveAsync(tx, owner, now, None)).ShouldHaveSingleItem().Id.ShouldBe(key.Id);
            (await ApiKeyStore.ListLiveAsync(tx, owner, key.ExpiresAt, None)).ShouldBeEmpty();
            (await ApiKeyStore.ListAsync(tx, owner, true, null, 10, None)).ShouldHaveSingleItem().Id.ShouldBe(key.Id);
            (await ApiKeyStore.TryRotateAsync(tx, key, next, now.AddHours(1), now, None)).ShouldBeTrue();
            (await ApiKeyStore.TryRotateAsync(tx, key, next, now.AddHours(1), now, None)).ShouldBeFalse("another version");
            (await ApiKeyStore.FindBySecretAsync(tx, hash, None))!.EndsAt.ShouldBe(now.AddHours(1));
            (await ApiKeyStore.UseAsync(tx, key.Id, now, "192.0.2.1", None)).ShouldBe(1);
            (await ApiKeyStore.UseAsync(tx, key.Id, now, "192.0.2.2", None)).ShouldBe(0, "no later than what is written");
            (await ApiKeyStore.TryRevokeAsync(tx, key.Id, now, None)).ShouldBeTrue();
            (await ApiKeyStore.TryRevokeAsync(tx, key.Id, now, None)).ShouldBeFalse();
            (await ApiKeyStore.FindBySecretAsync(tx, next, None)).ShouldBeNull();
            (await ApiKeyStore.ListOldAsync(tx, now.AddDays(2), 10, None)).ShouldBe([key.Id]);
            (await ApiKeyStore.TryDeleteAsync(tx, key.Id, None)).ShouldBeTrue();
            (await ApiKeyStore.ListHashesAsync(tx, key.Id, None)).ShouldBeEmpty();
            return true;
        });
    }
}
