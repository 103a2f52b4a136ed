using System.Net;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Sessions;

public sealed class SessionBindingTests
{
    private const string Home = "192.0.2.7", SameHouse = "192.0.2.200", Elsewhere = "203.0.113.9";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", NewerFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    private sealed record World(TestServer Server, TenantContext Tenant, HttpClient Admin, UserId User, SessionDirectory Sessions)
    {
        internal DefaultHttpContext From(string ip, string agent, string? cookie = null)
        {
            var http = cookie is null ? People.Browser() : People.Browser((Tenant.CookieName("session"), cookie));
            http.Connection.RemoteIpAddress = IPAddress.Parse(ip);
            http.Request.Headers.UserAgent = agent;
            return http;
        }

        internal Task<(Session Session, string Secret)> StartAsync(UserId? user = null, string ip = Home, string agent = Firefox, string? cookie = null) =>
            Server.InAsync(Tenant, tx => Sessions.StartAsync(tx, Tenant, user ?? User, ["pwd"], From(ip, agent, cookie), default));

        internal async Task<bool> LetsInAsync(string cookie, string ip, string agent) => await Sessions.FindCurrentAsync(From(ip, agent, cookie), Tenant, default) is not null;

        internal async Task<List<(string Reason, string Ended)>> RefusedAsync()
        {
            using var listed = await Admin.GetAsync("api/v1/audit?action=session.binding_refused&limit=200");
            return [.. (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("details")).Select(d => (d.Text("reason")!, d.Text("ended")!))];
        }
    }

    private static async Task<World> WorldAsync(TestDatabase database, string binding)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync(new { sessions = new { binding } });
        var admin = await server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com")).Id(), out var id).ShouldBeTrue();
        return new(server, await server.ContextAsync(tenant), admin, id, server.Services.GetRequiredService<SessionDirectory>());
    }

    [Theory]
    [InlineData("off", true, true)]
    [InlineData("network", false, true)]
    [InlineData("user_agent", true, false)]
    [InlineData("strict", false, false)]
    public async Task Compares_what_the_tenant_says(string binding, bool elsewhere, bool otherBrowser)
    {
        var world = await WorldAsync(TestDatabase.Sqlite, binding);
        var (_, secret) = await world.StartAsync();
        (await world.LetsInAsync(secret, SameHouse, NewerFirefox)).ShouldBeTrue("an address and a version change while people work");
        (await world.LetsInAsync(secret, Elsewhere, Firefox)).ShouldBe(elsewhere);
        (_, secret) = await world.StartAsync();
        (await world.LetsInAsync(secret, Home, Chrome)).ShouldBe(otherBrowser);
    }

    [Theory, BothDatabases]
    public async Task A_cookie_used_elsewhere_opens_nothing_and_takes_nothing_from_its_owner(TestDatabase database)
    {
        var world = await WorldAsync(database, "network");
        UserId.TryParse((await world.Admin.CreateUserAsync("eve@example.com")).Id(), out var eve).ShouldBeTrue();
        var (_, secret) = await world.StartAsync();
        for (var i = 0; i < 20; i++) (await world.LetsInAsync(secret, Elsewhere, Firefox)).ShouldBeFalse();
        // Nor does the thief's own sign-in, with the cookie beside it, end or take over what is not his.
        var (hers, _) = await world.StartAsync(eve, Elsewhere, Firefox, secret);
        hers.UserId.ShouldBe(eve);
        (await world.LetsInAsync(secret, Home, Firefox)).ShouldBeTrue();
        // Told, but not twenty times.
        (await world.RefusedAsync()).ShouldBe(Enumerable.Repeat(("network", "false"), 5));
    }

    [Theory, BothDatabases]
    public async Task Strict_ends_the_session(TestDatabase database)
    {
        var world = await WorldAsync(database, "strict");
        var (_, secret) = await world.StartAsync();
        (await world.LetsInAsync(secret, Elsewhere, Chrome)).ShouldBeFalse();
        (await world.LetsInAsync(secret, Home, Firefox)).ShouldBeFalse();
        (await world.RefusedAsync()).ShouldBe([("network user_agent", "true")]);
    }

    [Theory, BothDatabases]
    public async Task Who_proves_herself_in_the_new_place_goes_on_there_with_her_session(TestDatabase database)
    {
        var world = await WorldAsync(database, "network");
        var (first, secret) = await world.StartAsync();
        var (second, moved) = await world.StartAsync(ip: Elsewhere, cookie: secret);
        second.Id.ShouldBe(first.Id);
        (await world.LetsInAsync(moved, Elsewhere, Firefox)).ShouldBeTrue();
        (await world.LetsInAsync(moved, Home, Firefox)).ShouldBeFalse();
        (await world.LetsInAsync(secret, Home, Firefox)).ShouldBeFalse("the secret before is no more");
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254", true)]
    [InlineData("192.0.2.1", "192.0.3.1", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:ffff::9", true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.9", true)]
    [InlineData("192.0.2.1", "2001:db8::1", false)]
    [InlineData("", "", true)]
    [InlineData("", "192.0.2.1", false)]
    public void Networks_are_24_bits_or_48(string one, string other, bool same) => SessionBinding.SameNetwork(one, other).ShouldBe(same);

    [Theory]
    [InlineData("curl/8.5.0", "curl/8.5.0", true)]
    [InlineData("curl/8.5.0", "curl/8.6.0", false)]
    [InlineData("", "", true)]
    [InlineData("", Chrome, false)]
    [InlineData(Firefox, NewerFirefox, true)]
    public void Programs_that_are_no_browsers_are_compared_whole(string one, string other, bool same) => SessionBinding.SameBrowser(one, other).ShouldBe(same);

    [Fact]
    public async Task Refuses_a_word_that_is_none()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var request = People.Request("PATCH", $"api/v1/tenants/{tenant.Id}/settings", new { sessions = new { binding = "lax" } });
        using var answer = await admin.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("sessions.binding");
    }
}
