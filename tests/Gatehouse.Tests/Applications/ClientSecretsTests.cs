using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Applications;

public sealed class ClientSecretsTests
{
    private static readonly object machine = new { name = "Job", grant_types = new[] { "client_credentials" }, scopes = new[] { "orders:read" } };

    [Theory, BothDatabases]
    public async Task Two_secrets_work_side_by_side_and_a_removed_one_no_longer(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var http = server.Client(tenant);
        await admin.CreateApiAsync("https://orders.example.com", "orders:read");
        var created = await admin.CreateClientAsync(machine);
        var (id, first) = (created.ClientId(), created.GetProperty("secret").GetString()!);
        (await http.AskForTokenAsync(id, first, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var added = await admin.PostAsJsonAsync($"api/v1/clients/{id}/secrets", new { });
        var second = (await added.ReadJsonAsync(HttpStatusCode.Created)).Text("secret")!;
        (await http.AskForTokenAsync(id, first, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.AskForTokenAsync(id, second, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await admin.PostAsJsonAsync($"api/v1/clients/{id}/secrets", new { })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "secret_limit_reached");

        var oldest = created.GetProperty("client").GetProperty("secrets")[0].Id();
        (await admin.DeleteAsync($"api/v1/clients/{id}/secrets/{oldest}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await http.AskForTokenAsync(id, first, "orders:read")).ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        (await http.AskForTokenAsync(id, second, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await admin.DeleteAsync($"api/v1/clients/{id}/secrets/{oldest}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "secret_not_found");
    }

    [Theory, BothDatabases]
    public async Task Of_many_who_add_a_secret_at_once_one_gets_the_last_place(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var id = (await admin.CreateClientAsync()).ClientId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => admin.PostAsJsonAsync($"api/v1/clients/{id}/secrets", new { })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) await late.ShouldBeProblemAsync(HttpStatusCode.Conflict, "secret_limit_reached");
    }

    [Theory, BothDatabases]
    public async Task A_secret_dies_at_its_time_without_anybody_touching_the_client(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var admin = await server.AdminAsync();
        using var http = server.Client();
        await admin.CreateApiAsync("https://orders.example.com", "orders:read");
        var created = await admin.CreateClientAsync(machine);
        var id = created.ClientId();
        using var added = await admin.PostAsJsonAsync($"api/v1/clients/{id}/secrets", new { expires_at = server.Clock.GetUtcNow().AddMinutes(5) });
        var passing = (await added.ReadJsonAsync(HttpStatusCode.Created)).Text("secret")!;
        (await http.AskForTokenAsync(id, passing, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await (await http.AskForTokenAsync(id, passing, "orders:read")).ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        (await http.AskForTokenAsync(id, created.GetProperty("secret").GetString()!, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Its place is free again, and a time that has passed is refused.
        await (await admin.PostAsJsonAsync($"api/v1/clients/{id}/secrets", new { expires_at = server.Clock.GetUtcNow() })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "expires_at_invalid");
        (await admin.PostAsJsonAsync($"api/v1/clients/{id}/secrets", new { })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task A_disabled_client_gets_no_token_and_a_public_one_no_secret(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var http = server.Client(tenant);
        await admin.CreateApiAsync("https://orders.example.com", "orders:read");
        var created = await admin.CreateClientAsync(machine);
        var (id, secret) = (created.ClientId(), created.GetProperty("secret").GetString()!);
        (await http.AskForTokenAsync(id, secret, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PatchAsJsonAsync($"api/v1/clients/{id}", new { enabled = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await http.AskForTokenAsync(id, secret, "orders:read")).ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        (await admin.PatchAsJsonAsync($"api/v1/clients/{id}", new { enabled = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.AskForTokenAsync(id, secret, "orders:read")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var app = await admin.CreateClientAsync(new { type = "public" });
        await (await admin.PostAsJsonAsync($"api/v1/clients/{app.ClientId()}/secrets", new { })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "client_public");
    }
}
