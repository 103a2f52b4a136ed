using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Applications;

public sealed class ManageClientsTests
{
    [Theory, BothDatabases]
    public async Task Creates_shows_lists_changes_and_deletes_a_client(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var answer = await admin.PostAsJsonAsync("api/v1/clients", Clients.Valid());
        var created = await answer.ReadJsonAsync(HttpStatusCode.Created);
        var id = created.ClientId();
        id.ShouldStartWith("cli_");
        answer.Headers.Location!.ToString().ShouldBe($"{tenant.Url}/api/v1/clients/{id}");
        answer.Headers.ETag!.Tag.ShouldBe("\"v1\"");
        var secret = created.GetProperty("secret").GetString()!;
        secret.ShouldStartWith("gh_sk_");

        using var found = await admin.GetAsync($"api/v1/clients/{id}");
        var client = await found.ReadJsonAsync(HttpStatusCode.OK);
        (client.Text("name"), client.Text("type"), client.Text("id_token_algorithm")).ShouldBe(("Shop", "confidential", "ES256"));
        client.Texts("grant_types").ShouldBe(["authorization_code", "refresh_token"]);
        client.Texts("scopes").ShouldBe(["email", "openid"]);
        client.GetProperty("first_party").GetBoolean().ShouldBeFalse();
        client.GetProperty("secrets")[0].Text("hint").ShouldBe(secret[^4..]);
        (await found.Content.ReadAsStringAsync()).ShouldNotContain(secret);

        using var changed = await admin.PatchAsJsonAsync($"api/v1/clients/{id}", new { name = "Shop 2", redirect_uris = new[] { "https://shop.example.com/cb2" }, enabled = false });
        client = await changed.ReadJsonAsync(HttpStatusCode.OK);
        changed.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        (client.Text("name"), client.GetProperty("enabled").GetBoolean()).ShouldBe(("Shop 2", false));
        client.Texts("redirect_uris").ShouldBe(["https://shop.example.com/cb2"]);
        client.Texts("post_logout_redirect_uris").ShouldBe(["https://shop.example.com/"]);

        using var deleted = await admin.DeleteAsync($"api/v1/clients/{id}");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.GetAsync($"api/v1/clients/{id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "client_not_found");

        using var audit = await admin.GetAsync($"api/v1/audit?target={id}");
        var actions = (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action"));
        actions.ShouldBe(["client.deleted", "client.updated", "client.created"]);
    }

    [Theory, BothDatabases]
    public async Task A_public_client_has_no_secret_and_may_use_a_scheme_of_its_own(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var created = await admin.CreateClientAsync(new { type = "public", redirect_uris = new[] { "com.example.app:/callback", "http://127.0.0.1/callback" } });
        created.TryGetProperty("secret", out _).ShouldBeFalse();
        created.GetProperty("client").GetProperty("secrets").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Lists_pages_newest_first_and_searches_by_the_beginning_of_the_name(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        foreach (var name in (string[])["Alpha", "alphabet", "Beta", "100%", "100_x"]) await admin.CreateClientAsync(new { name });

        List<string?> seen = [];
        string? cursor = null;
        do
        {
            using var page = await admin.GetAsync($"api/v1/clients?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            var json = await page.ReadJsonAsync(HttpStatusCode.OK);
            seen.AddRange(json.GetProperty("items").EnumerateArray().Select(i => i.Text("name")));
            cursor = json.GetProperty("next").GetString();
        }
        while (cursor is not null);
        seen.ShouldBe(["100_x", "100%", "Beta", "alphabet", "Alpha"]);

        foreach (var (search, names) in (( string, string[])[])[("ALPHA", ["alphabet", "Alpha"]), ("100%25", ["100%"]), ("100_", ["100_x"]), ("nothing", [])])
        {
            using var found = await admin.GetAsync("api/v1/clients?name=" + search);
            (await found.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(i => i.Text("name")).ShouldBe(names, search);
        }
        await (await admin.GetAsync("api/v1/clients?limit=0")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "limit_invalid");
        await (await admin.GetAsync("api/v1/clients?cursor=x")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor_invalid");
    }

    public static TheoryData<string, object> Spoiled => new()
    {
        { "name_invalid", new { name = "" } },
        { "name_invalid", new { name = new string('x', 101) } },
        { "name_invalid", new { name = "line\nbreak" } },
        { "type_invalid", new { type = "secret" } },
        { "redirect_uri_invalid", new { redirect_uris = new[] { "https://shop.example.com/#x" } } },
        { "redirect_uri_invalid", new { redirect_uris = new[] { "com.example.app:/callback" } } },
        { "redirect_uri_invalid", new { post_logout_redirect_uris = new[] { "http://shop.example.com/" } } },
        { "redirect_uris_required", new { redirect_uris = Array.Empty<string>() } },
        { "redirect_uris_too_many", new { redirect_uris = Enumerable.Range(0, 51).Select(i => $"https://shop.example.com/{i}").ToArray() } },
        { "redirect_uri_repeated", new { redirect_uris = new[] { "https://a.example/", "https://a.example/" } } },
        { "grant_types_invalid", new { grant_types = new[] { "password" } } },
        { "grant_types_invalid", new { grant_types = Array.Empty<string>() } },
        { "grant_types_invalid", new { grant_types = new[] { "refresh_token" } } },
        { "grant_type_not_allowed", new { type = "public", grant_types = new[] { "client_credentials" } } },
        { "algorithm_invalid", new { id_token_algorithm = "none" } },
        { "scopes_invalid", new { scopes = new[] { "openid", "openid" } } },
        { "scope_unknown", new { scopes = new[] { "openid", "orders:read" } } },
        { "administrator_needs_client_credentials", new { administrator = true } },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Refuses_what_no_client_may_be(string code, object changes)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var refused = await admin.PostAsJsonAsync("api/v1/clients", Clients.Valid(changes));
        await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        using var list = await admin.GetAsync("api/v1/clients");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("{", "body_invalid", 400)]
    [InlineData("""{"name":"a","name":"b"}""", "body_invalid", 400)]
    [InlineData("""{"nam":"a"}""", "body_invalid", 400)]
    [InlineData("[]", "body_invalid", 400)]
    public async Task Refuses_a_body_that_is_not_what_it_takes(string body, string code, int status)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await (await admin.PostAsync("api/v1/clients", content)).ShouldBeProblemAsync((HttpStatusCode)status, code);
    }

    [Theory]
    [InlineData("""{"nam":"a"}""", "member_unknown", 422)]
    [InlineData("""{"type":"public"}""", "member_unknown", 422)]
    [InlineData("""{"name":7}""", "member_invalid", 422)]
    [InlineData("""{"name":null}""", "member_invalid", 422)]
    [InlineData("""{"redirect_uris":"https://a.example/"}""", "member_invalid", 422)]
    [InlineData("""{"enabled":"yes"}""", "member_invalid", 422)]
    [InlineData("""{"redirect_uris":[]}""", "redirect_uris_required", 422)]
    [InlineData("""{"name":"a","name":"b"}""", "body_invalid", 400)]
    [InlineData("7", "body_invalid", 400)]
    public async Task Refuses_a_patch_that_would_be_half_understood(string patch, string code, int status)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var id = (await admin.CreateClientAsync()).ClientId();
        using var content = new StringContent(patch, Encoding.UTF8, "application/merge-patch+json");
        await (await admin.PatchAsync($"api/v1/clients/{id}", content)).ShouldBeProblemAsync((HttpStatusCode)status, code);
        using var after = await admin.GetAsync($"api/v1/clients/{id}");
        after.Headers.ETag!.Tag.ShouldBe("\"v1\"");
    }

    [Theory, BothDatabases]
    public async Task Honours_If_Match_and_lets_one_of_many_writers_win(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var path = $"api/v1/clients/{(await admin.CreateClientAsync()).ClientId()}";
        async Task<HttpResponseMessage> Rename(string tag, string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(new { name }) };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            return await admin.SendAsync(request);
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Rename("\"v1\"", $"Name {i}")));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.OK)) await late.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await Rename("\"v7\", \"v2\"", "Listed")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Rename("*", "Any")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await Rename("W/\"v4\"", "Weak")).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        using var delete = new HttpRequestMessage(HttpMethod.Delete, path);
        delete.Headers.IfMatch.Add(EntityTagHeaderValue.Parse("\"v1\""));
        await (await admin.SendAsync(delete)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_the_scope_and_the_right_tenant_everywhere(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(one);
        using var other = await server.AdminAsync(two);
        var created = await admin.CreateClientAsync();
        var (id, secret) = (created.ClientId(), created.GetProperty("client").GetProperty("secrets")[0].Id());
        foreach (var (method, path, body) in ((string, string, object?)[])
            [("GET", "api/v1/clients", null), ("POST", "api/v1/clients", Clients.Valid()), ("GET", $"api/v1/clients/{id}", null), ("PATCH", $"api/v1/clients/{id}", new { name = "x" }),
             ("DELETE", $"api/v1/clients/{id}", null), ("POST", $"api/v1/clients/{id}/secrets", new { }), ("DELETE", $"api/v1/clients/{id}/secrets/{secret}", null)])
        {
            await server.ShouldNeedAsync(one, method, path, "audit:read", body);
            if (!path.Contains(id, StringComparison.Ordinal)) continue;
            using var hidden = await other.SendAsync(People.Request(method, path, body));
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "client_not_found");
            using var nonsense = await admin.SendAsync(People.Request(method, path.Replace(id, "cli_nothing", StringComparison.Ordinal), body));
            await nonsense.ShouldBeProblemAsync(HttpStatusCode.NotFound, "client_not_found");
        }
        using var still = await admin.GetAsync($"api/v1/clients/{id}");
        still.Headers.ETag!.Tag.ShouldBe("\"v1\"");
    }

    [Theory, BothDatabases]
    public async Task A_token_cannot_make_or_take_over_an_administrator_that_may_do_more_than_itself(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var robot = new { name = "Robot", grant_types = new[] { "client_credentials" }, scopes = new[] { "users:read", "users:write" }, administrator = true };
        var existing = await admin.CreateClientAsync(robot);

        using var narrow = server.Client();
        narrow.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("clients:write", "clients:read", "users:read"));
        narrow.DefaultRequestHeaders.Add("X-Tenant", tenant.Id);
        foreach (var (method, path, body) in ((string, string, object?)[])
            [("POST", "api/v1/clients", Clients.Valid(robot)), ("POST", $"api/v1/clients/{existing.ClientId()}/secrets", new { }),
             ("PATCH", $"api/v1/clients/{existing.ClientId()}", new { name = "Mine" }), ("DELETE", $"api/v1/clients/{existing.ClientId()}", null)])
            await (await narrow.SendAsync(People.Request(method, path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        var plain = await narrow.CreateClientAsync();
        await (await narrow.PatchAsJsonAsync($"api/v1/clients/{plain.ClientId()}", new { grant_types = new[] { "client_credentials" }, administrator = true, scopes = new[] { "users:write" } }))
            .ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
    }
}
