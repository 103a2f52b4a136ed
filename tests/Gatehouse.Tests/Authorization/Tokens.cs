using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Authorization;

/// <summary>Access tokens as the server itself signs them, so that one thing at a time can be wrong with them.</summary>
internal static class Tokens
{
    /// <summary>The claims of a good token of the automation client, from the token endpoint.</summary>
    internal static async Task<JsonObject> ClaimsAsync(this TestServer server, params string[] scopes)
    {
        var token = await server.TokenAsync(scopes.Length == 0 ? [.. Scopes.All] : scopes);
        return JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
    }

    /// <param name="typ">Of the header; a good one has <c>at+jwt</c>.</param>
    internal static async Task<string> SignAsync(this TestServer server, JsonObject claims, string? typ = "at+jwt", TenantContext? tenant = null)
    {
        var key = await server.Services.GetRequiredService<SigningKeys>().GetActiveAsync((tenant ?? server.Main).Id, JwsAlgorithm.ES256, CancellationToken.None);
        return Jws.Sign(key.Key, typ, key.Kid, JsonSerializer.SerializeToUtf8Bytes(claims));
    }

    internal static async Task<HttpResponseMessage> GetWithAsync(this HttpClient http, string? authorization, string path = "api/v1/users", string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization).ShouldBeTrue();
        if (tenant is not null) request.Headers.TryAddWithoutValidation("X-Tenant", tenant).ShouldBeTrue();
        return await http.SendAsync(request);
    }

    internal static string Challenge(this HttpResponseMessage response) => string.Join(", ", response.Headers.WwwAuthenticate.Select((AuthenticationHeaderValue h) => h.ToString()));
}
