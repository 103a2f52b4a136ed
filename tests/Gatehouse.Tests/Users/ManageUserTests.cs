using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Users;

/// <summary>Get, list, change, disable and delete.</summary>
public sealed class ManageUserTests
{
    private static StringContent Patch(string json) => new StringContent(json, Encoding.UTF8, "application/merge-patch+json");

    private static async Task<string?[]> AddressesAsync(HttpClient admin, string query)
    {
        using var response = await admin.GetAsync("api/v1/users" + query);
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(u => u.GetProperty("emails")[0].Text("address"))];
    }

    [Theory, BothDatabases]
    public async Task Lists_in_pages_and_searches_by_prefix(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        for (var i = 0; i < 5; i++)
        {
            await admin.CreateUserAsync($"user{i}@example.com", new { display_name = i == 3 ? "Ünal 100%" : null, given_name = i == 4 ? "Zoë" : null, family_name = i == 1 ? "O_Neil" : null });
            await Task.Delay(2);        // ids of one millisecond are in no order
        }

        (await AddressesAsync(admin, "")).ShouldBe(["user4@example.com", "user3@example.com", "user2@example.com", "user1@example.com", "user0@example.com"]);
        (await AddressesAsync(admin, "?search=USER2")).ShouldBe(["user2@example.com"]);
        (await AddressesAsync(admin, "?search=%C3%BCnal")).ShouldBe(["user3@example.com"]);
        (await AddressesAsync(admin, "?search=ZO%C3%8B")).ShouldBe(["user4@example.com"]);
        (await AddressesAsync(admin, "?search=o_n")).ShouldBe(["user1@example.com"]);
        (await AddressesAsync(admin, "?search=%25")).ShouldBeEmpty();
        (await AddressesAsync(admin, "?search=_")).ShouldBeEmpty();
        (await AddressesAsync(admin, "?search=ser3")).ShouldBe(["user3@example.com"]);
        (await AddressesAsync(admin, "?search=se")).ShouldBeEmpty();
        (await AddressesAsync(admin, "?status=disabled")).ShouldBeEmpty();

        List<string?> walked = [];
        string? cursor = null;
        do
        {
            using var response = await admin.GetAsync($"api/v1/users?search=user&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            walked.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.GetProperty("emails")[0].Text("address")));
            cursor = page.Text("next");
        } while (cursor is not null && walked.Count < 10);
        walked.ShouldBe(["user0@example.com", "user1@example.com", "user2@example.com", "user3@example.com", "user4@example.com"]);
    }

    [Theory, BothDatabases]
    public async Task Refuses_broken_list_parameters(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        foreach (var (query, code) in new[] { ("limit=0", "limit_invalid"), ("limit=201", "limit_invalid"), ("limit=x", "limit_invalid"), ("cursor=x", "cursor_invalid"),
            ("status=gone", "status_invalid"), ("search=%00", "query_malformed"), ("search=" + new string('x', 300), "search_invalid"), ("search=%E2%80%AE", "search_invalid") })
        {
            using var response = await admin.GetAsync($"api/v1/users?{query}");
            await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
        }
        await server.ShouldNeedAsync(tenant, "GET", "api/v1/users", "clients:read");
    }

    [Theory, BothDatabases]
    public async Task Changes_what_the_patch_names_and_nothing_else(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var user = await admin.CreateUserAsync("ann@example.com", new { display_name = "Ann", given_name = "Ann", locale = "en", attributes = new { keep = 1, drop = 2, deep = new { a = 1, b = 2 } } });
        var path = $"api/v1/users/{user.Id()}";

        using var patched = await admin.PatchAsync(path, Patch("""{"display_name":"Anna","given_name":null,"attributes":{"drop":null,"deep":{"b":3},"new":"ü"}}"""));
        var changed = await patched.ReadJsonAsync(HttpStatusCode.OK);
        (changed.Text("display_name"), changed.Text("given_name"), changed.Text("locale")).ShouldBe(("Anna", null, "en"));
        patched.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        var attributes = changed.GetProperty("attributes");
        attributes.GetPropertyCount().ShouldBe(3);
        (attributes.GetProperty("keep").GetInt32(), attributes.GetProperty("deep").GetProperty("a").GetInt32(), attributes.GetProperty("deep").GetProperty("b").GetInt32(), attributes.Text("new")).ShouldBe((1, 1, 3, "ü"));

        using var found = await admin.GetAsync("api/v1/users?search=anna");
        (await found.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);
        using var cleared = await admin.PatchAsync(path, Patch("""{"attributes":null}"""));
        (await cleared.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("attributes").GetPropertyCount().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_patch_that_is_wrong_or_late(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var path = $"api/v1/users/{(await admin.CreateUserAsync("ann@example.com")).Id()}";
        foreach (var (body, code) in new[] { ("""{"status":"disabled"}""", "member_unknown"), ("""{"emails":[]}""", "member_unknown"), ("""{"display_name":7}""", "member_invalid"),
            ("""{"display_name":"\u0007"}""", "name_invalid"), ("""{"locale":"_"}""", "locale_invalid"), ("""{"attributes":[]}""", "attributes_invalid"), ("""{"attributes":{"a":1e999}}""", "attributes_invalid") })
        {
            using var response = await admin.PatchAsync(path, Patch(body));
            await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }

        async Task<HttpStatusCode> RenameAsync(string match)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = Patch("""{"display_name":"Ann"}""") };
            request.Headers.TryAddWithoutValidation("If-Match", match);
            using var response = await admin.SendAsync(request);
            return response.StatusCode;
        }
        (await RenameAsync("\"v1\"")).ShouldBe(HttpStatusCode.OK);
        (await RenameAsync("\"v1\"")).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await RenameAsync("\"v2\"")).ShouldBe(HttpStatusCode.OK);
        await server.ShouldNeedAsync(tenant, "PATCH", path, "users:read", new { display_name = "Eve" });
    }

    [Theory, BothDatabases]
    public async Task Disables_enables_and_deletes(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var path = $"api/v1/users/{(await admin.CreateUserAsync("ann@example.com")).Id()}";
        foreach (var (action, status) in new[] { ("disable", "disabled"), ("disable", "disabled"), ("enable", "active"), ("enable", "active") })
        {
            using var response = await admin.PostAsync($"{path}/{action}", null);
            (await response.ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe(status);
        }
        foreach (var action in new[] { "disable", "enable" }) await server.ShouldNeedAsync(tenant, "POST", $"{path}/{action}", "users:read");
        await server.ShouldNeedAsync(tenant, "DELETE", path, "users:read");
        await server.ShouldNeedAsync(tenant, "GET", path, "clients:read");

        using (var gone = await admin.DeleteAsync(path)) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var method in new[] { "GET", "DELETE" })
        {
            using var response = await admin.SendAsync(People.Request(method, path));
            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        }
        await admin.CreateUserAsync("ann@example.com");         // the address is free again
    }

    [Theory, BothDatabases]
    public async Task Another_tenants_user_does_not_exist(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var owner = await server.AdminAsync(tenant);
        using var stranger = await server.AdminAsync(other);
        var user = await owner.CreateUserAsync("ann@example.com");
        var path = $"api/v1/users/{user.Id()}";
        var email = user.GetProperty("emails")[0].Id();
        foreach (var (method, at, body) in new (string, string, object?)[]
        {
            ("GET", path, null), ("PATCH", path, new { display_name = "Eve" }), ("DELETE", path, null), ("POST", $"{path}/disable", null), ("POST", $"{path}/enable", null),
            ("POST", $"{path}/emails", new { address = "eve@example.com" }), ("DELETE", $"{path}/emails/{email}", null), ("POST", $"{path}/emails/{email}/primary", null),
            ("POST", $"{path}/emails/{email}/verify", null), ("PUT", $"{path}/password", new { password = People.Password }),
            ("GET", $"{path}/sessions", null), ("DELETE", $"{path}/sessions", null),
        })
        {
            foreach (var wrong in new[] { at, at.Replace(user.Id(), "usr_00000000000000000000000001"), at.Replace(user.Id(), "nonsense") })
            {
                using var response = await stranger.SendAsync(People.Request(method, wrong, body));
                await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
            }
        }
        using var list = await stranger.GetAsync("api/v1/users");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
        using var untouched = await owner.GetAsync(path);
        JsonElement.DeepEquals(await untouched.ReadJsonAsync(HttpStatusCode.OK), user).ShouldBeTrue();
    }
}
