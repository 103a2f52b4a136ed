using System.Net;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Sessions;

public sealed class SessionLimitTests
{
    private sealed record World(TestServer Server, TenantContext Tenant, HttpClient Admin, UserId User, SessionDirectory Sessions)
    {
        internal Task<(Session Session, string Secret)> StartAsync(string? cookie = null) => Server.InAsync(Tenant,
            tx => Sessions.StartAsync(tx, Tenant, User, ["pwd"], cookie is null ? People.Browser() : People.Browser((Tenant.CookieName("session"), cookie)), default));

        internal Task<Session?> CurrentAsync(string cookie) => Sessions.FindCurrentAsync(People.Browser((Tenant.CookieName("session"), cookie)), Tenant, default).AsTask();

        internal async Task<int> CountAsync()
        {
            using var listed = await Admin.GetAsync($"api/v1/users/{User}/sessions?limit=200");
            return (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength();
        }

        internal async Task<int> EndedAsync()
        {
            using var listed = await Admin.GetAsync("api/v1/audit?action=session.ended&limit=200");
            var items = (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items");
            return items.EnumerateArray().Count(e => e.GetProperty("details").GetProperty("reason").GetString() == "session_limit");
        }
    }

    private static async Task<World> WorldAsync(TestServer server, int most)
    {
        var tenant = await server.NewTenantAsync(new { sessions = new { max_per_user = most } });
        var admin = await server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com")).Id(), out var id).ShouldBeTrue();
        return new(server, await server.ContextAsync(tenant), admin, id, server.Services.GetRequiredService<SessionDirectory>());
    }

    [Theory, BothDatabases]
    public async Task Ends_the_oldest_when_one_more_begins(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), 2);
        var (_, one) = await world.StartAsync();
        await Task.Delay(2);
        var (_, two) = await world.StartAsync();
        await Task.Delay(2);
        (await world.CurrentAsync(one)).ShouldNotBeNull();
        var (_, three) = await world.StartAsync();
        (await world.CurrentAsync(one)).ShouldBeNull();
        (await world.CurrentAsync(two)).ShouldNotBeNull();
        (await world.CurrentAsync(three)).ShouldNotBeNull();
        (await world.EndedAsync()).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Proving_oneself_again_in_the_same_browser_ends_none(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), 2);
        var (_, one) = await world.StartAsync();
        var (_, two) = await world.StartAsync();
        var (_, again) = await world.StartAsync(two);
        (await world.CurrentAsync(one)).ShouldNotBeNull();
        (await world.CurrentAsync(again)).ShouldNotBeNull();
        (await world.EndedAsync()).ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Is_exact_under_64_that_begin_at_once(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), 3);
        var secrets = (await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => world.StartAsync())))).Select(s => s.Secret).ToList();
        (await world.CountAsync()).ShouldBe(3);
        var alive = 0;
        foreach (var secret in secrets) alive += await world.CurrentAsync(secret) is null ? 0 : 1;
        alive.ShouldBe(3);
        (await world.EndedAsync()).ShouldBe(61);
    }

    [Theory, BothDatabases]
    public async Task Counts_only_the_users_own(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), 1);
        UserId.TryParse((await world.Admin.CreateUserAsync("bob@example.com")).Id(), out var bob).ShouldBeTrue();
        var (_, anns) = await world.StartAsync();
        var (_, bobs) = await (world with { User = bob }).StartAsync();
        (await world.CurrentAsync(anns)).ShouldNotBeNull();
        (await world.CurrentAsync(bobs)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task Refuses_a_number_that_is_none(int most)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var request = People.Request("PATCH", $"api/v1/tenants/{tenant.Id}/settings", new { sessions = new { max_per_user = most } });
        using var answer = await admin.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("sessions.max_per_user");
    }
}
