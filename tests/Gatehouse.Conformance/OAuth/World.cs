using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth;

/// <summary>A registered application as a test sees it.</summary>
public sealed record TestApp(string Id, string? Secret, string RedirectUri);

/// <summary>
/// One complete, valid world: a tenant, two APIs, an application of each kind and a person. Tests take it and spoil one thing. Shared by all
/// tests that neither move the clock nor change what is in it.
/// </summary>
public sealed class World
{
    public const string Email = "ada@example.com", Password = "a long walk on the beach", Name = "Ada Lovelace";
    public const string Callback = "https://app.example.com/callback", AfterLogout = "https://app.example.com/bye";
    public const string Orders = "https://orders.example.com/", Invoices = "https://invoices.example.com/";
    public static readonly string[] AllScopes = ["openid", "profile", "email", "phone", "offline_access", "orders:read", "orders:write", "invoices:read"];

    private static readonly ConcurrentDictionary<TestDatabase, Lazy<Task<World>>> shared = new();

    private World(TestServer server, TestTenant tenant, HttpClient admin) => (Server, Tenant, Admin, Http) = (server, tenant, admin, server.Client(tenant));

    public TestServer Server { get; }
    public TestTenant Tenant { get; }
    public string Issuer => Tenant.Url;
    public HttpClient Admin { get; }

    /// <summary>Without cookies or redirects.</summary>
    public HttpClient Http { get; }
    public string UserId { get; private set; } = "";

    /// <summary>First-party, confidential, with every scope and code, refresh and client credentials.</summary>
    public TestApp Web { get; private set; } = null!;
    /// <summary>Another one like it.</summary>
    public TestApp Other { get; private set; } = null!;
    /// <summary>Third-party and confidential.</summary>
    public TestApp Partner { get; private set; } = null!;
    /// <summary>First-party and public.</summary>
    public TestApp Spa { get; private set; } = null!;

    public static Task<World> SharedAsync(TestDatabase database) =>
        shared.GetOrAdd(database, d => new(() => Task.Run(async () => await MakeAsync(await Servers.SharedAsync(d))))).Value;

    public static async Task<World> MakeAsync(TestServer server, object? settings = null)
    {
        var tenant = await server.NewTenantAsync(settings);
        var world = new World(server, tenant, await server.AdminAsync(tenant));
        await world.PostAsync("apis", new { identifier = Orders, name = "Orders", scopes = new[] { new { name = "orders:read" }, new { name = "orders:write" } } });
        await world.PostAsync("apis", new { identifier = Invoices, name = "Invoices", signing_algorithm = "RS256", scopes = new[] { new { name = "invoices:read" } } });
        var user = await world.PostAsync("users", new { emails = new[] { Email }, email_verified = true, display_name = Name, given_name = "Ada", family_name = "Lovelace", locale = "en", password = Password });
        world.UserId = user.GetProperty("id").GetString()!;
        world.Web = await world.NewAppAsync(new { name = "Web", grant_types = new[] { "authorization_code", "refresh_token", "client_credentials" } });
        world.Other = await world.NewAppAsync(new { name = "Other" });
        world.Partner = await world.NewAppAsync(new { name = "Partner", first_party = false });
        world.Spa = await world.NewAppAsync(new { name = "Spa", type = "public" });
        return world;
    }

    /// <summary>Registers an application: a first-party web application unless said otherwise.</summary>
    public async Task<TestApp> NewAppAsync(object differences)
    {
        var request = new JsonObject
        {
            ["name"] = "App",
            ["first_party"] = true,
            ["redirect_uris"] = new JsonArray(Callback),
            ["post_logout_redirect_uris"] = new JsonArray(AfterLogout),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["scopes"] = new JsonArray([.. AllScopes.Select(s => (JsonNode)s)]),
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(differences)!.AsObject()) request[name] = value?.DeepClone();
        var made = await PostAsync("clients", request);
        var client = made.GetProperty("client");
        return new(client.GetProperty("id").GetString()!, made.TryGetProperty("secret", out var secret) ? secret.GetString() : null,
            client.GetProperty("redirect_uris") is { } uris && uris.GetArrayLength() > 0 ? uris[0].GetString()! : "");
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await Admin.PostAsJsonAsync($"api/v1/{path}", body);
        return await response.ReadJsonAsync(HttpStatusCode.Created);
    }

    public Visitor NewVisitor() => new(this, Server.Browser(Tenant));

    /// <summary>A browser in which the person has signed in.</summary>
    public async Task<Visitor> SignInAsync()
    {
        var visitor = NewVisitor();
        await visitor.CodeAsync(Web);
        return visitor;
    }

    /// <summary>A token request with the application's own authentication: Basic, or its id alone.</summary>
    public Task<HttpResponseMessage> TokenAsync(TestApp app, params (string Name, string Value)[] parameters) => PostFormAsync("oauth2/token", app, parameters);

    public async Task<HttpResponseMessage> PostFormAsync(string path, TestApp? app, params (string Name, string Value)[] parameters)
    {
        var form = parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)).ToList();
        if (app is { Secret: null }) form.Add(KeyValuePair.Create("client_id", app.Id));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (app is { Secret: not null }) request.Headers.Authorization = Basic(app.Id, app.Secret);
        return await Http.SendAsync(request);
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>Redeems a code as it should be done.</summary>
    public Task<HttpResponseMessage> RedeemAsync(TestApp app, string code, params (string Name, string Value)[] more) =>
        TokenAsync(app, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", app.RedirectUri), ("code_verifier", Visitor.Verifier), .. more]);

    public Task<HttpResponseMessage> RefreshAsync(TestApp app, string refreshToken, params (string Name, string Value)[] more) =>
        TokenAsync(app, [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    /// <summary>Signs in and redeems: the tokens of one complete flow.</summary>
    public async Task<JsonElement> TokensAsync(TestApp app, Action<Dictionary<string, string?>>? change = null)
    {
        var code = await NewVisitor().CodeAsync(app, change);
        using var response = await RedeemAsync(app, code);
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    public async Task<JsonElement> IntrospectAsync(TestApp app, string token)
    {
        using var response = await PostFormAsync("oauth2/introspect", app, ("token", token));
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    public async Task<HttpResponseMessage> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "oauth2/userinfo");
        request.Headers.Authorization = new("Bearer", accessToken);
        return await Http.SendAsync(request);
    }
}

/// <summary>Shorthand over JSON answers.</summary>
public static class Json
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
    public static bool Has(this JsonElement json, string name) => json.TryGetProperty(name, out _);

    /// <summary>The claims of a JWT, unverified.</summary>
    public static JsonElement Claims(string jwt) => Part(jwt, 1);
    public static JsonElement Header(string jwt) => Part(jwt, 0);

    private static JsonElement Part(string jwt, int part) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(jwt.Split('.')[part])).RootElement.Clone();
}
