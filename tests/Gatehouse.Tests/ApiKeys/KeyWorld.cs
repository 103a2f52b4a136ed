using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.ApiKeys;

/// <summary>Making keys and calling with them.</summary>
internal static class KeyWorld
{
    internal sealed record Made(string Id, string Secret, JsonElement Key);

    internal static async Task<HttpResponseMessage> TryMakeAsync(this HttpClient caller, object body, string? organization = null) =>
        await caller.PostAsJsonAsync(organization is null ? "api/v1/api-keys" : $"api/v1/organizations/{organization}/api-keys", body);

    /// <summary>One complete, valid key; <paramref name="changes"/> are what the test is about.</summary>
    internal static async Task<Made> MakeKeyAsync(this HttpClient caller, string owner, string[] scopes, object? changes = null)
    {
        var body = JsonSerializer.SerializeToNode(changes ?? new { })!.AsObject();
        (body["owner"], body["name"], body["scopes"]) = (owner, "Key", new JsonArray([.. scopes.Select(s => (JsonNode)s)]));
        using var made = await caller.TryMakeAsync(body);
        return Read(await made.ReadJsonAsync(HttpStatusCode.Created));
    }

    internal static Made Read(JsonElement answer) => new(answer.GetProperty("key").Id(), answer.Text("secret")!, answer.GetProperty("key"));

    /// <summary>The API as whoever has this key calls it.</summary>
    internal static HttpClient With(this RoleWorld world, string secret, TestTenant? tenant = null, TestServer? server = null)
    {
        var http = (server ?? world.Server).Client(tenant ?? world.Tenant);
        http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return http;
    }

    internal static async Task<HttpStatusCode> StatusAsync(this RoleWorld world, string secret, string path = "users?limit=1")
    {
        using var http = world.With(secret);
        using var answer = await http.GetAsync("api/v1/" + path);
        return answer.StatusCode;
    }

    internal static async Task<JsonElement> VerifyAsync(this HttpClient caller, string key, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["key"] = key;
        using var answer = await caller.PostAsJsonAsync("api/v1/api-keys/verify", body);
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    internal static bool Active(this JsonElement verified) => verified.GetProperty("active").GetBoolean();
}
