using System.Net;
using System.Text.Json;

namespace Gatehouse.Testing;

/// <summary>Reading answers in tests: what was expected or a message that says what came instead.</summary>
public static class Answers
{
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != expected)
            throw new Xunit.Sdk.XunitException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: expected {(int)expected}, got {(int)response.StatusCode}: {body}{((int)response.StatusCode >= 500 ? TestLog.Recent : "")}");
        return body.Length == 0 ? default : JsonDocument.Parse(body).RootElement.Clone();
    }

    /// <summary>An RFC 9457 problem with this status and code.</summary>
    public static async Task ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var body = await response.ReadJsonAsync(status);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json" || body.GetProperty("code").GetString() != code)
            throw new Xunit.Sdk.XunitException($"Expected problem {code}, got {response.Content.Headers.ContentType}: {body}");
    }

    /// <summary>An RFC 6749 §5.2 error.</summary>
    public static async Task ShouldBeOAuthErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string error)
    {
        var body = await response.ReadJsonAsync(status);
        if (body.GetProperty("error").GetString() != error) throw new Xunit.Sdk.XunitException($"Expected error {error}, got {body}");
    }
}
