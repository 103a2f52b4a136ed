using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Claims;

/// <summary>A tenant with two APIs, a shop of its own, a partner's application, an organization, and a person who holds roles in several places.</summary>
internal sealed class ClaimsWorld : IDisposable
{
    internal const string Callback = "https://app.example/callback", Email = "ada@example.com", Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    internal static readonly string[] AllScopes = ["openid", "profile", "email", "offline_access", "organization", "roles", "groups", "permissions", "orders.read"];

    private ClaimsWorld(RoleWorld roles) => Roles = roles;

    internal RoleWorld Roles { get; }
    internal HttpClient Admin => Roles.Admin;
    internal TestServer Server => Roles.Server;
    internal TestTenant Tenant => Roles.Tenant;
    internal string Ada { get; private set; } = "";
    internal string Acme { get; private set; } = "";
    internal string Orders { get; private set; } = "";
    internal string Other { get; private set; } = "";
    internal (string Id, string Secret) Shop { get; private set; }
    internal (string Id, string Secret) Partner { get; private set; }
    internal string Evening { get; private set; } = "";

    internal static async Task<ClaimsWorld> OpenAsync(TestDatabase database, bool password = true)
    {
        var world = new ClaimsWorld(await RoleWorld.OpenAsync(database));
        object person = password ? new { display_name = "Ada Lovelace", email_verified = true, password = People.Password, attributes = new { department = "sales", level = 3, home = new { city = "London" } } }
            : new { display_name = "Ada Lovelace", email_verified = true, attributes = new { department = "sales", level = 3, home = new { city = "London" } } };
        world.Ada = (await world.Admin.CreateUserAsync(Email, person)).Id();
        world.Orders = (await world.PostAsync("apis", new { identifier = "https://orders.example/api", name = "Orders", scopes = new[] { new { name = "orders.read" } } })).Id();
        world.Other = (await world.PostAsync("apis", new { identifier = "https://other.example/api", name = "Other", scopes = new[] { new { name = "other.read" } } })).Id();
        foreach (var (api, names) in new[] { (world.Orders, new[] { "order:read", "order:write" }), (world.Other, ["other:read"]) })
        {
            using var put = await world.Admin.PutAsJsonAsync($"api/v1/apis/{api}/permissions", new { permissions = names.Select(n => new { name = n, description = "" }) });
            await put.ReadJsonAsync(HttpStatusCode.OK);
        }
        await world.Roles.RoleAsync("reader", ["order:read"]);
        await world.Roles.RoleAsync("clerk", ["order:write"], "reader");
        await world.Roles.RoleAsync("acme_lead", ["other:read"]);
        await world.Roles.RoleAsync("evening", []);
        world.Acme = await world.Roles.OrganizationAsync("acme");
        await world.Roles.JoinAsync(world.Acme, world.Ada);
        await world.Roles.GiveAsync(world.Ada, "clerk");
        await world.Roles.GiveAsync(world.Ada, "acme_lead", new { organization = world.Acme });
        world.Shop = await world.ClientAsync("Shop", firstParty: true);
        world.Partner = await world.ClientAsync("Partner", firstParty: false);
        return world;
    }

    private async Task<(string, string)> ClientAsync(string name, bool firstParty)
    {
        var made = await PostAsync("clients", new
        {
            name, type = "confidential", first_party = firstParty, redirect_uris = new[] { Callback }, grant_types = new[] { "authorization_code", "refresh_token", "client_credentials" }, scopes = AllScopes,
        });
        return (made.GetProperty("client").Id(), made.GetProperty("secret").GetString()!);
    }

    internal async Task<JsonElement> PostAsync(string path, object body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var answer = await Admin.PostAsJsonAsync($"api/v1/{path}", body);
        return await answer.ReadJsonAsync(expected);
    }

    internal Task<JsonElement> RuleAsync(string claim, object source, object? more = null, string[]? destinations = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["name"] ??= claim;
        body["claim"] = claim;
        body["source"] = JsonSerializer.SerializeToNode(source);
        body["destinations"] = JsonSerializer.SerializeToNode(destinations ?? ["id_token"]);
        return PostAsync("claim-rules", body);
    }

    internal async Task<JsonElement> PreviewAsync(string client, object? more = null, HttpClient? caller = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["user"] ??= Ada;
        body["client"] = client;
        using var answer = await (caller ?? Admin).PostAsJsonAsync("api/v1/claims/preview", body);
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    /// <summary>A browser in which she signs in when she is asked to, and allows what she is asked to allow.</summary>
    internal FormBrowser Browser() => new(Server.Browser(Tenant));

    internal async Task<JsonElement> TokensAsync(FormBrowser browser, (string Id, string Secret) client, string scope, string? more = null)
    {
        var callback = await browser.SignInAsync(new Uri($"{Tenant.Url}/oauth2/authorize?response_type=code&client_id={client.Id}&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString(scope)}"
            + $"&code_challenge_method=S256&code_challenge={Pkce.Challenge(Verifier)}{more}"), Email, People.Password);
        var code = System.Web.HttpUtility.ParseQueryString(callback.Query)["code"].ShouldNotBeNull(callback.ToString());
        return await TokenAsync(client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));
    }

    internal async Task<JsonElement> TokenAsync((string Id, string Secret) client, params (string Name, string Value)[] form)
    {
        using var http = Server.Client(Tenant);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        using var answer = await http.PostAsync("oauth2/token", new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    internal async Task<JsonElement> UserInfoAsync(JsonElement tokens)
    {
        using var http = Server.Client(Tenant);
        http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("access_token").GetString());
        using var answer = await http.GetAsync("oauth2/userinfo");
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    internal static JsonElement Claims(JsonElement tokens, string token) =>
        JsonElement.Parse(Base64Url.DecodeFromChars(tokens.GetProperty(token).GetString()!.Split('.')[1]));

    public void Dispose() => Roles.Dispose();
}

internal static class ClaimsOf
{
    internal static string[] Texts(this JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(i => i.GetString()!)] : [];

    internal static bool Has(this JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
