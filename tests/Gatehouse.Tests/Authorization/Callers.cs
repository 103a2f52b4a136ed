using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization;

/// <summary>A tenant with people in it who call the management API themselves, each with a token that carries all scopes: only roles tell them apart.</summary>
internal sealed class RoleWorld : IDisposable
{
    private RoleWorld(TestServer server, TestTenant tenant, TenantContext context, HttpClient admin, string app) =>
        (Server, Tenant, Context, Admin, App) = (server, tenant, context, admin, app);

    internal TestServer Server { get; }
    internal TestTenant Tenant { get; }
    internal TenantContext Context { get; }
    internal HttpClient Admin { get; }
    internal string App { get; }

    internal static async Task<RoleWorld> OpenAsync(TestDatabase database) => await OpenAsync(await Servers.SharedAsync(database));

    internal static async Task<RoleWorld> OpenAsync(TestServer server)
    {
        var tenant = await server.NewTenantAsync();
        var admin = await server.AdminAsync(tenant);
        return new(server, tenant, await server.ContextAsync(tenant), admin, (await admin.CreateClientAsync(new { scopes = Scopes.All })).ClientId());
    }

    internal async Task<string> UserAsync(string name) => (await Admin.CreateUserAsync($"{name}@example.com")).Id();

    /// <summary>The API as this user calls it, a moment after she proved who she is.</summary>
    internal Task<HttpClient> AsAsync(string user, params string[] scopes) => AsAsync(user, TimeSpan.FromSeconds(5), scopes);

    /// <summary>The same an hour after she proved it.</summary>
    internal Task<HttpClient> StaleAsync(string user) => AsAsync(user, TimeSpan.FromHours(1));

    /// <param name="ago">When she proved who she is.</param>
    internal async Task<HttpClient> AsAsync(string user, TimeSpan ago, params string[] scopes)
    {
        var claims = await Server.ClaimsAsync();
        (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) = (Tenant.Url, Tenant.Url + "/api/v1", user, App);
        claims["auth_time"] = (Server.Clock.GetUtcNow() - ago).ToUnixTimeSeconds();
        claims["amr"] = new JsonArray("pwd");
        if (scopes.Length > 0) claims["scope"] = string.Join(' ', scopes);
        var http = Server.Client(Tenant);
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await Server.SignAsync(claims, tenant: Context));
        return http;
    }

    /// <summary>Registers an API with these permissions.</summary>
    internal async Task<string> ApiAsync(string name, params string[] permissions)
    {
        using var made = await Admin.PostAsJsonAsync("api/v1/apis", new { identifier = $"https://{name}.example.com", name });
        var id = (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
        using var put = await Admin.PutAsJsonAsync($"api/v1/apis/{id}/permissions", new { permissions = permissions.Select(p => new { name = p, description = "" }) });
        await put.ReadJsonAsync(HttpStatusCode.OK);
        return id;
    }

    internal async Task<JsonElement> RoleAsync(string key, string[] permissions, params string[] includes)
    {
        using var made = await Admin.PostAsJsonAsync("api/v1/roles", new { key, permissions, includes });
        return await made.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal async Task<JsonElement> GiveAsync(string holder, string role, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        (body["holder"], body["role"]) = (holder, role);
        using var given = await Admin.PostAsJsonAsync("api/v1/role-assignments", body);
        return await given.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal async Task<string> OrganizationAsync(string slug, string? owner = null)
    {
        using var made = await Admin.PostAsJsonAsync("api/v1/organizations", new { slug, display_name = slug, owner });
        return (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    internal async Task JoinAsync(string organization, params string[] users)
    {
        foreach (var user in users)
        {
            using var joined = await Admin.PostAsJsonAsync($"api/v1/organizations/{organization}/members", new { user });
            await joined.ReadJsonAsync(HttpStatusCode.Created);
        }
    }

    internal async Task<bool> MayAsync(string subject, string permission, object? place = null)
    {
        var body = JsonSerializer.SerializeToNode(place ?? new { })!.AsObject();
        (body["subject"], body["permission"]) = (subject, permission);
        using var answer = await Admin.PostAsJsonAsync("api/v1/permissions/check", body);
        return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("allowed").GetBoolean();
    }

    public void Dispose() => Admin.Dispose();
}
