using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Peers;

/// <summary>A tenant with a person in it, an API and whatever clients a peer needs.</summary>
public sealed class PeerWorld
{
    public const string PersonName = "Ada Lovelace", Password = "correct horse battery staple";

    private readonly HttpClient admin;

    private PeerWorld(TestTenant tenant, HttpClient admin) => (Tenant, this.admin) = (tenant, admin);

    public TestTenant Tenant { get; }
    public string Email { get; } = "ada@example.com";
    public Uri Url(string path) => new(Tenant.Url + path);

    /// <summary>The API and its scope, as peers are told of it.</summary>
    public object Api { get; } = new { identifier = "https://orders.example/api", scope = "orders.read" };

    public object Person => new { email = Email, password = Password, name = PersonName };

    public static async Task<PeerWorld> CreateAsync(TestServer server)
    {
        var tenant = await server.NewTenantAsync();
        var world = new PeerWorld(tenant, await server.AdminAsync(tenant));
        await world.PostAsync("users", new { emails = new[] { world.Email }, email_verified = true, display_name = PersonName, password = Password });
        await world.PostAsync("apis", new { identifier = "https://orders.example/api", name = "Orders", scopes = new[] { new { name = "orders.read", description = "Read orders" } } });
        return world;
    }

    /// <summary>Registers a client; returns its id and, for a confidential one, its secret.</summary>
    public async Task<(string Id, string? Secret)> NewClientAsync(object registration)
    {
        var made = await PostAsync("clients", registration);
        return (made.GetProperty("client").GetProperty("id").GetString()!, made.TryGetProperty("secret", out var secret) ? secret.GetString() : null);
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await admin.PostAsJsonAsync($"api/v1/{path}", body);
        return await response.ReadJsonAsync(HttpStatusCode.Created);
    }
}
