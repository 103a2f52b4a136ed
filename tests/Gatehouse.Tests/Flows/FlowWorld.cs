using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Flows;

/// <summary>A tenant's flow over the management API.</summary>
internal static class FlowWorld
{
    internal const string First = """{"id":"first","type":"first_factor","any_of":["password","passkey"]}""";
    internal const string Second = """{"id":"second","type":"second_factor"}""";

    internal static string Of(params string[] steps) => "{\"definition\":{\"steps\":[" + string.Join(',', steps) + "]}}";

    internal static async Task<(HttpStatusCode Status, JsonElement Body, string? ETag)> SendAsync(TestServer server, TestTenant tenant, HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using var admin = await server.AdminAsync(tenant);
        using var request = new HttpRequestMessage(method, "api/v1/flows/" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone(), response.Headers.ETag?.ToString());
    }

    internal static Task PutAsync(TestServer server, TestTenant tenant, params string[] steps) => PutKindAsync(server, tenant, "sign_in", steps);

    internal static async Task PutKindAsync(TestServer server, TestTenant tenant, string kind, params string[] steps)
    {
        var put = await SendAsync(server, tenant, HttpMethod.Put, kind, Of(steps));
        put.Status.ShouldBe(HttpStatusCode.OK, put.Body.ToString());
    }
}
