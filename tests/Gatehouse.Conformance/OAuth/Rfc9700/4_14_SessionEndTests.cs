using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Conformance.OAuth.Rfc9700;

/// <summary>RFC 9700 §4.14.2: refresh tokens end with the sign-in they came of, however long its session has been forgotten.</summary>
public sealed class SessionEndTests
{
    private static TenantId TenantOf(World world) => TenantId.TryParse(world.Tenant.Id, out var id) ? id : throw new Xunit.Sdk.XunitException(world.Tenant.Id);
    private static UserId UserOf(World world) => UserId.TryParse(world.UserId, out var id) ? id : throw new Xunit.Sdk.XunitException(world.UserId);
    private static SessionId SessionOf(JsonElement tokens) => SessionId.TryParse(Json.Claims(tokens.Text("access_token")).Text("sid"), out var id) ? id : throw new Xunit.Sdk.XunitException("No sid.");

    // As pruning does, a month after it was last seen.
    private static async Task ForgetSessionsAsync(World world)
    {
        await using var tx = await world.Server.Services.GetRequiredService<IDatabase>().BeginAsync(TenantOf(world), default);
        (await tx.ExecuteAsync("DELETE FROM sessions WHERE tenant_id = @tenant", [], default)).ShouldBeGreaterThan(0);
        await tx.CommitAsync(default);
    }

    private static async Task ShouldBeOverAsync(World world, JsonElement tokens)
    {
        using var answer = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task A_new_password_ends_grants_of_forgotten_sessions(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var tokens = await world.TokensAsync(world.Web);
        await ForgetSessionsAsync(world);
        using (var set = await world.Admin.PutAsJsonAsync($"api/v1/users/{world.UserId}/password", new { password = "another walk on the beach" })) set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldBeOverAsync(world, tokens);
    }

    [Theory, BothDatabases]
    public async Task Ending_all_sessions_ends_grants_of_forgotten_ones(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var tokens = await world.TokensAsync(world.Web);
        await ForgetSessionsAsync(world);
        using (var ended = await world.Admin.DeleteAsync($"api/v1/users/{world.UserId}/sessions")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldBeOverAsync(world, tokens);
    }

    [Theory, BothDatabases]
    public async Task Keeps_the_grants_of_the_session_that_goes_on_and_no_others(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var (kept, forgotten) = (await world.TokensAsync(world.Web), await world.TokensAsync(world.Web));
        await ForgetSessionsAsync(world);
        await using (var tx = await world.Server.Services.GetRequiredService<IDatabase>().BeginAsync(TenantOf(world), default))
        {
            await world.Server.Services.GetRequiredService<SessionDirectory>().RevokeAllAsync(tx, UserOf(world), SessionOf(kept), "password_changed", default);
            await tx.CommitAsync(default);
        }
        await ShouldBeOverAsync(world, forgotten);
        using var next = await world.RefreshAsync(world.Web, kept.Text("refresh_token"));
        await next.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Ending_one_session_that_ran_out_ends_its_grants(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await World.MakeAsync(server, new { sessions = new { idle_seconds = 300 } });
        var tokens = await world.TokensAsync(world.Web);
        server.Clock.Advance(TimeSpan.FromSeconds(301));
        using (var ended = await world.Admin.DeleteAsync($"api/v1/users/{world.UserId}/sessions/{SessionOf(tokens)}")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldBeOverAsync(world, tokens);
    }
}
