using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;

namespace Gatehouse.Tests.OAuth;

/// <summary>A tenant with a client that proves itself by signing, and one valid assertion of which tests spoil one thing.</summary>
internal sealed class AssertionWorld(TestServer server, TestTenant tenant, HttpClient admin) : IDisposable
{
    internal const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    internal TestServer Server => server;
    internal TestTenant Tenant => tenant;
    internal HttpClient Admin => admin;
    internal HttpClient Http { get; } = server.Client(tenant);
    internal SigningKey Key { get; } = SigningKey.Generate(JwsAlgorithm.ES256);
    internal string ClientId { get; private set; } = "";

    internal static async Task<AssertionWorld> OpenAsync(TestServer server, object? settings = null, bool client = true)
    {
        var tenant = await server.NewTenantAsync(settings);
        var world = new AssertionWorld(server, tenant, await server.AdminAsync(tenant));
        await world.Admin.CreateApiAsync("https://orders.example.com", "orders:read");
        if (client) world.ClientId = (await world.Admin.CreateClientAsync(Machine(new { jwks = Jwks(world.Key) }))).ClientId();
        return world;
    }

    internal static JsonObject Machine(object changes)
    {
        var body = JsonSerializer.SerializeToNode(new { name = "Job", grant_types = new[] { "client_credentials" }, scopes = new[] { "orders:read" }, token_endpoint_auth_method = "private_key_jwt" })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(changes)!.AsObject()) body[name] = value?.DeepClone();
        return body;
    }

    internal static JsonNode Jwks(params SigningKey[] keys) => JsonNode.Parse(new JsonWebKeySet([.. keys.Select(k => k.PublicKey)]).ToUtf8Json())!;

    internal JsonObject Claims(string? client = null)
    {
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        return new() { ["iss"] = client ?? ClientId, ["sub"] = client ?? ClientId, ["aud"] = tenant.Url, ["jti"] = Guid.NewGuid().ToString(), ["iat"] = now, ["exp"] = now + 60 };
    }

    internal string Sign(JsonObject claims, SigningKey? key = null, string? typ = "JWT") =>
        Jws.Sign(key ?? Key, typ, (key ?? Key).PublicKey.KeyId, Encoding.UTF8.GetBytes(claims.ToJsonString()));

    /// <summary>A valid assertion but for what is changed; null takes a claim away.</summary>
    internal string Assertion(Action<JsonObject>? change = null, SigningKey? key = null)
    {
        var claims = Claims();
        change?.Invoke(claims);
        return Sign(claims, key);
    }

    internal Task<HttpResponseMessage> AskAsync(string assertion, params (string Name, string Value)[] more) => PostAsync("oauth2/token", assertion, [("grant_type", "client_credentials"), ("scope", "orders:read"), .. more]);

    internal async Task<HttpResponseMessage> PostAsync(string path, string assertion, params (string Name, string Value)[] more) =>
        await Http.PostAsync(path, new FormUrlEncodedContent([.. more.Select(m => KeyValuePair.Create(m.Name, m.Value)), KeyValuePair.Create("client_assertion_type", Type), KeyValuePair.Create("client_assertion", assertion)]));

    internal async Task RefusedAsync(string assertion, string why)
    {
        using var answer = await AskAsync(assertion);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, why);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
    }

    public void Dispose()
    {
        admin.Dispose();
        Http.Dispose();
        Key.Dispose();
    }
}
