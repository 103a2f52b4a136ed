using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Operation;

/// <summary>The main tenant of an installation as its administrator, its application and its people use it, over HTTP only.</summary>
internal sealed class Tenancy : IDisposable
{
    internal const string Callback = "https://shop.example/callback";
    private readonly Installation installation;
    private string clientId = "", clientSecret = "";

    private Tenancy(Installation installation) => this.installation = installation;

    /// <summary>The management API, through whatever answers at the issuer.</summary>
    internal HttpClient Admin { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };
    internal HttpClient Anybody { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };
    internal Uri Url(string path) => new(installation.Url + path);

    /// <summary>Needs a server that answers at the issuer.</summary>
    internal static async Task<Tenancy> FurnishAsync(Installation installation)
    {
        var tenancy = new Tenancy(installation);
        tenancy.Admin.BaseAddress = tenancy.Anybody.BaseAddress = new Uri(installation.Url + "/");
        var token = await tenancy.TokenAsync(HttpStatusCode.OK, ("grant_type", "client_credentials"), ("client_id", installation.AutomationId), ("client_secret", installation.AutomationSecret), ("resource", installation.Url + "/api/v1"));
        tenancy.Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        using var created = await tenancy.Admin.PostAsJsonAsync("api/v1/clients", new { name = "Shop", first_party = true, redirect_uris = new[] { Callback } });
        var made = await created.ReadJsonAsync(HttpStatusCode.Created);
        (tenancy.clientId, tenancy.clientSecret) = (made.GetProperty("client").GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
        return tenancy;
    }

    internal string ClientId => clientId;

    /// <summary>The main tenant's settings, changed through the process at <paramref name="at"/>.</summary>
    internal async Task ChangeSettingsAsync(object change, HttpClient? at = null)
    {
        using var whoami = await Admin.GetAsync("api/v1/tenants");
        var main = (await whoami.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().First(t => t.GetProperty("slug").GetString() == "main").GetProperty("id").GetString();
        using var patched = await (at ?? Admin).PatchAsJsonAsync($"api/v1/tenants/{main}/settings", change);
        await patched.ReadJsonAsync(HttpStatusCode.OK);
    }

    /// <summary>A client that talks to one process directly, as if it had come through the issuer's address.</summary>
    internal HttpClient Direct(int port, bool asAdministrator = false)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Host = new Uri(installation.Url).Authority;
        if (asAdministrator) client.DefaultRequestHeaders.Authorization = Admin.DefaultRequestHeaders.Authorization;
        return client;
    }

    /// <summary>A browser with its own cookies.</summary>
    internal HttpClient NewBrowser() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(installation.Url + "/"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Signs the administrator in to the application; returns what its code is redeemed with.</summary>
    internal async Task<(string Name, string Value)[]> AuthorizeAsync(FormBrowser browser)
    {
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var callback = await browser.SignInAsync(Url($"/oauth2/authorize?response_type=code&client_id={clientId}&redirect_uri={Uri.EscapeDataString(Callback)}&scope=openid%20email%20offline_access&state=s&code_challenge={challenge}&code_challenge_method=S256"),
            TestServer.AdminEmail, TestServer.AdminPassword);
        var code = System.Web.HttpUtility.ParseQueryString(callback.Query)["code"] ?? throw new Xunit.Sdk.XunitException($"No code: {callback} after {browser.Trail}");
        return [("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier), ("redirect_uri", Callback)];
    }

    internal async Task<JsonElement> RedeemAsync(HttpStatusCode expected, params (string Name, string Value)[] fields)
    {
        using var response = await PostTokenAsync(fields);
        return await response.ReadJsonAsync(expected);
    }

    internal Task<JsonElement> RefreshAsync(string refreshToken) => RedeemAsync(HttpStatusCode.OK, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    internal Task<HttpResponseMessage> PostTokenAsync(params (string Name, string Value)[] fields) => PostTokenAsync(Anybody, fields);

    internal Task<HttpResponseMessage> PostTokenAsync(HttpClient at, params (string Name, string Value)[] fields) =>
        at.PostAsync("oauth2/token", Form([.. fields, ("client_id", clientId), ("client_secret", clientSecret)]));

    private async Task<JsonElement> TokenAsync(HttpStatusCode expected, params (string Name, string Value)[] fields)
    {
        using var response = await Anybody.PostAsync("oauth2/token", Form(fields));
        return await response.ReadJsonAsync(expected);
    }

    private static FormUrlEncodedContent Form(IEnumerable<(string Name, string Value)> fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    public void Dispose()
    {
        Admin.Dispose();
        Anybody.Dispose();
    }
}
