using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Account.Api;

/// <summary>A person who calls the account API: as a page's script with her cookie, or as an application with a token of hers.</summary>
internal static class AccountCaller
{
    internal const string Callback = "https://app.example/callback";

    /// <summary>What a script on a page of ours sends.</summary>
    internal static async Task<HttpResponseMessage> CallAsync(this SignInWorld world, HttpMethod method, string path, object? body = null, params (string Name, string? Value)[] headers)
    {
        using var request = Request(method, path, body);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (method != HttpMethod.Get) request.Headers.Add("X-Gatehouse-Csrf", "1");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        }
        return await world.Browser.Http.SendAsync(request);
    }

    internal static async Task<JsonElement> JsonAsync(this SignInWorld world, HttpMethod method, string path, object? body = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await world.CallAsync(method, path, body);
        return await response.ReadJsonAsync(status);
    }

    /// <summary>For answers without a body.</summary>
    internal static async Task JsonlessAsync(this SignInWorld world, HttpMethod method, string path, object? body, HttpStatusCode status)
    {
        using var response = await world.CallAsync(method, path, body);
        response.StatusCode.ShouldBe(status, await response.Content.ReadAsStringAsync());
    }

    internal static async Task<HttpResponseMessage> CallAsync(this HttpClient http, HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = Request(method, path, body);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body) =>
        new(method, "account/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };

    /// <summary>An access token that an application of the tenant got for the person who is signed in in the world's browser.</summary>
    internal static async Task<string> TokenAsync(this SignInWorld world, string scope, string? resource = "/account/v1", bool consent = true, bool firstParty = true)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/clients", new { name = "App", type = "public", first_party = firstParty, redirect_uris = new[] { Callback }, scopes = scope.Split(' ') });
        var client = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").Id();
        const string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var query = $"oauth2/authorize?response_type=code&code_challenge_method=S256&code_challenge={challenge}&client_id={client}&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString(scope)}"
            + (resource is null ? "" : $"&resource={Uri.EscapeDataString(world.Tenant.Url + resource)}");
        var location = await LocationAsync(world, query);
        if (location.Contains("/consent?", StringComparison.Ordinal))
        {
            consent.ShouldBeTrue("nobody should have been asked");
            var page = await world.Browser.GetAsync(location);
            using var answered = await world.Browser.SendAsync(page, [("decision", "allow")]);
            var onward = answered.Headers.Location?.ToString() ?? answered.Headers.GetValues("Refresh").Single().Split("url=")[1];
            location = await LocationAsync(world, onward);
        }
        location.ShouldStartWith(Callback + "?code=");
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(location).Query)["code"]!;
        using var http = world.Server.Client(world.Tenant);
        using var answer = await http.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Callback, ["client_id"] = client, ["code_verifier"] = verifier,
        }));
        return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("access_token").GetString()!;
    }

    private static async Task<string> LocationAsync(SignInWorld world, string url)
    {
        using var response = await world.Browser.Http.GetAsync(url);
        return (response.Headers.Location ?? throw new Xunit.Sdk.XunitException($"{url}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}")).ToString();
    }
}
