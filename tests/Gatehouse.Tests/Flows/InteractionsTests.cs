using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Flows;

public sealed class InteractionsTests
{
    private static async ValueTask<Interaction> StartAsync(Interactions interactions, TenantTransaction tx, TenantContext tenant, HttpContext browser, string kind,
        Func<InteractionId, string> path, string payload, SignInDemand demand)
    {
        (await interactions.StartAsync(tx, tenant, browser, kind, path, payload, demand, default)).TryGet(out var started, out _).ShouldBeTrue();
        return started!;
    }

    private static DefaultHttpContext Returning(DefaultHttpContext before, TenantContext tenant)
    {
        var set = before.Response.Headers.SetCookie.Single(c => c!.StartsWith(tenant.CookieName("device"), StringComparison.Ordinal))!;
        return People.Browser((tenant.CookieName("device"), set.Split(';')[0].Split('=', 2)[1]));
    }

    [Theory, BothDatabases]
    public async Task Belongs_to_the_browser_that_began_it(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.ContextAsync(await server.NewTenantAsync()), await server.ContextAsync(await server.NewTenantAsync()));
        var interactions = server.Services.GetRequiredService<Interactions>();
        var browser = People.Browser();
        var started = await server.InAsync(tenant, tx => StartAsync(interactions, tx, tenant, browser, "authorize", id => $"/oauth2/authorize/continue?interaction={id}", """{"a":1}""", new SignInDemand(LoginHint: "ann@example.com")));
        started.ReturnPath.ShouldBe($"/oauth2/authorize/continue?interaction={started.Id}");
        Interactions.SignInUrl(tenant, started.Id).ShouldBe($"{tenant.Issuer}/signin?interaction={started.Id}");

        var same = Returning(browser, tenant);
        var found = (await server.InAsync(tenant, tx => interactions.FindAsync(tx, tenant, same, started.Id, default))).ShouldNotBeNull();
        (found.Payload, found.Demand.LoginHint, found.SessionId).ShouldBe(("""{"a":1}""", "ann@example.com", null));
        (await server.InAsync(tenant, tx => interactions.FindAsync(tx, tenant, People.Browser(), started.Id, default))).ShouldBeNull();
        var stranger = People.Browser();
        DeviceCookie.Ensure(stranger, tenant);
        (await server.InAsync(tenant, tx => interactions.FindAsync(tx, tenant, Returning(stranger, tenant), started.Id, default))).ShouldBeNull();
        (await server.InAsync(other, tx => interactions.FindAsync(tx, other, same, started.Id, default))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Is_fulfilled_by_one_session_finished_once_and_gone_when_its_time_is_over(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var tenant = await server.ContextAsync(await server.NewTenantAsync(new { tokens = new { interaction_seconds = 600 } }));
        var (interactions, sessions) = (server.Services.GetRequiredService<Interactions>(), server.Services.GetRequiredService<SessionDirectory>());
        var browser = People.Browser();
        async Task<InteractionId> NewAsync() => (await server.InAsync(tenant, tx => StartAsync(interactions, tx, tenant, browser, "account", _ => "/account", "", new()))).Id;
        var id = await NewAsync();
        var user = UserId.New(server.Clock);
        var (session, _) = await server.InAsync(tenant, tx => sessions.StartAsync(tx, tenant, user, ["pwd"], browser, default));
        var (rival, _) = await server.InAsync(tenant, tx => sessions.StartAsync(tx, tenant, user, ["pwd"], People.Browser(), default));
        (await server.InAsync(tenant, tx => interactions.FulfilAsync(tx, id, session, default))).ShouldBeTrue();
        (await server.InAsync(tenant, tx => interactions.FulfilAsync(tx, id, rival, default))).ShouldBeFalse();
        var fulfilled = await server.InAsync(tenant, tx => interactions.FindAsync(tx, tenant, browser, id, default));
        (fulfilled!.SessionId, fulfilled.AuthenticatedAt).ShouldBe((session.Id, session.AuthenticatedAt));
        (await server.InAsync(tenant, tx => interactions.FinishAsync(tx, id, default))).ShouldBeTrue();
        (await server.InAsync(tenant, tx => interactions.FinishAsync(tx, id, default))).ShouldBeFalse();
        (await server.InAsync(tenant, tx => interactions.FindAsync(tx, tenant, browser, id, default))).ShouldBeNull();

        id = await NewAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(600));
        (await server.InAsync(tenant, tx => interactions.FindAsync(tx, tenant, browser, id, default))).ShouldBeNull();
        (await server.InAsync(tenant, tx => interactions.FinishAsync(tx, id, default))).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Takes_no_large_payload_and_returns_nowhere_else(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.ContextAsync(await server.NewTenantAsync());
        var interactions = server.Services.GetRequiredService<Interactions>();
        Task TryAsync(string payload, string path) => server.InAsync(tenant, tx => StartAsync(interactions, tx, tenant, People.Browser(), "test", _ => path, payload, new()));
        Interactions.Fits(new string('x', 32 * 1024)).ShouldBeTrue();
        Interactions.Fits(new string('é', 32 * 1024)).ShouldBeFalse();
        await Should.ThrowAsync<ArgumentException>(() => TryAsync(new string('x', 32 * 1024 + 1), "/"));
        foreach (var path in new[] { "", "https://evil.example/", "//evil.example/", "/\\evil.example/", "account" })
            await Should.ThrowAsync<ArgumentException>(() => TryAsync("", path));
    }
}
