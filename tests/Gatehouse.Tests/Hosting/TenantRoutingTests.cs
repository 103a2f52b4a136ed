using System.Net;
using System.Net.Http.Json;
using Gatehouse.Hosting;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Hosting;

public sealed class TenantRoutingTests
{
    [Theory]
    [InlineData("/.well-known/openid-configuration/t/acme", "/t/acme/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-protected-resource/t/acme/api/v1", "/t/acme/.well-known/oauth-protected-resource/api/v1")]
    [InlineData("/.well-known/openid-configuration", null)]
    [InlineData("/.well-known/openid-configuration/x", null)]
    [InlineData("/t/acme/.well-known/openid-configuration", null)]
    [InlineData("/well-known/x/t/acme", null)]
    public void Moves_the_tenant_before_the_well_known_part(string path, string? moved) => WellKnownPath.TryMoveTenantFirst(path).ShouldBe(moved);

    [Theory, BothDatabases]
    public async Task Answers_all_well_known_layouts_with_the_tenants_own_issuer(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var client = server.Client();
        foreach (var path in new[]
        {
            $"t/{tenant.Slug}/.well-known/openid-configuration", $".well-known/openid-configuration/t/{tenant.Slug}",
            $".well-known/oauth-authorization-server/t/{tenant.Slug}",
        })
        {
            using var answer = await client.GetAsync(path);
            (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("issuer").GetString().ShouldBe(tenant.Url);
        }
    }

    [Theory, BothDatabases]
    public async Task Knows_no_tenant_but_those_that_were_registered(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var client = server.Client();
        (await StatusAsync(client, "t/nobody/.well-known/openid-configuration", null)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client, ".well-known/openid-configuration", "evil.example")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client, "t/main/.well-known/openid-configuration", null)).ShouldBe(HttpStatusCode.NotFound, "main is reached by its host, not by a path nobody gave it");
        var tenant = await server.NewTenantAsync();
        (await StatusAsync(client, $"t/{tenant.Slug}/.well-known/openid-configuration", "evil.example")).ShouldBe(HttpStatusCode.NotFound, "a path below an unknown host names nobody");
        (await StatusAsync(client, $"t/{tenant.Slug}x/signin", null)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client, $"T/{tenant.Slug}/signin", null)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, BothDatabases]
    public async Task Reaches_a_tenant_below_the_base_domain_and_leads_people_to_its_issuer(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Hosting:BaseDomain"] = "id.example.com" } });
        var tenant = await server.NewTenantAsync();
        using var client = server.Client();
        using var program = Get(".well-known/openid-configuration", $"{tenant.Slug}.ID.example.com");
        using var metadata = await client.SendAsync(program);
        (await metadata.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("issuer").GetString().ShouldBe(tenant.Url);

        using var person = Get("signin?lang=fa", $"{tenant.Slug}.id.example.com");
        person.Headers.Accept.ParseAdd("text/html");
        using var led = await client.SendAsync(person);
        led.StatusCode.ShouldBe(HttpStatusCode.Found);
        led.Headers.Location!.OriginalString.ShouldBe($"{tenant.Url}/signin?lang=fa");
        (await StatusAsync(client, "signin", $"a.{tenant.Slug}.id.example.com")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client, "signin", "id.example.com")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Shows_a_page_to_people_where_there_is_nothing()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var browser = server.Browser();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html,*/*;q=0.8");
        using var nothing = await browser.GetAsync("nowhere");
        nothing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nothing.Content.ReadAsStringAsync()).ShouldContain("There is nothing here");
        using var request = Get("signin", "evil.example");
        using var unknown = await browser.SendAsync(request);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unknown.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    private static HttpRequestMessage Get(string path, string? host) => new(HttpMethod.Get, path) { Headers = { Host = host } };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, string? host)
    {
        using var request = Get(path, host);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
