using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Tenants;

public sealed class ManageTenantsTests
{
    [Theory, BothDatabases]
    public async Task Creates_a_tenant_below_the_callers(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync();
        var slug = NewSlug(server);
        using var created = await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "  Acme  " });
        var tenant = await created.ReadJsonAsync(HttpStatusCode.Created);
        tenant.GetProperty("issuer").GetString().ShouldBe($"{server.Url}/t/{slug}");
        tenant.GetProperty("display_name").GetString().ShouldBe("Acme");
        tenant.GetProperty("parent_id").GetString().ShouldBe(server.Main.Id.ToString());
        created.Headers.ETag!.Tag.ShouldBe("\"v1\"");
        using var read = await admin.GetAsync(created.Headers.Location);
        (await read.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("id").GetString().ShouldBe(tenant.GetProperty("id").GetString());
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_slug_or_an_address_that_is_taken(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync();
        var (slug, host) = (NewSlug(server), $"https://{NewSlug(server)}.example");
        (await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "A", issuer = host })).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var again = await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "A" });
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "slug_taken");
        var other = NewSlug(server);
        using var address = await admin.PostAsJsonAsync("api/v1/tenants", new { slug = other, display_name = "A", issuer = host });
        await address.ShouldBeProblemAsync(HttpStatusCode.Conflict, "domain_taken");
        // Nothing of the refused tenant is left: its slug is free.
        (await admin.PostAsJsonAsync("api/v1/tenants", new { slug = other, display_name = "A" })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("{\"slug\":\"Bad\",\"display_name\":\"A\"}", "slug_invalid")]
    [InlineData("{\"display_name\":\"A\"}", "slug_invalid")]
    [InlineData("{\"slug\":\"good\",\"display_name\":\" \"}", "display_name_invalid")]
    [InlineData("{\"slug\":\"good\",\"display_name\":\"A\",\"issuer\":\"http://acme.com\"}", "issuer_invalid")]
    [InlineData("{\"slug\":\"good\",\"display_name\":\"A\",\"issuer\":\"https://acme.com/t/other\"}", "issuer_invalid")]
    public async Task Refuses_what_is_not_a_tenant(string body, string code)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        using var answer = await admin.PostAsync("api/v1/tenants", Json(body));
        await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory, BothDatabases]
    public async Task Lists_the_callers_tree_by_pages_and_nothing_beside_it(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (top, beside) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(top);
        List<string> made = [top.Id];
        for (var i = 0; i < 3; i++)
        {
            using var created = await admin.PostAsJsonAsync("api/v1/tenants", new { slug = NewSlug(server), display_name = "Child" });
            made.Insert(0, (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!);
        }
        List<string> listed = [];
        string? cursor = null;
        do
        {
            using var page = await admin.GetAsync($"api/v1/tenants?limit=2&cursor={cursor}");
            var body = await page.ReadJsonAsync(HttpStatusCode.OK);
            listed.AddRange(body.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetString()!));
            cursor = body.GetProperty("next").GetString();
        } while (cursor is not null);
        listed.ShouldBe(made);
        listed.ShouldNotContain(beside.Id);
    }

    [Theory, BothDatabases]
    public async Task Hides_tenants_that_are_not_below_the_callers(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (mine, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(mine);
        foreach (var id in new[] { other.Id, server.Main.Id.ToString(), "tnt_nonsense", "x" })
        {
            using var get = await admin.GetAsync($"api/v1/tenants/{id}");
            await get.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
            using var patch = await admin.PatchAsJsonAsync($"api/v1/tenants/{id}", new { display_name = "Mine now" });
            await patch.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
            using var suspend = await admin.PostAsync($"api/v1/tenants/{id}/suspend", null);
            await suspend.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
            using var settings = await admin.GetAsync($"api/v1/tenants/{id}/settings");
            await settings.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
            using var domains = await admin.PostAsJsonAsync($"api/v1/tenants/{id}/domains", new { base_url = "https://stolen.example" });
            await domains.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
            using var delete = await admin.DeleteAsync($"api/v1/tenants/{id}?without_export=true&reason=test&grace_days=0");
            await delete.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
        }
    }

    [Fact]
    public async Task Needs_a_token_and_the_right_scope()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var nobody = server.Client();
        (await nobody.GetAsync("api/v1/tenants")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var reader = server.Client();
        reader.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("tenants:read"));
        (await reader.GetAsync("api/v1/tenants")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reader.PostAsJsonAsync("api/v1/tenants", new { slug = "x", display_name = "X" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, BothDatabases]
    public async Task Renames_and_honours_the_version(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var renamed = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}", new { display_name = "New name" });
        (await renamed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("display_name").GetString().ShouldBe("New name");
        using var stale = new HttpRequestMessage(HttpMethod.Patch, $"api/v1/tenants/{tenant.Id}") { Content = Json("{\"display_name\":\"Late\"}"), Headers = { { "If-Match", "\"v1\"" } } };
        using var refused = await admin.SendAsync(stale);
        await refused.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        using var unknown = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}", new { slug = "other" });
        await unknown.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "member_unknown");
    }

    [Theory, BothDatabases]
    public async Task A_suspended_tenant_answers_with_one_page_or_problem_until_it_is_resumed(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var client = server.Client(tenant);
        (await client.GetAsync(".well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PostAsync($"api/v1/tenants/{tenant.Id}/suspend", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var path in new[] { ".well-known/openid-configuration", "oauth2/token", "nowhere" })
        {
            using var refused = await client.GetAsync(path);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tenant_suspended");
        }
        using var browser = server.Browser(tenant);
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var page = await browser.GetAsync("signin");
        page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await page.Content.ReadAsStringAsync()).ShouldContain("This service is paused");

        (await admin.PostAsync($"api/v1/tenants/{tenant.Id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(".well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task A_tenant_cannot_suspend_or_delete_itself(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync();
        using var suspend = await admin.PostAsync($"api/v1/tenants/{server.Main.Id}/suspend", null);
        await suspend.ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_is_own");
        using var delete = await admin.DeleteAsync($"api/v1/tenants/{server.Main.Id}?without_export=true&reason=test&grace_days=0");
        await delete.ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_is_own");
    }

    [Theory, BothDatabases]
    public async Task A_deleted_tenant_is_gone_at_once_and_gives_its_slug_back(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var client = server.Client(tenant);
        (await client.GetAsync(".well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.DeleteAsync($"api/v1/tenants/{tenant.Id}?without_export=true&reason=test&grace_days=0")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync(".well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.DeleteAsync($"api/v1/tenants/{tenant.Id}?without_export=true&reason=test&grace_days=0")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsJsonAsync("api/v1/tenants", new { slug = tenant.Slug, display_name = "Again" })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task Refuses_to_delete_a_tenant_with_others_below_it(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using (var below = await server.AdminAsync(tenant))
            (await below.PostAsJsonAsync("api/v1/tenants", new { slug = NewSlug(server), display_name = "Child" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var admin = await server.AdminAsync();
        using var refused = await admin.DeleteAsync($"api/v1/tenants/{tenant.Id}?without_export=true&reason=test&grace_days=0");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_has_children");
    }

    [Theory, BothDatabases]
    public async Task Answers_at_a_further_address_until_it_is_taken_away(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        var host = $"{NewSlug(server)}.example";
        using var added = await admin.PostAsJsonAsync($"api/v1/tenants/{tenant.Id}/domains", new { base_url = $"https://{host}" });
        await added.ReadJsonAsync(HttpStatusCode.Created);
        (await IssuerAtAsync(server, host)).ShouldBe(tenant.Url);
        using var twice = await admin.PostAsJsonAsync($"api/v1/tenants/{tenant.Id}/domains", new { base_url = $"https://{host}" });
        await twice.ShouldBeProblemAsync(HttpStatusCode.Conflict, "domain_taken");
        (await admin.DeleteAsync(added.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await IssuerAtAsync(server, host)).ShouldBeNull();
    }

    private static async Task<string?> IssuerAtAsync(TestServer server, string host)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration") { Headers = { Host = host } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("issuer").GetString();
    }

    internal static string NewSlug(TestServer server) => $"n{Gatehouse.Kernel.Base32.Encode(Guid.CreateVersion7(server.Clock.GetUtcNow()))[10..]}";

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
