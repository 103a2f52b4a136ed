using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="ImpersonationStore"/>: tenant one owns it; tenant two asks. And when it may begin and is over.</summary>
public sealed class ImpersonationStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<T> InAsync<T>(TestStorage storage, TenantId tenant, Func<TenantTransaction, ValueTask<T>> work)
    {
        await using var tx = await storage.Database.BeginAsync(tenant, None);
        var result = await work(tx);
        await tx.CommitAsync(None);
        return result;
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_sees_and_changes_nothing_and_time_ends_it(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, user, actor) = (storage.Clock.Now(), await OrganizationStoreIsolationTests.NewUserAsync(storage, storage.One, "bob@example.com"), UserId.New(storage.Clock));
        var wanted = new StoredImpersonation(ImpersonationId.New(storage.Clock), SessionId.New(storage.Clock), actor, SessionId.New(storage.Clock), user, "why", 30, now.AddMinutes(2), now, null, now.AddMinutes(2), null, null);
        byte[] link = [1], secret = [2];
        await InAsync(storage, storage.One, tx => ImpersonationStore.InsertAsync(tx, wanted, link, None));
        var ends = now.AddMinutes(30);

        async Task BlindAsync()
        {
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.FindAsync(tx, wanted.Id, None))).ShouldBeNull();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.FindByLinkAsync(tx, link, now, None))).ShouldBeNull();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.FindBySecretAsync(tx, secret, now, None))).ShouldBeNull();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.FindBySessionAsync(tx, wanted.SessionId, now, None))).ShouldBeNull();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.ListLiveAsync(tx, now, None))).ShouldBeEmpty();
            foreach (var newestFirst in new[] { true, false })
            {
                (await InAsync(storage, storage.Two, tx => ImpersonationStore.ListAsync(tx, newestFirst, null, 10, None))).ShouldBeEmpty();
                (await InAsync(storage, storage.Two, tx => ImpersonationStore.ListOfUserAsync(tx, user, newestFirst, null, 10, None))).ShouldBeEmpty();
                (await InAsync(storage, storage.One, tx => ImpersonationStore.ListOfUserAsync(tx, user, newestFirst, null, 10, None))).ShouldHaveSingleItem();
            }
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.TryStartAsync(tx, wanted.Id, wanted.ActorSessionId, secret, now, ends, None))).ShouldBeFalse();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.EndAsync(tx, wanted.Id, "x", now, None))).ShouldBeNull();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.EndOfActorSessionAsync(tx, wanted.ActorSessionId, default, "x", now, None))).ShouldBeEmpty();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.EndOfUserAsync(tx, user, "x", now, None))).ShouldBeEmpty();
            (await InAsync(storage, storage.Two, tx => ImpersonationStore.EndOfActorAsync(tx, actor, "x", now, None))).ShouldBeEmpty();
        }
        await BlindAsync();
        // Another session's browser, a link of yesterday, and once.
        (await InAsync(storage, storage.One, tx => ImpersonationStore.TryStartAsync(tx, wanted.Id, SessionId.New(storage.Clock), secret, now, ends, None))).ShouldBeFalse();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.TryStartAsync(tx, wanted.Id, wanted.ActorSessionId, secret, now.AddMinutes(2), ends, None))).ShouldBeFalse();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.TryStartAsync(tx, wanted.Id, wanted.ActorSessionId, secret, now, ends, None))).ShouldBeTrue();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.TryStartAsync(tx, wanted.Id, wanted.ActorSessionId, secret, now, ends, None))).ShouldBeFalse();
        await BlindAsync();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.FindBySecretAsync(tx, secret, ends.AddSeconds(-1), None))).ShouldNotBeNull();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.FindBySecretAsync(tx, secret, ends, None))).ShouldBeNull();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.FindBySessionAsync(tx, wanted.SessionId, ends, None))).ShouldBeNull();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.ListLiveAsync(tx, ends.AddSeconds(-1), None))).ShouldHaveSingleItem();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.ListLiveAsync(tx, ends, None))).ShouldBeEmpty();
        (await InAsync(storage, storage.One, tx => ImpersonationStore.EndOfUserAsync(tx, user, "x", now, None))).ShouldHaveSingleItem().EndReason.ShouldBe("x");
        (await InAsync(storage, storage.One, tx => ImpersonationStore.FindBySecretAsync(tx, secret, now, None))).ShouldBeNull();
    }
}
