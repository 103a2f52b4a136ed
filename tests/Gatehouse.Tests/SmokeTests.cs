using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests;

/// <summary>The thinnest path through everything: set up, get a token, make a tenant and a person in it.</summary>
public sealed class SmokeTests
{
    [Theory, BothDatabases]
    public async Task Makes_a_tenant_and_a_user_in_it(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync(new { registration = new { open = true } });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "ann@example.com" } });
        var user = await created.ReadJsonAsync(HttpStatusCode.Created);
        user.GetProperty("id").GetString().ShouldStartWith("usr_");
    }

    [Theory, BothDatabases]
    public async Task Publishes_its_metadata_and_keys(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var client = server.Client(tenant);
        using var metadata = await client.GetAsync(".well-known/openid-configuration");
        (await metadata.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("issuer").GetString().ShouldBe(tenant.Url);
        using var keys = await client.GetAsync("oauth2/jwks");
        (await keys.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("keys").GetArrayLength().ShouldBeGreaterThanOrEqualTo(2);
    }
}
