using System.Net;
using Gatehouse.Testing;
using Npgsql;

namespace Gatehouse.Tests.Operation;

/// <summary>What <c>/healthz</c> and <c>/readyz</c> say is so.</summary>
public sealed class ReadinessTests
{
    [Theory, BothDatabases]
    public async Task Says_alive_and_ready_to_anybody_at_any_host(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var client = new HttpClient { BaseAddress = new Uri(server.ListenUrl) };
        client.DefaultRequestHeaders.Host = "10.0.0.7";
        using var alive = await client.GetAsync("/healthz");
        (await alive.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("status").GetString().ShouldBe("alive");
        await Eventually.TrueAsync(async () => (await client.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(10), "it is ready");
        using var ready = await client.GetAsync("/readyz");
        var answer = await ready.ReadJsonAsync(HttpStatusCode.OK);
        answer.GetProperty("status").GetString().ShouldBe("ready");
        foreach (var check in (string[])["database", "migrations", "master_key"]) answer.GetProperty("checks").GetProperty(check).GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Is_alive_and_not_ready_without_its_database_and_ready_again_with_it()
    {
        var cluster = await PostgresCluster.GetAsync();
        await using var gate = new TcpGate(PostgresCluster.FreePort(), cluster.Port);
        gate.Open();
        var database = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync()) { Port = gate.Port, Timeout = 15 };
        await using var server = await TestServer.StartAsync(TestDatabase.Postgres, new TestServerOptions { Settings = new Dictionary<string, string?> { ["Storage:Postgres"] = database.ConnectionString } });
        using var client = server.Client();
        await Eventually.TrueAsync(async () => await StatusAsync(client, "readyz") == HttpStatusCode.OK, TimeSpan.FromSeconds(10), "it is ready");

        await gate.CutAsync();
        using var down = await client.GetAsync("readyz");
        var answer = await down.ReadJsonAsync(HttpStatusCode.ServiceUnavailable);
        answer.GetProperty("status").GetString().ShouldBe("not_ready");
        answer.GetProperty("checks").GetProperty("database").GetString().ShouldNotBe("ok");
        // The reason may name hosts and roles: it is for the log.
        answer.GetRawText().ShouldNotContain("127.0.0.1");
        (await StatusAsync(client, "healthz")).ShouldBe(HttpStatusCode.OK);

        // What needs the database says so in a way that clients and proxies understand: come back.
        using var admin = await client.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = "gh_rt_" + new string('A', 43), ["client_id"] = server.AutomationId, ["client_secret"] = server.AutomationSecret }));
        ((int)admin.StatusCode).ShouldBeOneOf(400, 401, 503);
        using var page = await client.GetAsync("signin");
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        page.Headers.RetryAfter.ShouldNotBeNull();

        gate.Open();
        await Eventually.TrueAsync(async () => await StatusAsync(client, "readyz") == HttpStatusCode.OK, TimeSpan.FromSeconds(10), "ready again without a restart");
        (await StatusAsync(client, "signin")).ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.SeeOther);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }
}
