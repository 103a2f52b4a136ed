using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc9700;

/// <summary>RFC 9700 §4.14.2 and RFC 6749 §6: refresh tokens rotate, once, and a reused one ends its family.</summary>
public sealed class RefreshRotationTests
{
    [Theory, BothDatabases]
    public async Task Lets_exactly_one_of_64_rotations_at_once_win(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var token = (await world.TokensAsync(world.Web)).Text("refresh_token");
        server.Clock.Stop();        // or the last of them comes after the moment that is taken for a race
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.RefreshAsync(world.Web, token)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK)) await refused.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");

        // A race is not a theft: the winner goes on.
        var winner = await answers.Single(a => a.StatusCode == HttpStatusCode.OK).ReadJsonAsync(HttpStatusCode.OK);
        using var next = await world.RefreshAsync(world.Web, winner.Text("refresh_token"));
        await next.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Answers_the_token_before_the_newest_once_more_inside_the_window(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var first = (await world.TokensAsync(world.Web)).Text("refresh_token");
        server.Clock.Stop();
        using var lost = await world.RefreshAsync(world.Web, first);
        await lost.ReadJsonAsync(HttpStatusCode.OK);

        server.Clock.Advance(TimeSpan.FromSeconds(3));
        using var again = await world.RefreshAsync(world.Web, first);
        var successor = (await again.ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");

        // Once, not twice; and what was answered goes on.
        using var third = await world.RefreshAsync(world.Web, first);
        await third.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var dead = await world.RefreshAsync(world.Web, successor);
        await dead.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Keeps_two_answers_of_one_token_in_one_family(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var first = (await world.TokensAsync(world.Web)).Text("refresh_token");
        server.Clock.Stop();
        var one = (await (await world.RefreshAsync(world.Web, first)).ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");
        server.Clock.Advance(TimeSpan.FromSeconds(3));
        var two = (await (await world.RefreshAsync(world.Web, first)).ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");

        var onwards = (await (await world.RefreshAsync(world.Web, two)).ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        using var sibling = await world.RefreshAsync(world.Web, one);
        await sibling.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var family = await world.RefreshAsync(world.Web, onwards);
        await family.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Ends_the_family_and_its_access_tokens_when_an_old_token_comes_back(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server);
        var first = await world.TokensAsync(world.Web);
        server.Clock.Stop();
        var second = await (await world.RefreshAsync(world.Web, first.Text("refresh_token"))).ReadJsonAsync(HttpStatusCode.OK);
        (await world.IntrospectAsync(world.Web, second.Text("access_token"))).GetProperty("active").GetBoolean().ShouldBeTrue();

        server.Clock.Advance(TimeSpan.FromSeconds(11));
        using var replay = await world.RefreshAsync(world.Web, first.Text("refresh_token"));
        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var newest = await world.RefreshAsync(world.Web, second.Text("refresh_token"));
        await newest.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () => !(await world.IntrospectAsync(world.Web, second.Text("access_token"))).GetProperty("active").GetBoolean());
    }

    [Theory, BothDatabases]
    public async Task Has_no_mercy_where_the_tenant_set_no_window(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database), new { tokens = new { refresh_grace_seconds = 0 } });
        var first = (await world.TokensAsync(world.Web)).Text("refresh_token");
        var second = (await (await world.RefreshAsync(world.Web, first)).ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");
        using var replay = await world.RefreshAsync(world.Web, first);
        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var newest = await world.RefreshAsync(world.Web, second);
        await newest.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Ends_by_idleness_and_by_age(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server, new { tokens = new { refresh_idle_seconds = 100, refresh_absolute_seconds = 250 } });
        var idle = (await world.TokensAsync(world.Web)).Text("refresh_token");
        var busy = (await world.TokensAsync(world.Web)).Text("refresh_token");
        server.Clock.Stop();
        server.Clock.Advance(TimeSpan.FromSeconds(90));
        busy = (await (await world.RefreshAsync(world.Web, busy)).ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");
        server.Clock.Advance(TimeSpan.FromSeconds(20));
        using var late = await world.RefreshAsync(world.Web, idle);
        await late.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        server.Clock.Advance(TimeSpan.FromSeconds(70));
        busy = (await (await world.RefreshAsync(world.Web, busy)).ReadJsonAsync(HttpStatusCode.OK)).Text("refresh_token");
        server.Clock.Advance(TimeSpan.FromSeconds(80));
        using var old = await world.RefreshAsync(world.Web, busy);
        await old.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }
}
