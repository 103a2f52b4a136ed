using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Jobs;

/// <summary>A job outlives the process that carries it out, and no row of it happens twice.</summary>
public sealed class KilledJobTests
{
    [Theory, BothDatabases]
    public async Task Goes_on_after_a_kill_in_the_middle(TestDatabase database)
    {
        const int rows = 400;
        await using var installation = await Installation.CreateAsync(database);
        var (job, second) = await KillInTheMiddleAsync(installation, rows);
        await using var _ = second;
        using var again = await AdminAsync(installation);
        var over = await JobTests.FinishedAsync(again, job);
        (over.Text("state"), over.GetProperty("done").GetInt64(), over.GetProperty("failed").GetInt64()).ShouldBe(("done", (long)rows, 0L));

        // Each user was made once, and once only is it said so.
        HashSet<string> made = [];
        string? cursor = null;
        do
        {
            using var page = await again.GetAsync($"api/v1/audit?action=user.created&limit=200{(cursor is null ? "" : $"&cursor={cursor}")}");
            var entries = await page.ReadJsonAsync(HttpStatusCode.OK);
            foreach (var entry in entries.GetProperty("items").EnumerateArray())
                if (entry.GetProperty("details").ValueKind == JsonValueKind.Object && entry.GetProperty("details").TryGetProperty("job", out var of) && of.GetString() == job)
                    made.Add(entry.GetProperty("target").GetProperty("id").GetString()!).ShouldBeTrue();
            cursor = entries.Text("next");
        }
        while (cursor is not null);
        made.Count.ShouldBe(rows);
    }

    /// <returns>A job of which some rows were done when its process was killed, and the process after it.</returns>
    private static async Task<(string Job, GatehouseProcess Second)> KillInTheMiddleAsync(Installation installation, int rows)
    {
        // Where this process is held up between the look and the kill, every row is done before it: then once more.
        for (var round = 0; round < 5; round++)
        {
            string job;
            await using (var first = await installation.ServeAsync())
            {
                using var admin = await AdminAsync(installation);
                using var started = await admin.PostAsJsonAsync("api/v1/users/bulk",
                    new { operations = Enumerable.Range(0, rows).Select(i => new { op = "create", user = new { emails = new[] { $"row{i}.{round}@example.com" } } }) });
                job = (await started.ReadJsonAsync(HttpStatusCode.Accepted)).Id();
                await Eventually.TrueAsync(async () => (await ReadAsync(admin, job)).GetProperty("done").GetInt64() > 20, TimeSpan.FromSeconds(30), "some rows are done");
                first.Child.Kill();
            }
            var second = await installation.ServeAsync();
            using var again = await AdminAsync(installation);
            if ((await ReadAsync(again, job)).GetProperty("done").GetInt64() < rows) return (job, second);
            await second.DisposeAsync();
        }
        throw new Xunit.Sdk.XunitException("Each time every row was done before the kill.");
    }

    private static async Task<JsonElement> ReadAsync(HttpClient admin, string job)
    {
        using var response = await admin.GetAsync($"api/v1/jobs/{job}");
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task<HttpClient> AdminAsync(Installation installation)
    {
        var client = new HttpClient { BaseAddress = new Uri(installation.Url + "/") };
        using var response = await client.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = installation.AutomationId, ["client_secret"] = installation.AutomationSecret, ["resource"] = installation.Url + "/api/v1",
        }));
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await response.ReadJsonAsync(HttpStatusCode.OK)).Text("access_token"));
        return client;
    }
}
