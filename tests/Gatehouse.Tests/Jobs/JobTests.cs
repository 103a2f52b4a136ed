using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Jobs;

/// <summary>Jobs over HTTP, by the one kind that every tenant has: operations on many users.</summary>
public sealed class JobTests
{
    internal static async Task<JsonElement> StartAsync(HttpClient admin, params object[] operations)
    {
        using var response = await admin.PostAsJsonAsync("api/v1/users/bulk", new { operations });
        var job = await response.ReadJsonAsync(HttpStatusCode.Accepted);
        response.Headers.Location!.ToString().ShouldEndWith($"/api/v1/jobs/{job.Id()}");
        return job;
    }

    internal static async Task<JsonElement> FinishedAsync(HttpClient admin, string id)
    {
        JsonElement job = default;
        await Eventually.TrueAsync(async () =>
        {
            using var response = await admin.GetAsync($"api/v1/jobs/{id}");
            job = await response.ReadJsonAsync(HttpStatusCode.OK);
            return job.GetProperty("finished_at").ValueKind != JsonValueKind.Null;
        }, TimeSpan.FromSeconds(60), "the job is over");
        return job;
    }

    internal static async Task<(int Number, string State, string? Code)[]> ResultsAsync(HttpClient admin, string id, string query = "")
    {
        using var response = await admin.GetAsync($"api/v1/jobs/{id}/results?limit=200{query}");
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(r => (r.GetProperty("number").GetInt32(), r.Text("state")!, r.Text("code")))];
    }

    [Theory, BothDatabases]
    public async Task Does_each_row_and_tells_how_it_went(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var old = await admin.CreateUserAsync("old@example.com");
        var gone = await admin.CreateUserAsync("gone@example.com");
        var job = await StartAsync(admin,
            new { op = "create", user = new { emails = new[] { "new@example.com" }, display_name = "New" } },
            new { op = "create", user = new { emails = new[] { "OLD@example.com" } } },
            new { op = "create", user = new { emails = new[] { "OLD@example.com" } }, if_exists = "skip" },
            new { op = "create", user = new { emails = new[] { "weak@example.com" }, password = "short" } },
            new { op = "create", user = new { email = "x" } },
            new { op = "update", id = old.Id(), user = new { display_name = "Old", attributes = new { a = 1 } } },
            new { op = "update", id = old.Id(), user = new { status = "disabled" } },
            new { op = "disable", id = old.Id() },
            new { op = "disable", id = old.Id() },
            new { op = "enable", id = old.Id() },
            new { op = "delete", id = gone.Id() },
            new { op = "delete", id = gone.Id() });
        job.Text("state").ShouldBe("queued");
        var done = await FinishedAsync(admin, job.Id());
        (done.Text("state"), done.GetProperty("total").GetInt64(), done.GetProperty("done").GetInt64(), done.GetProperty("failed").GetInt64()).ShouldBe(("done", 12L, 7L, 5L));
        (await ResultsAsync(admin, job.Id())).ShouldBe([
            (1, "done", null), (2, "failed", "email_taken"), (3, "done", null), (4, "failed", "password_too_short"), (5, "failed", "operation_invalid"), (6, "done", null), (7, "failed", "member_unknown"),
            (8, "done", null), (9, "done", null), (10, "done", null), (11, "done", null), (12, "failed", "user_not_found")]);
        (await ResultsAsync(admin, job.Id(), "&filter=" + Uri.EscapeDataString("state eq \"failed\""))).Select(r => r.Number).ShouldBe([2, 4, 5, 7, 12]);
        (await ResultsAsync(admin, job.Id(), "&sort=-number&filter=" + Uri.EscapeDataString("code eq \"email_taken\""))).Select(r => r.Number).ShouldBe([2]);

        using var found = await admin.GetAsync($"api/v1/users/{old.Id()}");
        var user = await found.ReadJsonAsync(HttpStatusCode.OK);
        (user.Text("display_name"), user.Text("status")).ShouldBe(("Old", "active"));
        using var trail = await admin.GetAsync($"api/v1/audit?target={old.Id()}&action=user.updated");
        (await trail.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("details").Text("job").ShouldBe(job.Id());
        using var list = await admin.GetAsync("api/v1/jobs?filter=" + Uri.EscapeDataString("state eq \"done\" and failed gt 0"));
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id().ShouldBe(job.Id());
        using var again = await admin.PostAsync($"api/v1/jobs/{job.Id()}/cancel", null);
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "job_over");
    }

    [Theory, BothDatabases]
    public async Task Takes_lines_and_refuses_what_is_no_operation(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        async Task<HttpResponseMessage> PostAsync(string text, string type = "application/x-ndjson") =>
            await admin.PostAsync("api/v1/users/bulk", new StringContent(text, Encoding.UTF8, type));
        var lines = string.Join("\r\n", Enumerable.Range(0, 6000).Select(i => JsonSerializer.Serialize(new { op = "create", user = new { emails = new[] { $"line{i}@example.com" }, attributes = new { filler = new string('x', 60) } } }))) + "\n\n";
        lines.Length.ShouldBeGreaterThan(64 * 1024);
        using (var response = await PostAsync(lines))
        {
            var job = await response.ReadJsonAsync(HttpStatusCode.Accepted);
            job.GetProperty("total").GetInt64().ShouldBe(6000);
            using var cancelled = await admin.PostAsync($"api/v1/jobs/{job.Id()}/cancel", null);
            var over = await cancelled.ReadJsonAsync(HttpStatusCode.OK);
            over.Text("state").ShouldBe("cancelled");
            var count = over.GetProperty("done").GetInt64();
            await Task.Delay(1500);
            using var after = await admin.GetAsync($"api/v1/jobs/{job.Id()}");
            (await after.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("done").GetInt64().ShouldBe(count);
            (await ResultsAsync(admin, job.Id(), "&filter=" + Uri.EscapeDataString("state eq \"waiting\""))).ShouldBeEmpty();
        }
        foreach (var (text, status, code) in new[]
        {
            ("""{"op":"create"}""", 422, "operation_invalid"), ("""{"op":"rename","id":"usr_1"}""", 422, "operation_invalid"), ("""{"op":"delete","id":"x","user":{}}""", 422, "operation_invalid"),
            ("""{"op":"delete","id":"x","op":"create"}""", 422, "operation_invalid"), ("not json", 422, "operation_invalid"), ("", 422, "rows_invalid"),
            ("""{"op":"create","user":{"emails":["\ud800"]}}""", 422, "operation_invalid"), (new string('\n', 10) + "{}", 422, "operation_invalid"),
        })
        {
            using var response = await PostAsync(text);
            await response.ShouldBeProblemAsync((HttpStatusCode)status, code);
        }
        using (var wrong = await PostAsync("""{"operations":{}}""", "application/json")) await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "body_invalid");
        using (var wrong = await PostAsync("{}", "text/csv")) await wrong.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "media_type_unsupported");
        // Asked first, so that the answer is read and not the closed connection.
        using var much = new HttpRequestMessage(HttpMethod.Post, "api/v1/users/bulk") { Content = new StringContent(new string('x', 6 * 1024 * 1024), Encoding.UTF8, "application/x-ndjson"), Headers = { ExpectContinue = true } };
        using (var large = await admin.SendAsync(much)) await large.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        await server.ShouldNeedAsync(tenant, "POST", "api/v1/users/bulk", "users:read", new { operations = Array.Empty<object>() });
    }

    [Theory, BothDatabases]
    public async Task Keeps_administrators_safe_as_the_single_operations_do(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync();
        // The one administrator of tenant main: neither by the whole of the scopes nor by a part of them.
        var id = server.AdminId.ToString();
        var whole = await FinishedAsync(admin, (await StartAsync(admin, new { op = "disable", id }, new { op = "delete", id })).Id());
        (await ResultsAsync(admin, whole.Id())).Select(r => r.Code).ShouldBe(["last_administrator", "last_administrator"]);
        using var narrow = server.Client();
        narrow.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("users:write", "jobs:read"));
        var part = await FinishedAsync(narrow, (await StartAsync(narrow, new { op = "update", id, user = new { display_name = "Eve" } }, new { op = "delete", id })).Id());
        (await ResultsAsync(narrow, part.Id())).Select(r => r.Code).ShouldBe(["scope_escalation", "scope_escalation"]);
    }

    [Theory, BothDatabases]
    public async Task Shows_a_job_to_whoever_started_it_or_could_have(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        using var elsewhere = await server.AdminAsync(other);
        var job = await StartAsync(admin, new { op = "delete", id = "usr_x" });
        await FinishedAsync(admin, job.Id());
        foreach (var path in new[] { $"api/v1/jobs/{job.Id()}", $"api/v1/jobs/{job.Id()}/results", "api/v1/jobs/job_x", $"api/v1/jobs/{tenant.Id}" })
        {
            using var hidden = await elsewhere.GetAsync(path);
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        }
        using (var cancel = await elsewhere.PostAsync($"api/v1/jobs/{job.Id()}/cancel", null)) await cancel.ShouldBeProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        using (var list = await elsewhere.GetAsync("api/v1/jobs")) (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
        await server.ShouldNeedAsync(tenant, "GET", "api/v1/jobs", "users:read");
        await server.ShouldNeedAsync(tenant, "GET", $"api/v1/jobs/{job.Id()}", "users:read");
        await server.ShouldNeedAsync(tenant, "GET", $"api/v1/jobs/{job.Id()}/results", "users:read");
        await server.ShouldNeedAsync(tenant, "POST", $"api/v1/jobs/{job.Id()}/cancel", "jobs:read");

        // Another client without the kind's scope sees none of it; the one that started it does, whatever its token carries.
        using var main = await server.AdminAsync(tenant);
        using var own = await server.WithScopesAsync(tenant, "jobs:read");
        using (var seen = await own.GetAsync($"api/v1/jobs/{job.Id()}")) seen.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
