using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Users;

/// <summary>What the tests of people share: users made through the management API, and what every endpoint of theirs must refuse.</summary>
internal static class People
{
    internal const string Password = "plum violin gravel orbit";

    internal static async Task<JsonElement> CreateUserAsync(this HttpClient admin, string email, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["emails"] ??= JsonSerializer.SerializeToNode(new[] { email });
        using var created = await admin.PostAsJsonAsync("api/v1/users", body);
        return await created.ReadJsonAsync(HttpStatusCode.Created);
    }

    /// <summary>The management API narrowed to a tenant, with a token that carries these scopes only.</summary>
    internal static async Task<HttpClient> WithScopesAsync(this TestServer server, TestTenant tenant, params string[] scopes)
    {
        var client = server.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync(scopes));
        client.DefaultRequestHeaders.Add("X-Tenant", tenant.Id);
        return client;
    }

    internal static string Id(this JsonElement resource) => resource.GetProperty("id").GetString()!;
    internal static string? Text(this JsonElement resource, string member) => resource.GetProperty(member).GetString();

    /// <summary>The tenant as handlers see it, for what is asked of rooms directly.</summary>
    internal static async Task<TenantContext> ContextAsync(this TestServer server, TestTenant tenant)
    {
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        return (await server.Services.GetRequiredService<TenantDirectory>().FindAsync(id, CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>Does something to a tenant's data in one committed transaction.</summary>
    internal static async Task<T> InAsync<T>(this TestServer server, TenantContext tenant, Func<TenantTransaction, ValueTask<T>> work)
    {
        await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(tenant.Id, CancellationToken.None);
        var result = await work(tx);
        await tx.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <summary>A request of a browser with these cookies, for what is asked of rooms directly.</summary>
    internal static DefaultHttpContext Browser(params (string Name, string Value)[] cookies)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        http.Request.Headers.UserAgent = "Test browser";
        if (cookies.Length > 0) http.Request.Headers.Cookie = string.Join("; ", cookies.Select(c => $"{c.Name}={c.Value}"));
        return http;
    }

    internal static HttpRequestMessage Request(string method, string path, object? body = null) =>
        new(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };

    /// <summary>401 without a token; 403 with one that lacks the scope.</summary>
    internal static async Task ShouldNeedAsync(this TestServer server, TestTenant tenant, string method, string path, string scopeThatIsNotEnough, object? body = null)
    {
        using var anonymous = server.Client(tenant);
        using var first = await anonymous.SendAsync(Request(method, path, body));
        first.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var client = await server.WithScopesAsync(tenant, scopeThatIsNotEnough);
        using var second = await client.SendAsync(Request(method, path, body));
        second.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
