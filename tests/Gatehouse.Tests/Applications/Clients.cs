using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Applications;

/// <summary>Clients and APIs made through the management API.</summary>
internal static class Clients
{
    /// <summary>One complete, valid request; tests spoil one member of it.</summary>
    internal static JsonObject Valid(object? changes = null)
    {
        var body = JsonSerializer.SerializeToNode(new
        {
            name = "Shop", type = "confidential", redirect_uris = new[] { "https://shop.example.com/callback" },
            post_logout_redirect_uris = new[] { "https://shop.example.com/" }, scopes = new[] { "openid", "email" },
        })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(changes ?? new { })!.AsObject()) body[name] = value?.DeepClone();
        return body;
    }

    /// <returns>The answer: <c>client</c> and <c>secret</c>.</returns>
    internal static async Task<JsonElement> CreateClientAsync(this HttpClient admin, object? changes = null)
    {
        using var created = await admin.PostAsJsonAsync("api/v1/clients", Valid(changes));
        return await created.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal static async Task<JsonElement> CreateApiAsync(this HttpClient admin, string identifier, params string[] scopes)
    {
        using var created = await admin.PostAsJsonAsync("api/v1/apis", new { identifier, name = "Orders", scopes = scopes.Select(s => new { name = s, description = "" }) });
        return await created.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal static string ClientId(this JsonElement created) => created.GetProperty("client").GetProperty("id").GetString()!;

    internal static string[] Texts(this JsonElement resource, string member) => [.. resource.GetProperty(member).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>Whether the token endpoint takes this secret: the directory's memory as the door sees it.</summary>
    internal static async Task<HttpResponseMessage> AskForTokenAsync(this HttpClient http, string clientId, string secret, string? scope = null)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = secret };
        if (scope is not null) form["scope"] = scope;
        return await http.PostAsync("oauth2/token", new FormUrlEncodedContent(form));
    }
}
