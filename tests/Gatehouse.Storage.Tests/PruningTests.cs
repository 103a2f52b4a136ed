using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

public sealed class PruningTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Expired_rows_of_every_tenant_go_and_live_ones_stay(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database, services =>
        {
            foreach (var table in (ExpiredRows[])[.. CredentialsPruning.Tables, .. SessionsPruning.Tables, FlowsPruning.Table]) services.AddSingleton(table);
        });
        var pruning = storage.Services.GetRequiredService<Pruning>();
        foreach (var tenant in new[] { storage.One, storage.Two })
        {
            await using var tx = await storage.Database.BeginAsync(tenant, None);
            var now = storage.Clock.Now();
            var user = UserId.New(storage.Clock);
            await RateLimit.TryTakeAsync(tx, "b", Secret.Hash("k"), 5, now, TimeSpan.FromMinutes(10), None);
            await OneTimeLinkStore.InsertAsync(tx, Secret.Hash("t"), new(LinkPurpose.VerifyEmail, user, null, "", now.AddHours(1)), now, None);
            await PasswordStore.RememberDeviceAsync(tx, user, Secret.Hash("d"), now, None);
            await TotpStore.AddPendingAsync(tx, user, Secret.Hash("b"), Secret.Hash("k"), now.AddMinutes(15), now, None);
            await InteractionStore.InsertAsync(tx, new(InteractionId.New(storage.Clock), "k", "/", "", new(), null, null, now, now.AddHours(1), false), Secret.Hash("b"), None);
            var ended = new Session(SessionId.New(storage.Clock), user, now, now, now, now, [], "", "");
            await SessionStore.InsertAsync(tx, ended, Secret.Hash("s1"), None);
            await SessionStore.EndAsync(tx, ended.Id, "test", now, None);
            await SessionStore.InsertAsync(tx, ended with { Id = SessionId.New(storage.Clock) }, Secret.Hash("s2"), None);
            await tx.CommitAsync(None);
        }

        (await pruning.RunAsync(None)).ShouldBe(0);
        storage.Clock.Advance(TimeSpan.FromHours(3));
        (await pruning.RunAsync(None)).ShouldBe(6);        // counters, enrolments and interactions, in both tenants
        storage.Clock.Advance(TimeSpan.FromDays(8));
        (await pruning.RunAsync(None)).ShouldBe(4);        // links and ended sessions
        storage.Clock.Advance(TimeSpan.FromDays(24));
        (await pruning.RunAsync(None)).ShouldBe(2);        // sessions that ran out
        storage.Clock.Advance(TimeSpan.FromDays(400));
        (await pruning.RunAsync(None)).ShouldBe(2);        // devices
    }
}
