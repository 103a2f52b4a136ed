using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>A telephone's application of the tenant's own that shows its own pages: a public client, without cookies.</summary>
internal sealed class HeadlessApp : IDisposable
{
    internal const string RedirectUri = "https://app.example.com/cb", Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private HeadlessApp(HttpClient http, string clientId) => (Http, ClientId) = (http, clientId);

    internal HttpClient Http { get; }
    internal string ClientId { get; }
    internal string? Session { get; private set; }

    /// <param name="http">What it speaks through; null: to this server.</param>
    internal static async Task<HeadlessApp> OpenAsync(TestServer server, TestTenant tenant, object? client = null, HttpClient? http = null)
    {
        using var admin = await server.AdminAsync(tenant);
        var made = await admin.CreateClientAsync(client ?? new { name = "App", type = "public", first_party = true, headless = true, redirect_uris = new[] { RedirectUri } });
        return new(http ?? server.Client(tenant), made.ClientId());
    }

    internal async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string what, object body)
    {
        using var response = await Http.PostAsJsonAsync($"flows/v1/{what}", body);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse("a program gets no cookie");
        var read = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
        if (read.TryGetProperty("auth_session", out var session)) Session = session.GetString();
        return (response.StatusCode, read);
    }

    internal Task<(HttpStatusCode Status, JsonElement Body)> StartAsync(string? acr = null, string scope = "openid", string? device = null, string? prompt = null) =>
        PostAsync("start", new { client_id = ClientId, scope, code_challenge = Challenge, code_challenge_method = "S256", acr_values = acr, device, prompt });

    internal Task<(HttpStatusCode Status, JsonElement Body)> AnswerAsync(string step, params (string Name, string Value)[] values) =>
        PostAsync("submit", new { auth_session = Session, step, values = values.ToDictionary(v => v.Name, v => v.Value) });

    /// <summary>Redeems a code as the application does.</summary>
    internal async Task<(HttpStatusCode Status, JsonElement Body)> RedeemAsync(string code)
    {
        using var response = await Http.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["code_verifier"] = Verifier, ["client_id"] = ClientId,
        }));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone());
    }

    internal static IReadOnlyList<string> Open(JsonElement flow) => [.. flow.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()!)];

    internal static JsonElement Claims(JsonElement tokens)
    {
        var payload = tokens.GetProperty("id_token").GetString()!.Split('.')[1];
        return JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload)).RootElement.Clone();
    }

    public void Dispose() => Http.Dispose();
}
