using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.BadInput;

namespace Gatehouse.Tests.Operation;

/// <summary>
/// A real process is killed (SIGKILL) while clients write as fast as they can, several times over. What was acknowledged is there
/// afterwards, whole, with its audit entry and its event; what was not acknowledged is there whole or not at all.
/// </summary>
public sealed class KillTests
{
    private const int Kills = 4, Creators = 4, Refreshers = 3;

    [Theory, BothDatabases]
    public async Task Loses_nothing_acknowledged_when_it_is_killed(TestDatabase database)
    {
        await using var installation = await Installation.CreateAsync(database);
        var when = new ByteSource($"kill {database}");
        ConcurrentBag<string> acknowledged = [];
        var process = await installation.ServeAsync();
        try
        {
            using var tenancy = await Tenancy.FurnishAsync(installation);
            // A rotation whose answer was lost must be repeatable when the server is back, however slow this machine is.
            await tenancy.ChangeSettingsAsync(new { tokens = new { refresh_grace_seconds = 60 } });
            var families = new string[Refreshers];
            for (var i = 0; i < Refreshers; i++)
            {
                using var http = tenancy.NewBrowser();
                families[i] = RefreshTokenOf(await tenancy.RedeemAsync(HttpStatusCode.OK, await tenancy.AuthorizeAsync(new FormBrowser(http))));
            }

            for (var round = 0; round < Kills; round++)
            {
                var before = acknowledged.Count;
                using var stop = new CancellationTokenSource();
                var work = Enumerable.Range(0, Creators).Select(n => CreateUsersAsync(tenancy, $"r{round}c{n}", acknowledged, stop.Token))
                    .Concat(Enumerable.Range(0, Refreshers).Select(n => RotateAsync(tenancy, families, n, stop.Token))).ToArray();
                // At least one thing was acknowledged, then any moment.
                await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count > before), TimeSpan.FromSeconds(20), "the first user of this round is created");
                await Task.Delay(50 + when.Below(500));
                process.Child.Kill();
                await process.Child.WaitAsync(TimeSpan.FromSeconds(10));
                await stop.CancelAsync();
                await Task.WhenAll(work);
                await process.DisposeAsync();

                process = await installation.ServeAsync();
                for (var n = 0; n < Refreshers; n++) families[n] = await ContinueAsync(tenancy, families[n]);
            }

            acknowledged.Count.ShouldBeGreaterThan(Kills);
            foreach (var id in acknowledged)
            {
                using var found = await tenancy.Admin.GetAsync($"api/v1/users/{id}");
                found.StatusCode.ShouldBe(HttpStatusCode.OK, id);
            }
            await Eventually.TrueAsync(async () =>
            {
                using var head = await tenancy.Admin.GetAsync("api/v1/audit/head");
                return (await head.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("unsealed").GetInt64() == 0;
            }, TimeSpan.FromSeconds(20), "the chain is sealed");
            process.Child.Terminate();
            (await process.Child.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
            process.Child.ExitCode.ShouldBe(0);
        }
        finally
        {
            await process.DisposeAsync();
        }
        var books = await Books.ReadAsync(installation);
        books.Broken.ShouldBeNull();
        books.Unsealed.ShouldBe(0);
        acknowledged.Except(books.Users).ShouldBeEmpty();
        books.Users.Except(books.UsersInAudit).ShouldBeEmpty();
        books.UsersInAudit.Except(books.Users).ShouldBeEmpty();
        books.Users.Except(books.UsersInOutbox).ShouldBeEmpty();
        books.UsersInOutbox.Except(books.Users).ShouldBeEmpty();
        books.UsersWithoutAddress.ShouldBe(0);
    }

    private static async Task CreateUsersAsync(Tenancy tenancy, string name, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using var created = await tenancy.Admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { $"{name}n{i}@example.com" }, display_name = name }, stop);
                acknowledged.Add((await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException) { return; }     // killed
        }
    }

    private static async Task RotateAsync(Tenancy tenancy, string[] families, int which, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try { families[which] = RefreshTokenOf(await tenancy.RefreshAsync(families[which])); }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException) { return; }     // killed
        }
    }

    /// <summary>The last token that was acknowledged is good, or its successor's answer was lost: then it is answered once more.</summary>
    private static async Task<string> ContinueAsync(Tenancy tenancy, string token)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await tenancy.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", token));
            if (answer.StatusCode == HttpStatusCode.OK || attempt == 2) return RefreshTokenOf(await answer.ReadJsonAsync(HttpStatusCode.OK));
            // Within a second of the lost rotation the server takes a repetition for a race of the client with itself.
            await Task.Delay(1100);
        }
    }

    private static string RefreshTokenOf(System.Text.Json.JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;
}
