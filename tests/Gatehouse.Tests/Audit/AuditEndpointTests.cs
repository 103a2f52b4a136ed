using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Audit;

public sealed class AuditEndpointTests
{
    private static async Task<List<JsonElement>> ListAsync(HttpClient admin, string query)
    {
        using var response = await admin.GetAsync("api/v1/audit" + query);
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()];
    }

    private static async Task<(TestTenant Tenant, HttpClient Admin)> TenantWithEntriesAsync(TestServer server)
    {
        var tenant = await server.NewTenantAsync();
        var admin = await server.AdminAsync(tenant);
        foreach (var locale in new[] { "en", "fa" })
        {
            using var put = await admin.PutAsJsonAsync($"api/v1/mail-templates/reset_password/{locale}", new { subject = "a", text = "{{link}}", html = "{{link}}" });
            put.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        return (tenant, admin);
    }

    [Theory, BothDatabases]
    public async Task Lists_newest_first_page_by_page(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var (_, admin) = await TenantWithEntriesAsync(server);
        using var _1 = admin;
        var all = await ListAsync(admin, "");
        all.Count.ShouldBeGreaterThanOrEqualTo(4, "two keys and two templates");
        all[0].GetProperty("target").GetProperty("id").GetString().ShouldBe("reset_password/fa");
        all.Select(e => e.GetProperty("id").GetString()).ShouldBe(all.Select(e => e.GetProperty("id").GetString()).OrderDescending(StringComparer.Ordinal));

        List<string?> seen = [];
        string? cursor = "";
        do
        {
            using var response = await admin.GetAsync($"api/v1/audit?limit=3&cursor={cursor}");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetString()));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        seen.ShouldBe(all.Select(e => e.GetProperty("id").GetString()));
    }

    [Theory, BothDatabases]
    public async Task Narrows_by_what_is_asked(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var (tenant, admin) = await TenantWithEntriesAsync(server);
        using var _1 = admin;
        var changed = await ListAsync(admin, "?action=mail_template.changed");
        changed.Count.ShouldBe(2);
        (await ListAsync(admin, "?target=reset_password/en")).ShouldHaveSingleItem().GetProperty("actor").GetProperty("id").GetString().ShouldBe(server.AutomationId);
        (await ListAsync(admin, $"?actor={server.AutomationId}&action=mail_template.changed")).Count.ShouldBe(2);
        (await ListAsync(admin, "?actor=usr_nobody")).ShouldBeEmpty();
        var at = changed[0].GetProperty("at").GetDateTimeOffset().UtcDateTime.ToString("o");
        (await ListAsync(admin, $"?action=mail_template.changed&to={at}")).Count.ShouldBe(1);
        (await ListAsync(admin, $"?action=mail_template.changed&from={at}")).Count.ShouldBe(1);
        (await ListAsync(admin, $"?from={server.Clock.GetUtcNow().AddHours(1).UtcDateTime:o}")).ShouldBeEmpty();

        using var other = await server.AdminAsync(await server.NewTenantAsync());
        (await ListAsync(other, "?target=reset_password/en")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Seals_within_a_second_or_so_and_verifies(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var (tenant, admin) = await TenantWithEntriesAsync(server);
        using var _1 = admin;
        JsonElement head = default;
        await Eventually.TrueAsync(async () =>
        {
            using var response = await admin.GetAsync("api/v1/audit/head");
            head = await response.ReadJsonAsync(HttpStatusCode.OK);
            return head.GetProperty("unsealed").GetInt64() == 0;
        }, TimeSpan.FromSeconds(10), "nothing waits for its seal");
        var newest = (await ListAsync(admin, "?limit=1"))[0];
        newest.GetProperty("seq").GetInt64().ShouldBe(head.GetProperty("seq").GetInt64());
        newest.GetProperty("hash").GetString().ShouldBe(head.GetProperty("hash").GetString());
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        (await server.Services.GetRequiredService<AuditVerifier>().VerifyAsync(id, default)).Break.ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_question_it_cannot_read(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        using var admin = await server.AdminAsync();
        foreach (var (query, code) in new[] { ("?from=yesterday", "time_invalid"), ("?to=", "time_invalid"), ("?actor=", "filter_invalid"), ("?action=%00", "query_malformed"), ("?limit=0", "limit_invalid"), ("?cursor=x", "cursor_invalid") })
        {
            using var response = await admin.GetAsync("api/v1/audit" + query);
            await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
        }
        using var anonymous = server.Client();
        using var unauthorized = await anonymous.GetAsync("api/v1/audit");
        unauthorized.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        anonymous.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync(Scopes.KeysRead));
        using var forbidden = await anonymous.GetAsync("api/v1/audit");
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
