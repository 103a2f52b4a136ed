using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Operation;

/// <summary>Two real processes over one PostgreSQL database behind a proxy that alternates between them, request by request.</summary>
public sealed class TwoProcessTests : IAsyncLifetime
{
    private readonly int[] ports = [PostgresCluster.FreePort(), PostgresCluster.FreePort()];
    private readonly GatehouseProcess?[] processes = new GatehouseProcess?[2];
    private Installation installation = null!;
    private RoundRobinProxy proxy = null!;
    private Tenancy tenancy = null!;

    public async Task InitializeAsync()
    {
        installation = await Installation.CreateAsync(TestDatabase.Postgres);
        for (var i = 0; i < 2; i++) processes[i] = await installation.ServeAsync(ports[i]);
        proxy = await RoundRobinProxy.StartAsync(installation.Port, ports);
        tenancy = await Tenancy.FurnishAsync(installation);
    }

    [Fact]
    public async Task Serves_a_whole_sign_in_and_its_tokens_by_turns()
    {
        var before = proxy.Served.ToArray();
        using var http = tenancy.NewBrowser();
        var tokens = await tenancy.RedeemAsync(HttpStatusCode.OK, await tenancy.AuthorizeAsync(new FormBrowser(http)));
        for (var i = 0; i < 5; i++) tokens = await tenancy.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);
        for (var i = 0; i < 2; i++)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, tenancy.Url("/oauth2/userinfo"));
            ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
            using var answer = await tenancy.Anybody.SendAsync(ask);
            (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("email").GetString().ShouldBe(TestServer.AdminEmail);
        }
        var served = proxy.Served.Select((n, i) => n - before[i]).ToArray();
        Math.Abs(served[0] - served[1]).ShouldBeLessThanOrEqualTo(1);
        served[0].ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Loses_no_sign_in_when_either_process_is_killed_at_any_step()
    {
        var steps = await CountStepsAsync();
        steps.ShouldBeGreaterThanOrEqualTo(5);
        for (var step = 1; step < steps; step++)
        {
            var victim = step % 2;
            var at = step;
            using var http = tenancy.NewBrowser();
            var browser = new FormBrowser(http) { Before = async n => { if (n == at) await KillAsync(victim); } };
            var tokens = await tenancy.RedeemAsync(HttpStatusCode.OK, await tenancy.AuthorizeAsync(browser));
            processes[victim].ShouldBeNull($"step {step}: {browser.Trail}");
            tokens = await tenancy.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);
            processes[victim] = await installation.ServeAsync(ports[victim]);
            // The newcomer knows all of it.
            using var direct = tenancy.Direct(ports[victim]);
            using var refreshed = await tenancy.PostTokenAsync(direct, ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
            await refreshed.ReadJsonAsync(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Tells_the_other_process_of_a_change_within_a_second()
    {
        using var admin = tenancy.Direct(ports[0], asAdministrator: true);
        using var first = tenancy.Direct(ports[0]);
        using var second = tenancy.Direct(ports[1]);
        foreach (var lifetime in (int[])[77, 301, 78])
        {
            // Both have it in memory before it changes.
            await ExpiryAsync(first);
            await ExpiryAsync(second);
            await tenancy.ChangeSettingsAsync(new { tokens = new { access_token_seconds = lifetime } }, admin);
            await Eventually.TrueAsync(async () => await ExpiryAsync(second) == lifetime, TimeSpan.FromSeconds(4), $"the second process issues tokens for {lifetime} seconds");
            (await ExpiryAsync(first)).ShouldBe(lifetime);
        }

        // A client that is switched off at one is off at the other.
        using var disabled = await admin.PatchAsJsonAsync($"api/v1/clients/{tenancy.ClientId}", new { enabled = false });
        await disabled.ReadJsonAsync(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () =>
        {
            using var refused = await tenancy.PostTokenAsync(second, ("grant_type", "refresh_token"), ("refresh_token", "x"));
            return refused.StatusCode == HttpStatusCode.Unauthorized;
        }, TimeSpan.FromSeconds(4), "the second process refuses the client");
    }

    [Fact]
    public async Task Redeems_one_code_once_however_many_ask_both_processes()
    {
        using var http = tenancy.NewBrowser();
        var grant = await tenancy.AuthorizeAsync(new FormBrowser(http));
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            using var answer = await tenancy.PostTokenAsync(grant);
            return answer.StatusCode;
        }));
        answers.Count(s => s == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(s => s == HttpStatusCode.BadRequest).ShouldBe(63);
    }

    [Fact]
    public async Task Rotates_one_refresh_token_once_however_many_ask_both_processes()
    {
        // What comes a second after the first is no race any more. These processes' clocks are real: a machine that is slower is asked by fewer.
        for (var asking = 64; ; asking /= 2)
        {
            using var http = tenancy.NewBrowser();
            var tokens = await tenancy.RedeemAsync(HttpStatusCode.OK, await tenancy.AuthorizeAsync(new FormBrowser(http)));
            var token = tokens.GetProperty("refresh_token").GetString()!;
            var began = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, asking).Select(async _ =>
            {
                using var answer = await tenancy.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", token));
                return answer.StatusCode == HttpStatusCode.OK ? (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("refresh_token").GetString() : null;
            }));
            if (asking > 2 && Stopwatch.GetElapsedTime(began) > TimeSpan.FromMilliseconds(900)) continue;
            var winner = answers.Where(a => a is not null).ShouldHaveSingleItem();
            // The race was the client's with itself: what the winner got is good.
            await tenancy.RefreshAsync(winner!);
            return;
        }
    }

    private async Task<int> CountStepsAsync()
    {
        var steps = 0;
        using var http = tenancy.NewBrowser();
        await tenancy.AuthorizeAsync(new FormBrowser(http) { Before = n => { steps = n + 1; return Task.CompletedTask; } });
        return steps;
    }

    private async Task KillAsync(int which)
    {
        var process = processes[which]!;
        process.Child.Kill();
        (await process.Child.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        await process.DisposeAsync();
        processes[which] = null;
    }

    private async Task<int> ExpiryAsync(HttpClient at)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = installation.AutomationId, ["client_secret"] = installation.AutomationSecret, ["resource"] = installation.Url + "/api/v1",
        });
        using var answer = await at.PostAsync("oauth2/token", form);
        return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("expires_in").GetInt32();
    }

    public async Task DisposeAsync()
    {
        tenancy?.Dispose();
        if (proxy is not null) await proxy.DisposeAsync();
        foreach (var process in processes)
            if (process is not null) await process.DisposeAsync();
        if (installation is not null) await installation.DisposeAsync();
    }
}
