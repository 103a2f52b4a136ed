using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Users;

public sealed class CreateUserTests
{
    [Theory, BothDatabases]
    public async Task Creates_a_user_and_shows_her_at_her_location(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new
        {
            emails = new[] { "Ann@Example.com", "second@example.com" }, email_verified = true, display_name = " Ann Example ", given_name = "Ann", family_name = "Example",
            locale = "fa", attributes = new { plan = "pro", deep = new { n = 1.5, list = new object?[] { 1, null, "ö" } } },
        });
        var user = await created.ReadJsonAsync(HttpStatusCode.Created);
        user.Id().ShouldStartWith("usr_");
        (user.Text("status"), user.Text("display_name"), user.Text("locale")).ShouldBe(("active", "Ann Example", "fa"));
        var emails = user.GetProperty("emails");
        emails.GetArrayLength().ShouldBe(2);
        (emails[0].Text("address"), emails[0].GetProperty("primary").GetBoolean(), emails[0].GetProperty("verified").GetBoolean()).ShouldBe(("Ann@example.com", true, true));
        emails[1].GetProperty("primary").GetBoolean().ShouldBeFalse();
        user.GetProperty("attributes").GetProperty("deep").GetProperty("list")[2].GetString().ShouldBe("ö");
        created.Headers.ETag!.Tag.ShouldBe("\"v1\"");

        created.Headers.Location!.ToString().ShouldBe($"{tenant.Url}/api/v1/users/{user.Id()}");
        using var found = await admin.GetAsync($"api/v1/users/{user.Id()}");
        (await found.ReadJsonAsync(HttpStatusCode.OK)).Id().ShouldBe(user.Id());
    }

    [Theory, BothDatabases]
    public async Task Lets_two_tenants_use_the_same_address_and_one_tenant_not(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        foreach (var tenant in new[] { await server.NewTenantAsync(), await server.NewTenantAsync() })
        {
            using var admin = await server.AdminAsync(tenant);
            await admin.CreateUserAsync("ann@example.com");
            foreach (var same in new[] { "ANN@example.com", "ａｎｎ@EXAMPLE.com", " ann@example.com" })
            {
                using var again = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "new@example.com", same } });
                await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "email_taken");
            }
            await admin.CreateUserAsync("new@example.com");      // nothing of the refused ones stayed
        }
    }

    [Theory, BothDatabases]
    public async Task Of_32_creations_with_one_address_one_succeeds(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "ann@example.com" } })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(31);
    }

    [Theory, BothDatabases]
    public async Task Repeats_its_answer_for_the_same_idempotency_key(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        async Task<string> CreateAsync()
        {
            using var request = People.Request("POST", "api/v1/users", new { emails = new[] { "ann@example.com" } });
            request.Headers.Add("Idempotency-Key", "key-1");
            using var response = await admin.SendAsync(request);
            return (await response.ReadJsonAsync(HttpStatusCode.Created)).Id();
        }
        (await CreateAsync()).ShouldBe(await CreateAsync());
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_is_invalid_by_name(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        async Task RefusesAsync(string body, string code, HttpStatusCode status = HttpStatusCode.UnprocessableEntity)
        {
            using var response = await admin.PostAsync("api/v1/users", new StringContent(body, Encoding.UTF8, "application/json"));
            (await response.Content.ReadAsStringAsync()).ShouldContain(code, Case.Sensitive, body);
            await response.ShouldBeProblemAsync(status, code);
        }
        await RefusesAsync("""{}""", "emails_invalid");
        await RefusesAsync("""{"emails":[]}""", "emails_invalid");
        await RefusesAsync("""{"emails":["a@example.com","A@example.com"]}""", "emails_invalid");
        await RefusesAsync(JsonSerializer.Serialize(new { emails = Enumerable.Range(0, 11).Select(i => $"a{i}@example.com") }), "emails_invalid");
        await RefusesAsync("""{"emails":["nonsense"]}""", "email_invalid");
        await RefusesAsync("""{"emails":[null]}""", "email_invalid");
        await RefusesAsync("""{"emails":["a\u0007@example.com"]}""", "email_invalid");
        await RefusesAsync("""{"emails":["a\u0000@example.com"]}""", "body_invalid", HttpStatusCode.BadRequest);
        await RefusesAsync("""{"emails":["a@example.com"],"display_name":"\u202Eevil"}""", "name_invalid");
        await RefusesAsync("""{"emails":["a@example.com"],"given_name":"a\u0007b"}""", "name_invalid");
        await RefusesAsync(JsonSerializer.Serialize(new { emails = new[] { "a@example.com" }, family_name = new string('x', 201) }), "name_invalid");
        await RefusesAsync("""{"emails":["a@example.com"],"locale":"not a locale"}""", "locale_invalid");
        foreach (var attributes in new[] { "[]", "1", "\"x\"", """{"a":"\u0000"}""", """{"\u0000":1}""", """{"a":"\ud800"}""", """{"a":1e400}""", """{"a":1e-400}""",
            """{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}""", $$"""{"a":"{{new string('x', 16 * 1024)}}"}""" })
            await RefusesAsync($$"""{"emails":["a@example.com"],"attributes":{{attributes}}}""", "attributes_invalid");
        await RefusesAsync("""{"emails":["a@example.com"],"password":"short"}""", "password_too_short");
        await RefusesAsync("""{"emails":["a@example.com"],"password":"passwordpassword"}""", "password_common");
        await RefusesAsync("""{"emails":["a@example.com"],"unknown":1}""", "body_invalid", HttpStatusCode.BadRequest);
        await RefusesAsync("""{"emails":["a@example.com"],"emails":["b@example.com"]}""", "body_invalid", HttpStatusCode.BadRequest);
        await RefusesAsync("""{"emails":"a@example.com"}""", "body_invalid", HttpStatusCode.BadRequest);
        await RefusesAsync("""{"emails":["\ud800@example.com"]}""", "body_invalid", HttpStatusCode.BadRequest);
        await RefusesAsync("""not json""", "body_invalid", HttpStatusCode.BadRequest);
        using var list = await admin.GetAsync("api/v1/users");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_with_its_scope(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        await server.ShouldNeedAsync(await server.NewTenantAsync(), "POST", "api/v1/users", "users:read", new { emails = new[] { "a@example.com" } });
    }
}
