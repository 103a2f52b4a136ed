using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Tenants;
using Npgsql;

namespace Gatehouse.Tests.Operation;

/// <summary>Transactions that wait for each other in PostgreSQL. On SQLite writers take turns, and none does.</summary>
public sealed class DeadlockTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>A server, and a session beside it that may do anything in its database.</summary>
    private sealed record World(TestServer Server, NpgsqlConnection Beside, NpgsqlConnection Watch) : IAsyncDisposable
    {
        internal static async Task<World> OpenAsync()
        {
            var text = await (await PostgresCluster.GetAsync()).CreateDatabaseAsync();
            var server = await TestServer.StartAsync(TestDatabase.Postgres, new() { Settings = new Dictionary<string, string?> { ["Storage:Postgres"] = text } });
            // A superuser: no row-level security, and it may leave it to the other one to notice the deadlock.
            var super = new NpgsqlConnectionStringBuilder(text) { Username = "postgres", Pooling = false }.ConnectionString;
            var world = new World(server, new(super), new(super));
            await world.Beside.OpenAsync();
            await world.Watch.OpenAsync();
            await world.RunAsync("SET deadlock_timeout = '20s'");
            return world;
        }

        internal async Task RunAsync(string sql, params (string Name, object Value)[] args)
        {
            await using var command = new NpgsqlCommand(sql, Beside);
            foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
            await command.ExecuteNonQueryAsync();
        }

        /// <summary>Until so many of the server's transactions wait for somebody's row.</summary>
        internal Task WaitingAsync(int many) => Eventually.TrueAsync(async () =>
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'gatehouse' AND wait_event_type = 'Lock'", Watch);
            return (long)(await command.ExecuteScalarAsync())! >= many;
        }, Limit, $"{many} wait");

        public async ValueTask DisposeAsync()
        {
            await Beside.DisposeAsync();
            await Watch.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Says_come_back_when_it_lost_a_deadlock_and_has_done_nothing()
    {
        await using var world = await World.OpenAsync();
        using var admin = await world.Server.AdminAsync();
        var refused = await LoseAsync(world, admin);

        await refused.Answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "database_busy");
        refused.Answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        var named = await admin.GetFromJsonAsync<System.Text.Json.JsonElement>("api/v1/tenants?filter=" + Uri.EscapeDataString($"slug eq \"{refused.Slug}\""));
        named.GetProperty("items").GetArrayLength().ShouldBe(0);
        // The key of the request that was not carried out is free for its repetition, which finds nothing in its way.
        using var again = await CreateAsync(admin, refused.Slug);
        await again.ReadJsonAsync(HttpStatusCode.Created);
        refused.Answer.Dispose();
    }

    /// <summary>
    /// Creates a tenant whose name somebody else is inserting, and who then wants the parent's row, which the server's transaction holds. Which of both is ended depends
    /// on who looks for a deadlock while there is one; on a machine that stood still meanwhile it is the other one, and this begins anew.
    /// </summary>
    private static async Task<(string Slug, HttpResponseMessage Answer)> LoseAsync(World world, HttpClient admin)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var slug = ManageTenantsTests.NewSlug(world.Server);
            await world.RunAsync("BEGIN");
            await world.RunAsync("""
                INSERT INTO tenants (id, slug, display_name, issuer, parent_id, status, settings, version, created_at, updated_at)
                SELECT gen_random_uuid(), @slug, display_name, issuer, id, status, settings, version, created_at, updated_at FROM tenants WHERE slug = 'main'
                """, ("slug", slug));
            var creating = CreateAsync(admin, slug);
            await world.WaitingAsync(1);
            try
            {
                await world.RunAsync("SELECT 1 FROM tenants WHERE slug = 'main' FOR UPDATE");
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected) { }
            await world.RunAsync("ROLLBACK");
            var answer = await creating;
            if (answer.StatusCode != HttpStatusCode.Created) return (slug, answer);
            answer.Dispose();
        }
        throw new InvalidOperationException("The server's transaction never lost.");
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient admin, string slug)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/tenants") { Content = JsonContent.Create(new { slug, display_name = "Wanted" }) };
        request.Headers.Add("Idempotency-Key", slug);
        return await admin.SendAsync(request);
    }

    [Fact]
    public async Task Two_that_make_users_with_the_same_addresses_from_both_ends_do_not_wait_for_each_other()
    {
        await using var world = await World.OpenAsync();
        using var admin = await world.Server.AdminAsync();
        string[] addresses = ["a@example.com", "m@example.com", "z@example.com"];
        Task<HttpResponseMessage> MakeAsync(IEnumerable<string> emails) => admin.PostAsJsonAsync("api/v1/users", new { emails });

        // Somebody holds the address in the middle until both have got as far as they get.
        await world.RunAsync("BEGIN");
        await world.RunAsync("""
            INSERT INTO user_emails (tenant_id, id, user_id, address, normalized, verified, is_primary, created_at)
            SELECT tenant_id, gen_random_uuid(), user_id, 'm@example.com', 'm@example.com', verified, FALSE, created_at FROM user_emails WHERE normalized = @admin
            """, ("admin", TestServer.AdminEmail));
        var both = new[] { MakeAsync(addresses), MakeAsync(addresses.OrderDescending(StringComparer.Ordinal)) };
        await world.WaitingAsync(2);
        await world.RunAsync("ROLLBACK");

        var answers = await Task.WhenAll(both);
        answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict]);
        var refused = answers.Single(a => a.StatusCode == HttpStatusCode.Conflict);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "email_taken");
        foreach (var answer in answers) answer.Dispose();
    }
}
