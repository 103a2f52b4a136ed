using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Applications;

public sealed class ManageApisTests
{
    private const string Orders = "https://orders.example.com";

    [Theory, BothDatabases]
    public async Task Keeps_the_issuer_for_userinfo(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var refused = await admin.PostAsJsonAsync("api/v1/apis", new { identifier = tenant.Url, name = "Everybody's tokens" });
        await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "identifier_invalid");
    }

    [Theory, BothDatabases]
    public async Task Creates_shows_changes_and_deletes_an_api(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/apis", new
        {
            identifier = Orders, name = "Orders", access_token_seconds = 120, signing_algorithm = "RS256",
            scopes = new[] { new { name = "orders:read", description = "See your orders" }, new { name = "orders:write", description = "" } },
        });
        var api = await created.ReadJsonAsync(HttpStatusCode.Created);
        api.Id().ShouldStartWith("api_");
        created.Headers.Location!.ToString().ShouldBe($"{tenant.Url}/api/v1/apis/{api.Id()}");

        using var changed = await admin.PatchAsJsonAsync($"api/v1/apis/{api.Id()}", new { name = "Shop", access_token_seconds = (int?)null, scopes = new[] { new { name = "orders:read", description = "Look" } } });
        var after = await changed.ReadJsonAsync(HttpStatusCode.OK);
        (after.Text("name"), after.Text("identifier"), after.Text("signing_algorithm")).ShouldBe(("Shop", Orders, "RS256"));
        after.GetProperty("access_token_seconds").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        after.GetProperty("scopes").EnumerateArray().Select(s => (s.Text("name"), s.Text("description"))).ShouldBe([("orders:read", "Look")]);

        using var found = await admin.GetAsync($"api/v1/apis/{api.Id()}");
        (await found.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("version").GetInt64().ShouldBe(2);
        (await admin.DeleteAsync($"api/v1/apis/{api.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.GetAsync($"api/v1/apis/{api.Id()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_not_found");
    }

    [Theory, BothDatabases]
    public async Task A_scope_that_goes_is_taken_from_every_client_and_not_given_back_when_another_api_takes_the_name(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var http = server.Client(tenant);
        var api = await admin.CreateApiAsync(Orders, "orders:read", "orders:write");
        var created = await admin.CreateClientAsync(new { grant_types = new[] { "client_credentials" }, scopes = new[] { "orders:read", "orders:write" } });
        var (id, secret) = (created.ClientId(), created.GetProperty("secret").GetString()!);
        (await http.AskForTokenAsync(id, secret, "orders:write")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await admin.PatchAsJsonAsync($"api/v1/apis/{api.Id()}", new { scopes = new[] { new { name = "orders:read" } } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var afterPatch = await admin.GetAsync($"api/v1/clients/{id}");
        (await afterPatch.ReadJsonAsync(HttpStatusCode.OK)).Texts("scopes").ShouldBe(["orders:read"]);
        afterPatch.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        await (await http.AskForTokenAsync(id, secret, "orders:write")).ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");

        (await admin.DeleteAsync($"api/v1/apis/{api.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await admin.CreateApiAsync("https://other.example.com", "orders:read");
        using var afterDelete = await admin.GetAsync($"api/v1/clients/{id}");
        (await afterDelete.ReadJsonAsync(HttpStatusCode.OK)).Texts("scopes").ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Identifiers_and_scopes_are_unique_in_a_tenant_and_not_beyond(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var one = await server.AdminAsync(await server.NewTenantAsync());
        using var two = await server.AdminAsync(await server.NewTenantAsync());
        await one.CreateApiAsync(Orders, "orders:read");
        await two.CreateApiAsync(Orders, "orders:read");
        await (await one.PostAsJsonAsync("api/v1/apis", new { identifier = Orders, name = "Again" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "identifier_taken");
        await (await one.PostAsJsonAsync("api/v1/apis", new { identifier = Orders + "/2", name = "Two", scopes = new[] { new { name = "orders:read" } } }))
            .ShouldBeProblemAsync(HttpStatusCode.Conflict, "scope_taken");
        using var list = await one.GetAsync("api/v1/apis");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Theory, BothDatabases]
    public async Task The_management_api_is_there_from_the_start_and_fixed(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var list = await admin.GetAsync("api/v1/apis?limit=1");
        var system = (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0];
        (system.Text("identifier"), system.GetProperty("system").GetBoolean()).ShouldBe(($"{tenant.Url}/api/v1", true));
        system.GetProperty("scopes").EnumerateArray().Select(s => s.Text("name")).ShouldBe(Gatehouse.Http.Scopes.All);
        await (await admin.PatchAsJsonAsync($"api/v1/apis/{system.Id()}", new { name = "Mine" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_system");
        await (await admin.DeleteAsync($"api/v1/apis/{system.Id()}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "api_system");
    }

    public static TheoryData<string, object> Spoiled => new()
    {
        { "name_invalid", new { identifier = Orders, name = " " } },
        { "identifier_invalid", new { identifier = "orders", name = "Orders" } },
        { "identifier_invalid", new { identifier = "/orders", name = "Orders" } },
        { "identifier_invalid", new { identifier = Orders + "#f", name = "Orders" } },
        { "identifier_invalid", new { name = "Orders" } },
        { "scope_invalid", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "two words" } } } },
        { "scope_invalid", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "quo\"te" } } } },
        { "scope_invalid", new { identifier = Orders, name = "Orders", scopes = new[] { new { description = "no name" } } } },
        { "scope_reserved", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "openid" } } } },
        { "scope_reserved", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "users:read" } } } },
        { "scope_repeated", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "a" }, new { name = "a" } } } },
        { "scope_description_invalid", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "a", description = new string('x', 201) } } } },
        { "scopes_too_many", new { identifier = Orders, name = "Orders", scopes = Enumerable.Range(0, 101).Select(i => new { name = $"s{i}" }).ToArray() } },
        { "access_token_seconds_invalid", new { identifier = Orders, name = "Orders", access_token_seconds = 9 } },
        { "algorithm_invalid", new { identifier = Orders, name = "Orders", signing_algorithm = "HS256" } },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Refuses_what_no_api_may_be(string code, object body)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        await (await admin.PostAsJsonAsync("api/v1/apis", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_the_scope_and_the_right_tenant_everywhere(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(one);
        using var other = await server.AdminAsync(two);
        var id = (await admin.CreateApiAsync(Orders)).Id();
        foreach (var (method, path, body) in ((string, string, object?)[])
            [("GET", "api/v1/apis", null), ("POST", "api/v1/apis", new { identifier = "https://b.example", name = "B" }), ("GET", $"api/v1/apis/{id}", null),
             ("PATCH", $"api/v1/apis/{id}", new { name = "x" }), ("DELETE", $"api/v1/apis/{id}", null)])
        {
            await server.ShouldNeedAsync(one, method, path, "audit:read", body);
            if (!path.Contains(id, StringComparison.Ordinal)) continue;
            using var hidden = await other.SendAsync(People.Request(method, path, body));
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_not_found");
        }
    }
}
