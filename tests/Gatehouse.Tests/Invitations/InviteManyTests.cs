using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Jobs;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Invitations;

/// <summary>Many invitations as one job: of JSON, lines and tables, by who may there, with a result for each.</summary>
public sealed class InviteManyTests
{
    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string organization, string body, string type) =>
        await http.PostAsync($"api/v1/organizations/{organization}/invitations/bulk", new StringContent(body, Encoding.UTF8, type));

    private static async Task<JsonElement> FinishedAsync(HttpClient http, string organization, string id)
    {
        JsonElement job = default;
        await Eventually.TrueAsync(async () => (job = await http.GetJsonAsync($"api/v1/organizations/{organization}/jobs/{id}")).GetProperty("finished_at").ValueKind != JsonValueKind.Null, TimeSpan.FromSeconds(60), "the job is over");
        return job;
    }

    [Theory, BothDatabases]
    public async Task Each_is_sent_or_refused_by_itself(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        await admin.AddMemberAsync(acme, (await admin.CreateUserAsync("member@example.com")).Id());
        string[] emails = [.. Enumerable.Range(0, 60).Select(i => $"p{i}@example.com"), "p7@EXAMPLE.com", "no address", "member@example.com"];
        using var started = await admin.PostAsJsonAsync($"api/v1/organizations/{acme}/invitations/bulk", new { invitations = emails.Select(email => new { email, locale = "en" }) });
        var job = await started.ReadJsonAsync(HttpStatusCode.Accepted);
        started.Headers.Location!.ToString().ShouldEndWith($"/api/v1/organizations/{acme}/jobs/{job.Id()}");
        var done = await FinishedAsync(admin, acme, job.Id());
        (done.Text("state"), done.GetProperty("done").GetInt64(), done.GetProperty("failed").GetInt64()).ShouldBe(("done", 60, 3));
        (await JobTests.ResultsAsync(admin, job.Id(), "&filter=" + Uri.EscapeDataString("state eq \"failed\""))).Select(r => r.Code).ShouldBe(["invitation_exists", "email_invalid", "member_exists"]);
        (await admin.ListTextsAsync($"api/v1/organizations/{acme}/invitations?limit=200", "email")).Count().ShouldBe(60);
    }

    [Theory, BothDatabases]
    public async Task An_organization_s_own_administrator_sends_tables_and_sees_her_jobs_and_no_other_s(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var (acme, beta) = (await world.OrganizationAsync("acme", ann), await world.OrganizationAsync("beta", bob));
        using var she = await world.AsAsync(ann);
        using var he = await world.AsAsync(bob);
        const string table = "\uFEFFemail,roles,expires_in_days\r\n\"o'hara, d@example.com\",,\r\ncat@example.com,organization_member organization_admin,3\r\n\r\ndan@example.com,,\r\n";
        using var started = await PostAsync(she, acme, table, "text/csv");
        var job = (await started.ReadJsonAsync(HttpStatusCode.Accepted)).Id();
        (await FinishedAsync(she, acme, job)).GetProperty("done").GetInt64().ShouldBe(2);
        var sent = (await she.GetJsonAsync($"api/v1/organizations/{acme}/invitations")).GetProperty("items").EnumerateArray().ToList();
        sent.Select(i => i.Text("email")).ShouldBe(["dan@example.com", "cat@example.com"]);
        sent[1].GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["organization_member", "organization_admin"]);
        (await she.GetJsonAsync($"api/v1/organizations/{acme}/jobs")).GetProperty("items").EnumerateArray().Select(j => j.Id()).ShouldBe([job]);

        // What is about one organization is not about another, whoever asks, and the tenant's jobs are not hers.
        foreach (var path in (string[])[$"jobs/{job}", $"jobs/{job}/results"])
        {
            await (await he.GetAsync($"api/v1/organizations/{beta}/{path}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "job_not_found");
            await (await world.Admin.GetAsync($"api/v1/organizations/{beta}/{path}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "job_not_found");
            await (await he.GetAsync($"api/v1/organizations/{acme}/{path}")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
            await (await she.GetAsync($"api/v1/{path}")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        }
        (await he.GetJsonAsync($"api/v1/organizations/{beta}/jobs")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await (await he.PostAsync($"api/v1/organizations/{beta}/jobs/{job}/cancel", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        await (await she.PostAsync($"api/v1/organizations/{acme}/jobs/{job}/cancel", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "job_over");
        await (await PostAsync(he, acme, table, "text/csv")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
    }

    [Theory]
    [InlineData(400, "csv_invalid", "text/csv", "name\nann")]
    [InlineData(400, "csv_invalid", "text/csv", "email,email\na@example.com,b@example.com")]
    [InlineData(400, "csv_invalid", "text/csv", "email,roles\na@example.com")]
    [InlineData(400, "csv_invalid", "text/csv", "email\n\"a@example.com")]
    [InlineData(400, "csv_invalid", "text/csv", "email,expires_in_days\na@example.com,soon")]
    [InlineData(422, "invitation_invalid", "text/csv", "email,locale\n,en")]
    [InlineData(422, "rows_invalid", "text/csv", "email")]
    [InlineData(400, "csv_invalid", "text/csv", "")]
    [InlineData(422, "expiry_invalid", "text/csv", "email,expires_in_days\na@example.com,91")]
    [InlineData(422, "roles_unknown", "text/csv", "email,roles\na@example.com,auditor")]
    [InlineData(422, "roles_invalid", "application/x-ndjson", """{"email":"a@example.com","roles":["a","a"]}""")]
    [InlineData(422, "invitation_invalid", "application/x-ndjson", """{"email":"a@example.com","role":"a"}""")]
    [InlineData(422, "invitation_invalid", "application/x-ndjson", "null")]
    [InlineData(400, "body_invalid", "application/json", """{"invitations":{}}""")]
    [InlineData(422, "rows_invalid", "application/json", """{"invitations":[]}""")]
    [InlineData(415, "media_type_unsupported", "text/plain", "email")]
    public async Task Refuses_whole_what_cannot_be_read(int status, string code, string type, string body)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        await (await PostAsync(admin, acme, body, type)).ShouldBeProblemAsync((HttpStatusCode)status, code);
        (await admin.GetJsonAsync("api/v1/jobs")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_table_that_is_no_utf8_is_refused()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        using var body = new ByteArrayContent([.. "email\nann"u8, 0xFF, .. "@example.com"u8]);
        body.Headers.ContentType = new("text/csv");
        await (await admin.PostAsync($"api/v1/organizations/{acme}/invitations/bulk", body)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "csv_invalid");
    }
}
