using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.ApiKeys;

namespace Gatehouse.Tests.Authorization;

public sealed class CallRateTests
{
    [Theory, BothDatabases]
    public async Task Tells_what_is_left_and_refuses_one_caller_beyond_it(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new TestServerOptions { Settings = new Dictionary<string, string?> { ["Http:ManagementCallsPerMinute"] = "40" } });
        using var world = await RoleWorld.OpenAsync(server);
        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "auditor");
        var key = await world.Admin.MakeKeyAsync(ann, ["users:read"]);
        // The whole of one minute lies before us.
        server.Clock.Advance(TimeSpan.FromSeconds(60 - server.Clock.GetUtcNow().Second));
        using var http = world.With(key.Secret);
        for (var call = 1; call <= 40; call++)
        {
            using var answer = await http.GetAsync("api/v1/users?limit=1");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("RateLimit-Policy").Single().ShouldBe("\"management\";q=40;w=60");
            answer.Headers.GetValues("RateLimit").Single().ShouldStartWith($"\"management\";r={40 - call};t=");
        }
        using (var refused = await http.GetAsync("api/v1/users?limit=1"))
        {
            await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "calls_too_many");
            refused.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"management\";r=0;t=");
            refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        }
        // Neither another key of the same owner, nor her own token, is another caller; a call that is refused is one, too.
        var second = await world.Admin.MakeKeyAsync(ann, ["groups:read"]);
        using (var more = world.With(second.Secret)) await (await more.GetAsync("api/v1/users?limit=1")).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "calls_too_many");
        using (var she = await world.AsAsync(ann)) await (await she.GetAsync("api/v1/users?limit=1")).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "calls_too_many");
        var bob = await world.UserAsync("bob");
        // A minute of their own for his forty calls.
        server.Clock.Advance(TimeSpan.FromSeconds(60 - server.Clock.GetUtcNow().Second));
        using (var he = await world.AsAsync(bob))
            for (var call = 1; call <= 41; call++)
            {
                using var answer = await he.GetAsync("api/v1/users?limit=1");
                await answer.ShouldBeProblemAsync(call <= 40 ? HttpStatusCode.Forbidden : HttpStatusCode.TooManyRequests, call <= 40 ? "permission_missing" : "calls_too_many");
                answer.Headers.WwwAuthenticate.Count.ShouldBe(call <= 40 ? 1 : 0);
            }
        // What an application asks for those who call itself is not its own call.
        using (var asking = await world.Admin.PostAsJsonAsync("api/v1/permissions/check", new { subject = ann, permission = "users:read" })) asking.Headers.Contains("RateLimit").ShouldBeFalse();
        using (var other = await server.AdminAsync(world.Tenant)) (await other.GetAsync("api/v1/users?limit=1")).StatusCode.ShouldBe(HttpStatusCode.OK, "others have their own");
        server.Clock.Advance(TimeSpan.FromSeconds(60));
        (await http.GetAsync("api/v1/users?limit=1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
