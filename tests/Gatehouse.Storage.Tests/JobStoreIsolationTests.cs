using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="JobStore"/>: tenant one owns the job; tenant two asks. And what makes a row happen once.</summary>
public sealed class JobStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<JobId> NewJobAsync(TestStorage storage, int rows = 2)
    {
        var id = JobId.New(storage.Clock);
        var caller = new Caller(storage.One, "client", "cli_x") { Scopes = [Scopes.UsersWrite] };
        await storage.InAsync(storage.One, async tx =>
        {
            await JobStore.InsertAsync(tx, new(id, "users.bulk", "queued", null, rows, 0, 0, "{}", caller, storage.Clock.Now(), null, null), None);
            await JobStore.InsertRowsAsync(tx, id, [.. Enumerable.Range(1, rows).Select(n => (n, new byte[] { (byte)n }))], None);
            return true;
        });
        return id;
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_sees_and_changes_nothing(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var job = await NewJobAsync(storage, 10);
        var (now, later, owner) = (storage.Clock.Now(), storage.Clock.Now().AddMinutes(1), Guid.NewGuid());
        (await storage.InAsync(storage.Two, tx => JobStore.FindAsync(tx, job, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => JobStore.ListAsync(tx, true, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => JobStore.ListAsync(tx, false, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => JobStore.CountOpenAsync(tx, 10, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => JobStore.TryClaimAsync(tx, job, owner, now, later, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => JobStore.TryClaimAsync(tx, job, owner, now, later, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => JobStore.ListWaitingAsync(tx, job, 10, None))).ShouldBeEmpty();
        foreach (var state in new[] { null, "waiting" }) (await storage.InAsync(storage.Two, tx => JobStore.ListRowsAsync(tx, job, null, false, state, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => JobStore.ListRowsAsync(tx, job, null, true, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => JobStore.TryFinishRowAsync(tx, job, 1, RowResult.Done("x"), now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => JobStore.TryCountAttemptAsync(tx, job, 1, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => JobStore.TryAdvanceAsync(tx, job, owner, true, later, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => JobStore.TryReleaseAsync(tx, job, owner, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => JobStore.TryFinishAsync(tx, job, owner, "done", null, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => JobStore.TryCancelAsync(tx, job, now, None))).ShouldBeFalse();

        (await storage.InAsync(storage.One, tx => JobStore.FindAsync(tx, job, None))).ShouldNotBeNull().State.ShouldBe("running");
        var rows = await storage.InAsync(storage.One, tx => JobStore.ListWaitingAsync(tx, job, 20, None));
        rows.Select(r => (r.Number, r.Input[0], r.Attempts)).ShouldBe(Enumerable.Range(1, 10).Select(n => (n, (byte)n, 0)));
    }

    [Theory, BothDatabases]
    public async Task A_row_happens_once_and_only_under_the_lease(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var job = await NewJobAsync(storage);
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        DateTimeOffset Until() => storage.Clock.Now().AddSeconds(10);
        Task<bool> ClaimAsync(Guid owner) => storage.InAsync(storage.One, tx => JobStore.TryClaimAsync(tx, job, owner, storage.Clock.Now(), Until(), None));
        Task<bool> AdvanceAsync(Guid owner, bool commit = true) => storage.InAsync(storage.One, tx => JobStore.TryAdvanceAsync(tx, job, owner, true, Until(), None), commit);

        (await ClaimAsync(first)).ShouldBeTrue();
        (await ClaimAsync(second)).ShouldBeFalse();
        (await AdvanceAsync(second)).ShouldBeFalse();
        storage.Clock.Advance(TimeSpan.FromSeconds(11));
        (await ClaimAsync(second)).ShouldBeTrue();          // the first has died, or is slow
        (await AdvanceAsync(first)).ShouldBeFalse();        // and then its row is rolled back
        (await storage.InAsync(storage.One, tx => JobStore.TryFinishRowAsync(tx, job, 1, RowResult.Done("usr_1"), storage.Clock.Now(), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => JobStore.TryFinishRowAsync(tx, job, 1, RowResult.Done("usr_2"), storage.Clock.Now(), None))).ShouldBeFalse();
        (await AdvanceAsync(second)).ShouldBeTrue();

        (await storage.InAsync(storage.One, tx => JobStore.TryCancelAsync(tx, job, storage.Clock.Now(), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => JobStore.TryCancelAsync(tx, job, storage.Clock.Now(), None))).ShouldBeFalse();
        (await AdvanceAsync(second)).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => JobStore.ListWaitingAsync(tx, job, 10, None))).ShouldBeEmpty();
        var rows = await storage.InAsync(storage.One, tx => JobStore.ListRowsAsync(tx, job, null, false, null, 10, None));
        rows.Select(r => (r.Number, r.State, r.ResourceId)).ShouldBe([(1, "done", "usr_1"), (2, "cancelled", null)]);
    }

    [Theory, BothDatabases]
    public async Task What_is_over_is_forgotten_after_thirty_days(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (over, open) = (await NewJobAsync(storage), await NewJobAsync(storage));
        await storage.InAsync(storage.One, tx => JobStore.TryCancelAsync(tx, over, storage.Clock.Now(), None));
        var pruning = new Pruning(storage.System, storage.Database, [JobStore.Pruning], storage.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<Pruning>.Instance);
        storage.Clock.Advance(TimeSpan.FromDays(29));
        (await pruning.RunAsync(None)).ShouldBe(0);
        storage.Clock.Advance(TimeSpan.FromDays(2));
        (await pruning.RunAsync(None)).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => JobStore.FindAsync(tx, over, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => JobStore.ListRowsAsync(tx, over, null, false, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.One, tx => JobStore.FindAsync(tx, open, None))).ShouldNotBeNull();
        await using var system = await storage.System.ReadAsync(None);
        (await JobStore.ListDueAsync(system, storage.Clock.Now(), 10, None)).ShouldBe([(storage.One, open)]);
    }
}
