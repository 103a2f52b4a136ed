using System.Net;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Sessions;

public sealed class SessionTests
{
    private sealed record World(TestServer Server, TestTenant TestTenant, TenantContext Tenant, HttpClient Admin, UserId User, SessionDirectory Sessions)
    {
        internal (string, string) Cookie(string secret) => (Tenant.CookieName("session"), secret);

        internal Task<(Session Session, string Secret)> StartAsync(UserId? user = null, string? cookie = null) =>
            Server.InAsync(Tenant, tx => Sessions.StartAsync(tx, Tenant, user ?? User, ["pwd"], cookie is null ? People.Browser() : People.Browser(Cookie(cookie)), default));

        internal Task<Session?> CurrentAsync(string cookie) => Sessions.FindCurrentAsync(People.Browser(Cookie(cookie)), Tenant, default).AsTask();
    }

    private static async Task<World> WorldAsync(TestServer server, object? settings = null)
    {
        var tenant = await server.NewTenantAsync(settings);
        var admin = await server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com")).Id(), out var id).ShouldBeTrue();
        return new(server, tenant, await server.ContextAsync(tenant), admin, id, server.Services.GetRequiredService<SessionDirectory>());
    }

    [Theory, BothDatabases]
    public async Task A_new_proof_by_the_same_user_keeps_the_session_and_changes_its_secret(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        var (first, secret) = await world.StartAsync();
        (await world.CurrentAsync(secret)).ShouldNotBeNull().Id.ShouldBe(first.Id);
        var (second, renewed) = await world.StartAsync(cookie: secret);
        (second.Id, second.CreatedAt).ShouldBe((first.Id, first.CreatedAt));
        second.AuthenticatedAt.ShouldBeGreaterThan(first.AuthenticatedAt);
        (await world.CurrentAsync(secret)).ShouldBeNull();
        (await world.CurrentAsync(renewed)).ShouldNotBeNull().Id.ShouldBe(first.Id);
    }

    [Theory, BothDatabases]
    public async Task Another_user_in_the_same_browser_ends_the_session_before(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        UserId.TryParse((await world.Admin.CreateUserAsync("bob@example.com")).Id(), out var bob).ShouldBeTrue();
        var (anns, secret) = await world.StartAsync();
        var (bobs, bobsSecret) = await world.StartAsync(bob, secret);
        bobs.Id.ShouldNotBe(anns.Id);
        (await world.CurrentAsync(secret)).ShouldBeNull();
        (await world.CurrentAsync(bobsSecret)).ShouldNotBeNull().UserId.ShouldBe(bob);
    }

    [Theory, BothDatabases]
    public async Task Takes_no_cookie_but_its_own(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        var other = await WorldAsync(world.Server);
        var (_, secret) = await world.StartAsync();
        foreach (var broken in new[] { "", "gh_ss_", secret[..^1], secret + "A", secret.ToUpperInvariant(), "gh_ss_" + new string('\u00e9', 43), new string('x', 4000) })
            (await world.CurrentAsync(broken)).ShouldBeNull();
        (await other.CurrentAsync(secret)).ShouldBeNull();
        // A cookie that nobody was given begins nothing with its value: fixation.
        var planted = Secret.New(Secret.SessionPrefix);
        var (_, fresh) = await world.StartAsync(cookie: planted);
        fresh.ShouldNotBe(planted);
        (await world.CurrentAsync(planted)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Ends_by_idle_and_absolute_time_and_moves_idle_time_once_a_minute(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await WorldAsync(server, new { sessions = new { idle_seconds = 600, absolute_seconds = 1800 } });
        var (session, secret) = await world.StartAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        (await world.CurrentAsync(secret)).ShouldNotBeNull().LastSeenAt.ShouldBe(session.LastSeenAt);
        for (var i = 0; i < 3; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(550));
            (await world.CurrentAsync(secret)).ShouldNotBeNull().LastSeenAt.ShouldBeGreaterThan(session.LastSeenAt);
        }
        server.Clock.Advance(TimeSpan.FromSeconds(125));          // seen two minutes ago, proved more than thirty ago
        (await world.CurrentAsync(secret)).ShouldBeNull();

        (_, secret) = await world.StartAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(601));
        (await world.CurrentAsync(secret)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Administrators_list_get_and_end_them(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        var path = $"api/v1/users/{world.User}/sessions";
        var (one, oneSecret) = await world.StartAsync();
        await Task.Delay(2);
        var (two, twoSecret) = await world.StartAsync();
        await Task.Delay(2);
        var (three, _) = await world.StartAsync();

        using var listed = await world.Admin.GetAsync(path + "?limit=2");
        var page = await listed.ReadJsonAsync(HttpStatusCode.OK);
        page.GetProperty("items").EnumerateArray().Select(s => s.Id()).ShouldBe([three.Id.ToString(), two.Id.ToString()]);
        using var rest = await world.Admin.GetAsync($"{path}?limit=2&cursor={page.Text("next")}");
        (await rest.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Id().ShouldBe(one.Id.ToString());

        using var got = await world.Admin.GetAsync($"api/v1/sessions/{one.Id}");
        var shown = await got.ReadJsonAsync(HttpStatusCode.OK);
        (shown.Text("ip_address"), shown.Text("user_agent"), shown.GetProperty("methods")[0].GetString()).ShouldBe(("192.0.2.7", "Test browser", "pwd"));
        shown.GetRawText().ShouldNotContain("gh_ss_");

        using (var ended = await world.Admin.DeleteAsync($"{path}/{one.Id}")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.CurrentAsync(oneSecret)).ShouldBeNull();
        (await world.CurrentAsync(twoSecret)).ShouldNotBeNull();
        foreach (var (method, at) in new[] { ("DELETE", $"{path}/{one.Id}"), ("GET", $"api/v1/sessions/{one.Id}"), ("GET", "api/v1/sessions/nonsense"), ("DELETE", $"{path}/nonsense") })
        {
            using var response = await world.Admin.SendAsync(People.Request(method, at));
            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "session_not_found");
        }
        using (var all = await world.Admin.DeleteAsync(path)) all.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.CurrentAsync(twoSecret)).ShouldBeNull();
        using (var again = await world.Admin.DeleteAsync(path)) again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var broken = await world.Admin.GetAsync(path + "?limit=none");
        await broken.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "limit_invalid");
    }

    [Theory, BothDatabases]
    public async Task Other_tenants_and_other_users_sessions_do_not_exist(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        var stranger = await WorldAsync(world.Server);
        var (session, secret) = await world.StartAsync();
        foreach (var (method, at) in new[] { ("GET", $"api/v1/sessions/{session.Id}"), ("DELETE", $"api/v1/users/{world.User}/sessions/{session.Id}"), ("DELETE", $"api/v1/users/{stranger.User}/sessions/{session.Id}") })
        {
            using var response = await stranger.Admin.SendAsync(People.Request(method, at));
            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "session_not_found");
        }
        var bob = (await world.Admin.CreateUserAsync("bob@example.com")).Id();
        using var wrongUser = await world.Admin.DeleteAsync($"api/v1/users/{bob}/sessions/{session.Id}");
        await wrongUser.ShouldBeProblemAsync(HttpStatusCode.NotFound, "session_not_found");
        (await world.CurrentAsync(secret)).ShouldNotBeNull();

        await world.Server.ShouldNeedAsync(world.TestTenant, "GET", $"api/v1/users/{world.User}/sessions", "users:read");
        await world.Server.ShouldNeedAsync(world.TestTenant, "GET", $"api/v1/sessions/{session.Id}", "users:read");
        await world.Server.ShouldNeedAsync(world.TestTenant, "DELETE", $"api/v1/users/{world.User}/sessions", "sessions:read");
        await world.Server.ShouldNeedAsync(world.TestTenant, "DELETE", $"api/v1/users/{world.User}/sessions/{session.Id}", "sessions:read");
    }

    [Theory, BothDatabases]
    public async Task Disabling_or_deleting_the_user_ends_them_at_once(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        var (_, secret) = await world.StartAsync();
        using (await world.Admin.PostAsync($"api/v1/users/{world.User}/disable", null)) { }
        (await world.CurrentAsync(secret)).ShouldBeNull();
        using (await world.Admin.PostAsync($"api/v1/users/{world.User}/enable", null)) { }
        (await world.CurrentAsync(secret)).ShouldBeNull();
        (_, secret) = await world.StartAsync();
        using (await world.Admin.DeleteAsync($"api/v1/users/{world.User}")) { }
        (await world.CurrentAsync(secret)).ShouldBeNull();
    }

    [Fact]
    public void Cookies_are_what_they_must_be()
    {
        TenantContext Tenant(string issuer) => new(TenantId.New(TimeProvider.System), "acme", "Acme", issuer, TenantStatus.Active, null, TenantSettings.Default);
        foreach (var (issuer, prefix, secure) in new[] { ("https://id.example/t/acme", "__Host-gh-device-", true), ("http://localhost:5000", "gh-device-", false) })
        {
            var tenant = Tenant(issuer);
            var http = new DefaultHttpContext();
            var hash = DeviceCookie.Ensure(http, tenant);
            DeviceCookie.Ensure(http, tenant).ShouldBe(hash);
            DeviceCookie.Hash(http, tenant).ShouldBe(hash);
            var cookie = http.Response.Headers.SetCookie.ShouldHaveSingleItem()!;
            cookie.ShouldStartWith(prefix);
            foreach (var part in new[] { "httponly", "samesite=lax", "path=/", "max-age=34560000" }) cookie.ShouldContain(part);
            cookie.Contains("secure", StringComparison.Ordinal).ShouldBe(secure);
            cookie.ShouldNotContain("domain");

            var value = cookie.Split(';')[0].Split('=', 2)[1];
            DeviceCookie.Hash(People.Browser((tenant.CookieName("device"), value)), tenant).ShouldBe(hash);
            DeviceCookie.Hash(People.Browser((tenant.CookieName("device"), value[..^1])), tenant).ShouldBeNull();
            DeviceCookie.Hash(People.Browser((tenant.CookieName("device"), value)), Tenant(issuer)).ShouldBeNull();
        }
    }
}
