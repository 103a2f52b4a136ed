using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Http;

/// <summary>Filter, sort, cursor and fields, as they are on every list, over HTTP.</summary>
public sealed class ListTests
{
    private static async Task<JsonElement> GetAsync(HttpClient admin, string path)
    {
        using var response = await admin.GetAsync("api/v1/" + path);
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static string[] Of(JsonElement page, string member) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(member).ToString())];

    [Theory, BothDatabases]
    public async Task Users_are_filtered_sorted_and_cut_down(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        foreach (var (name, department, level) in new[] { ("Cora", "sales", 3), ("ada", "research", 7), ("Bea", "sales", 5) })
            await admin.CreateUserAsync($"{name}@example.com", new { display_name = name, attributes = new { department, level, tags = new[] { name, "x" } } });
        var plain = await admin.CreateUserAsync("plain@example.com");
        using (var disabled = await admin.PostAsync($"api/v1/users/{plain.Id()}/disable", null)) disabled.EnsureSuccessStatusCode();

        string Filter(string text) => "users?fields=display_name&filter=" + Uri.EscapeDataString(text);
        Of(await GetAsync(admin, "users?fields=display_name&sort=display_name"), "display_name").ShouldBe(["", "ada", "Bea", "Cora"]);
        Of(await GetAsync(admin, "users?fields=display_name&sort=-display_name"), "display_name").ShouldBe(["Cora", "Bea", "ada", ""]);
        Of(await GetAsync(admin, "users?fields=display_name&sort=created_at"), "display_name").ShouldBe(["Cora", "ada", "Bea", ""]);
        Of(await GetAsync(admin, "users?fields=display_name&sort=-updated_at&limit=1"), "display_name").ShouldBe([""]);
        Of(await GetAsync(admin, Filter("status eq \"disabled\"")), "display_name").ShouldBe([""]);
        Of(await GetAsync(admin, Filter("attributes.department eq \"Sales\"")), "display_name").ShouldBe(["Bea", "Cora"]);
        Of(await GetAsync(admin, Filter("attributes.level eq 7")), "display_name").ShouldBe(["ada"]);
        Of(await GetAsync(admin, Filter("attributes.tags eq \"x\" and display_name sw \"b\"")), "display_name").ShouldBe(["Bea"]);
        Of(await GetAsync(admin, Filter("email co \"EA@EXAMPLE\"")), "display_name").ShouldBe(["Bea"]);
        Of(await GetAsync(admin, Filter($"id eq \"{plain.Id()}\"")), "display_name").ShouldBe([""]);
        Of(await GetAsync(admin, Filter("created_at gt \"2020-01-01T00:00:00Z\" and created_at lt \"2020-01-02T00:00:00Z\"")), "display_name").ShouldBeEmpty();
        Of(await GetAsync(admin, Filter("display_name ge \"b\"") + "&sort=display_name"), "display_name").ShouldBe(["Bea", "Cora"]);

        var cut = (await GetAsync(admin, "users?fields=id,emails&limit=1")).GetProperty("items")[0];
        cut.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "emails"]);
        (await GetAsync(admin, $"users/{plain.Id()}?fields=status")).EnumerateObject().Select(m => m.Name).ShouldBe(["status"]);

        foreach (var (query, code) in new[] { ("fields=id,secret", "fields_invalid"), ("fields=", "fields_invalid"), ("fields=id;x", "fields_invalid"), ("sort=email", "sort_invalid"), ("sort=-", "sort_invalid"),
            ("sort=created_at,id", "sort_invalid"), ("filter=x", "filter_invalid"), ("filter=password+eq+%22x%22", "filter_invalid"), ("filter=a&filter=b", "parameter_repeated") })
        {
            using var response = await admin.GetAsync($"api/v1/users?{query}");
            await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
        }
    }

    [Theory, BothDatabases]
    public async Task Organizations_and_what_is_in_them_are_asked_like_everything_else(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        foreach (var (slug, name) in new[] { ("one", "beta"), ("two", "Alpha"), ("three", "gamma") })
            using (var made = await admin.PostAsJsonAsync("api/v1/organizations", new { slug, display_name = name })) await made.ReadJsonAsync(HttpStatusCode.Created);
        var organizations = (await GetAsync(admin, "organizations")).GetProperty("items").EnumerateArray().ToDictionary(o => o.GetProperty("slug").GetString()!, o => o.Id());
        var (one, users) = (organizations["one"], new List<string>());
        for (var i = 0; i < 3; i++)
        {
            users.Add((await admin.CreateUserAsync($"list{i}@example.com")).Id());
            using (var added = await admin.PostAsJsonAsync($"api/v1/organizations/{one}/members", new { user = users[i] })) await added.ReadJsonAsync(HttpStatusCode.Created);
            using (var group = await admin.PostAsJsonAsync(i == 2 ? "api/v1/groups" : $"api/v1/organizations/{one}/groups", new { name = $"group {i}" })) await group.ReadJsonAsync(HttpStatusCode.Created);
            using (var invited = await admin.PostAsJsonAsync($"api/v1/organizations/{one}/invitations", new { email = $"invited{i}@example.com" })) await invited.ReadJsonAsync(HttpStatusCode.Created);
        }
        var second = (await GetAsync(admin, $"organizations/{one}/invitations?filter=" + Uri.EscapeDataString("email sw \"invited1\""))).GetProperty("items")[0].Id();
        using (var revoked = await admin.PostAsync($"api/v1/organizations/{one}/invitations/{second}/revoke", null)) revoked.EnsureSuccessStatusCode();

        // Both directions, page by page, and what a filter leaves.
        foreach (var (path, member, upwards, filter, left) in new (string, string, string[], string, string[])[]
        {
            ("organizations", "slug", ["one", "two", "three"], "display_name sw \"AL\"", ["two"]),
            ($"organizations/{one}/members", "user", [.. users], $"user ne \"{users[1]}\"", [users[2], users[0]]),
            ("groups", "name", ["group 0", "group 1", "group 2"], $"organization eq \"{one}\"", ["group 1", "group 0"]),
            ($"organizations/{one}/groups", "name", ["group 0", "group 1"], "name co \"1\"", ["group 1"]),
            ($"organizations/{one}/invitations", "email", ["invited0@example.com", "invited1@example.com", "invited2@example.com"], "status eq \"revoked\"", ["invited1@example.com"]),
        })
        {
            var order = path.EndsWith("/members", StringComparison.Ordinal) ? "user" : "created_at";
            foreach (var (sort, wanted) in new[] { (order, upwards), ("-" + order, upwards.Reverse().ToArray()) })
            {
                List<string> seen = [];
                string? next = null;
                for (var page = 0; page < 5; page++)
                {
                    var answer = await GetAsync(admin, $"{path}?fields={member}&limit=1&sort={sort}" + (next is null ? "" : "&cursor=" + next));
                    seen.AddRange(Of(answer, member));
                    if ((next = answer.Text("next")) is null) break;
                }
                seen.ShouldBe([.. wanted], $"{path} {sort}");
            }
            Of(await GetAsync(admin, $"{path}?fields={member}&filter=" + Uri.EscapeDataString(filter)), member).ShouldBe(left, path);
            foreach (var (query, code) in new[] { ("sort=secret", "sort_invalid"), ("filter=secret+eq+1", "filter_invalid"), ("fields=secret", "fields_invalid"), ("cursor=x", "cursor_invalid"), ("limit=0", "limit_invalid") })
                using (var refused = await admin.GetAsync($"api/v1/{path}?{query}")) await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
        }
        Of(await GetAsync(admin, "organizations?fields=slug&sort=display_name"), "slug").ShouldBe(["two", "one", "three"]);
        Of(await GetAsync(admin, "organizations?fields=slug&sort=-display_name&limit=2"), "slug").ShouldBe(["three", "one"]);
        Of(await GetAsync(admin, "organizations?fields=slug&search=gam&filter=" + Uri.EscapeDataString("status eq \"active\"")), "slug").ShouldBe(["three"]);
        using (var refused = await admin.GetAsync("api/v1/organizations?search=gam&sort=display_name")) await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "sort_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_cursor_goes_with_its_list_filter_order_and_tenant_only(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        using var elsewhere = await server.AdminAsync(other);
        for (var i = 0; i < 3; i++) await admin.CreateUserAsync($"u{i}@example.com");
        var filter = "&filter=" + Uri.EscapeDataString("status eq \"active\"");
        var next = (await GetAsync(admin, "users?limit=1" + filter)).Text("next");
        Of(await GetAsync(admin, $"users?limit=2&fields=id{filter}&cursor={next}"), "id").Length.ShouldBe(2);
        foreach (var (client, path) in new[] { (admin, $"users?cursor={next}"), (admin, $"users?sort=created_at{filter}&cursor={next}"), (admin, $"clients?cursor={next}"), (elsewhere, $"users?limit=1{filter}&cursor={next}"),
            (admin, $"users?status=active{filter}&cursor={next}") })
        {
            using var response = await client.GetAsync("api/v1/" + path);
            await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor_invalid");
        }
    }

    [Theory, BothDatabases]
    public async Task The_other_lists_take_the_same(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        foreach (var name in new[] { "Beta", "alpha", "Gamma" })
        {
            using var client = await admin.PostAsJsonAsync("api/v1/clients", new { name, type = "public", redirect_uris = new[] { "https://app.example/cb" }, grant_types = new[] { "authorization_code" } });
            await client.ReadJsonAsync(HttpStatusCode.Created);
            using var api = await admin.PostAsJsonAsync("api/v1/apis", new { name, identifier = $"https://{name}.example", scopes = new[] { new { name = $"{name.ToLowerInvariant()}:read", description = "" } } });
            await api.ReadJsonAsync(HttpStatusCode.Created);
        }
        string F(string text) => "filter=" + Uri.EscapeDataString(text);
        Of(await GetAsync(admin, "clients?sort=name"), "name").ShouldBe(["alpha", "Beta", "Gamma"]);
        Of(await GetAsync(admin, "clients?sort=-name&limit=2"), "name").ShouldBe(["Gamma", "Beta"]);
        Of(await GetAsync(admin, "clients?sort=created_at"), "name").ShouldBe(["Beta", "alpha", "Gamma"]);
        Of(await GetAsync(admin, $"clients?{F("type eq \"public\" and name sw \"G\"")}"), "name").ShouldBe(["Gamma"]);
        Of(await GetAsync(admin, $"apis?sort=name&{F("system eq false")}"), "name").ShouldBe(["alpha", "Beta", "Gamma"]);
        var first = await GetAsync(admin, $"apis?sort=-name&limit=1&{F("system eq false")}");
        Of(first, "name").ShouldBe(["Gamma"]);
        Of(await GetAsync(admin, $"apis?sort=-name&limit=1&{F("system eq false")}&cursor={first.Text("next")}"), "name").ShouldBe(["Beta"]);
        Of(await GetAsync(admin, $"apis?{F("scopes eq \"alpha:read\"")}"), "name").ShouldBe(["alpha"]);
        Of(await GetAsync(admin, $"tenants?{F($"slug eq \"{tenant.Slug}\"")}&fields=slug"), "slug").ShouldBe([tenant.Slug]);
        Of(await GetAsync(admin, $"recoveries?{F("needs_approval eq true")}&sort=started_at"), "id").ShouldBeEmpty();
        var user = await admin.CreateUserAsync("s@example.com");
        Of(await GetAsync(admin, $"users/{user.Id()}/sessions?sort=created_at&{F("methods eq \"pwd\"")}"), "id").ShouldBeEmpty();
        foreach (var path in new[] { "clients", "apis", "tenants", "recoveries", $"users/{user.Id()}/sessions", "jobs" })
        {
            using var response = await admin.GetAsync($"api/v1/{path}?filter=nothing+eq+1");
            await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "filter_invalid");
        }
    }
}
