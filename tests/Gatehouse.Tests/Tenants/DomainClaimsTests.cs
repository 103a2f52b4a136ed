using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Tenants;

/// <summary>A tenant below the root gets only addresses that its slug makes its own.</summary>
public sealed class DomainClaimsTests
{
    private const string Base = "id.example.com";

    [Theory, BothDatabases]
    public async Task Refuses_addresses_on_other_tenants_hosts(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Hosting:BaseDomain"] = Base } });
        var (child, victim) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var root = await server.AdminAsync();
        (await root.PostAsJsonAsync($"api/v1/tenants/{victim.Id}/domains", new { base_url = "https://login.victim.example" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var own = await ChildAdministratorAsync(server, child);

        var slug = ManageTenantsTests.NewSlug(server);
        foreach (var issuer in new[] { $"https://login.victim.example/t/{slug}", "https://unclaimed.example", $"https://{victim.Slug}.{Base}", $"https://{Base}", $"https://a.{slug}.{Base}" })
        {
            using var refused = await own.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "Trap", issuer });
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "domain_not_allowed");
        }
        foreach (var base_url in new[] { "https://unclaimed.example", $"https://{victim.Slug}.{Base}", $"https://{slug}.{Base}" })
        {
            using var refused = await own.PostAsJsonAsync($"api/v1/tenants/{child.Id}/domains", new { base_url });
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "domain_not_allowed");
        }

        // What its slug makes its own, it may have; a refused one left nothing behind.
        (await own.PostAsJsonAsync($"api/v1/tenants/{child.Id}/domains", new { base_url = $"https://{child.Slug}.{Base}" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var below = await own.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "Child", issuer = $"{server.Url}/t/{slug}" });
        await below.ReadJsonAsync(HttpStatusCode.Created);

        // The root's administrators give any host, but neither a path on another host nor another tenant's subdomain.
        var (given, other) = (ManageTenantsTests.NewSlug(server), ManageTenantsTests.NewSlug(server));
        (await root.PostAsJsonAsync("api/v1/tenants", new { slug = given, display_name = "Given", issuer = "https://given.example" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        foreach (var issuer in new[] { $"https://login.victim.example/t/{other}", $"https://{victim.Slug}.{Base}" })
        {
            using var refused = await root.PostAsJsonAsync("api/v1/tenants", new { slug = other, display_name = "Other", issuer });
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "domain_not_allowed");
        }
    }

    /// <summary>The management API as somebody whose home is the child tenant.</summary>
    private static async Task<HttpClient> ChildAdministratorAsync(TestServer server, TestTenant child)
    {
        using var admin = await server.AdminAsync(child);
        using var made = await admin.PostAsJsonAsync("api/v1/clients", new
        {
            name = "Automation", type = "confidential", grant_types = new[] { "client_credentials" }, administrator = true, scopes = new[] { Scopes.TenantsWrite },
        });
        var body = await made.ReadJsonAsync(HttpStatusCode.Created);
        var client = server.Client(child);
        using var answer = await client.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = body.GetProperty("client").GetProperty("id").GetString()!,
            ["client_secret"] = body.GetProperty("secret").GetString()!,
            ["scope"] = Scopes.TenantsWrite,
        }));
        var token = (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("access_token").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
