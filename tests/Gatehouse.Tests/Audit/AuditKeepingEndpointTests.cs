using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Audit;

public sealed class AuditKeepingEndpointTests
{
    [Theory, BothDatabases]
    public async Task Sets_retention_holds_erasures_and_streams(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var other = await server.AdminAsync(await server.NewTenantAsync());

        using (var put = await admin.PutAsJsonAsync("api/v1/audit/retention", new { classes = new Dictionary<string, int> { ["session"] = 30, ["*"] = 400 } })) await put.ReadJsonAsync(HttpStatusCode.OK);
        (await (await admin.GetAsync("api/v1/audit/retention")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("classes").GetProperty("session").GetInt32().ShouldBe(30);
        (await (await other.GetAsync("api/v1/audit/retention")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("classes").EnumerateObject().ShouldBeEmpty();

        var person = UserId.New(TimeProvider.System).ToString();
        string hold;
        using (var set = await admin.PostAsJsonAsync("api/v1/audit/holds", new { person, reason = "case 7" })) hold = (await set.ReadJsonAsync(HttpStatusCode.Created)).Id();
        using (var held = await admin.PostAsJsonAsync("api/v1/audit/erasures", new { person })) await held.ShouldBeProblemAsync(HttpStatusCode.Conflict, "audit_on_hold");
        using (var theirs = await other.DeleteAsync($"api/v1/audit/holds/{hold}")) await theirs.ShouldBeProblemAsync(HttpStatusCode.NotFound, "hold_not_found");
        using (var free = await admin.DeleteAsync($"api/v1/audit/holds/{hold}")) free.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var again = await admin.DeleteAsync($"api/v1/audit/holds/{hold}")) await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "hold_not_found");
        using (var erase = await admin.PostAsJsonAsync("api/v1/audit/erasures", new { person })) (await erase.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("erased").GetBoolean().ShouldBeFalse();
        (await (await admin.GetAsync("api/v1/audit/holds")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("released_at").ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Null);

        string stream;
        using (var made = await admin.PostAsJsonAsync("api/v1/audit/streams", new { kind = "http", address = "https://collector.example.com/in", token = "t-secret-1" }))
        {
            var text = await made.Content.ReadAsStringAsync();
            made.StatusCode.ShouldBe(HttpStatusCode.Created, text);
            text.ShouldNotContain("t-secret-1");
            stream = (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
        }
        foreach (var verb in new[] { "pause", "resume" })
            using (var set = await admin.PostAsync($"api/v1/audit/streams/{stream}/{verb}", null)) set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await (await admin.GetAsync("api/v1/audit/streams")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("enabled").GetBoolean().ShouldBeTrue();
        (await admin.GetAsync($"api/v1/audit/streams/{stream}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await other.GetAsync("api/v1/audit/streams")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ShouldBeEmpty();
        await (await other.GetAsync($"api/v1/audit/streams/{stream}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "stream_not_found");
        await (await other.DeleteAsync($"api/v1/audit/streams/{stream}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "stream_not_found");
        await (await other.PostAsync($"api/v1/audit/streams/{stream}/pause", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "stream_not_found");
        (await admin.DeleteAsync($"api/v1/audit/streams/{stream}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var actions = (await (await admin.GetAsync("api/v1/audit?action=audit.*&limit=200")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).ToList();
        foreach (var action in new[] { "audit.retention_changed", "audit.hold_set", "audit.hold_released", "audit.person_erased", "audit.stream_created", "audit.stream_paused", "audit.stream_resumed", "audit.stream_deleted" }) actions.ShouldContain(action);
    }

    [Fact]
    public async Task Lets_nobody_delete_a_tenant_whose_audit_is_held()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var inside = await server.AdminAsync(tenant);
        using var admin = await server.AdminAsync();
        string hold;
        using (var set = await inside.PostAsJsonAsync("api/v1/audit/holds", new { reason = "case 7" })) hold = (await set.ReadJsonAsync(HttpStatusCode.Created)).Id();
        using (var refused = await admin.DeleteAsync($"api/v1/tenants/{tenant.Id}?without_export=true&reason=test&grace_days=0")) await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "audit_on_hold");
        using (var free = await inside.DeleteAsync($"api/v1/audit/holds/{hold}")) free.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await admin.DeleteAsync($"api/v1/tenants/{tenant.Id}?without_export=true&reason=test&grace_days=0");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    public static TheoryData<string, string, string> Bad => new()
    {
        { "PUT retention", """{"classes":{"audit":5}}""", "class_kept" }, { "PUT retention", """{"classes":{"Session":5}}""", "retention_invalid" }, { "PUT retention", """{"classes":{"session":0}}""", "retention_invalid" }, { "PUT retention", "{}", "retention_invalid" },
        { "POST holds", "{}", "reason_invalid" }, { "POST holds", """{"reason":"x","person":"ann"}""", "person_invalid" }, { "POST erasures", "{}", "person_invalid" },
        { "POST streams", "{}", "stream_kind_invalid" }, { "POST streams", """{"kind":"http","address":"http://example.com/"}""", "stream_address_invalid" }, { "POST streams", """{"kind":"http","address":"https://u:p@example.com/"}""", "stream_address_invalid" },
        { "POST streams", """{"kind":"syslog","address":"example.com"}""", "stream_address_invalid" }, { "POST streams", """{"kind":"syslog","address":"example.com:6514","tls":false}""", "stream_tls_required" },
        { "POST streams", """{"kind":"syslog","address":"example.com:6514","content":"heads"}""", "stream_content_invalid" }, { "POST streams", """{"kind":"syslog","address":"example.com:6514","ca":"x"}""", "stream_ca_invalid" },
        { "POST streams", """{"kind":"http","address":"https://example.com/","token":"a\r\nX: y"}""", "stream_token_invalid" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task Refuses_what_it_cannot_keep_to(string operation, string body, string code)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        using var response = await admin.SendAsync(new(new HttpMethod(method), $"api/v1/audit/{path}") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") });
        await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory]
    [InlineData("GET", "retention"), InlineData("PUT", "retention"), InlineData("GET", "holds"), InlineData("POST", "holds"), InlineData("DELETE", "holds/x"), InlineData("POST", "erasures")]
    [InlineData("GET", "streams"), InlineData("POST", "streams"), InlineData("GET", "streams/x"), InlineData("DELETE", "streams/x"), InlineData("POST", "streams/x/pause"), InlineData("POST", "streams/x/resume")]
    public async Task Answers_nobody_without_the_permission(string method, string path)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        HttpRequestMessage Request() => new(new HttpMethod(method), $"api/v1/audit/{path}") { Content = method is "GET" or "DELETE" ? null : JsonContent.Create(new { }) };
        using (var anonymous = await client.SendAsync(Request())) anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync(method == "GET" ? Scopes.AuditWrite : Scopes.AuditRead));
        using var forbidden = await client.SendAsync(Request());
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Sends_persons_nowhere_for_a_caller_who_may_not_see_them()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var writer = await server.WithScopesAsync(tenant, Scopes.AuditWrite);
        using var response = await writer.PostAsJsonAsync("api/v1/audit/streams", new { kind = "http", address = "https://collector.example.com/", personal = true });
        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "audit_pii_required");

        // One that somebody else began: she may pause it, and not let it go on.
        using var admin = await server.AdminAsync(tenant);
        using var made = await admin.PostAsJsonAsync("api/v1/audit/streams", new { kind = "http", address = "https://collector.example.com/", personal = true });
        var stream = $"api/v1/audit/streams/{(await made.ReadJsonAsync(HttpStatusCode.Created)).Text("id")}";
        (await writer.PostAsync($"{stream}/pause", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await writer.PostAsync($"{stream}/resume", null)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "audit_pii_required");
        (await admin.PostAsync($"{stream}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
