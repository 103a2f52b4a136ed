using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>A refusal in OAuth's own form: RFC 6749 §5.2 at the token endpoint, §4.1.2.1 at the authorization endpoint.</summary>
/// <param name="Code">One of the codes registered with IANA; clients switch on it.</param>
/// <param name="Description">For the client's developer, in the characters RFC 6749 §5.2 allows. Never a private reason.</param>
/// <param name="Status">Of a direct answer; means nothing in a redirect.</param>
internal sealed record OAuthError(string Code, string Description, int Status = 400)
{
    internal static OAuthError InvalidRequest(string description, int status = 400) => new("invalid_request", description, status);
    internal static OAuthError InvalidClient(string description) => new("invalid_client", description, 401);
    internal static OAuthError InvalidGrant(string description) => new("invalid_grant", description);
    internal static OAuthError UnauthorizedClient(string description) => new("unauthorized_client", description);
    internal static OAuthError UnsupportedGrantType(string description) => new("unsupported_grant_type", description);
    internal static OAuthError InvalidScope(string description) => new("invalid_scope", description);

    /// <summary>RFC 8707 §2.</summary>
    internal static OAuthError InvalidTarget(string description) => new("invalid_target", description);

    /// <summary>Answers a direct request: JSON, never cached.</summary>
    /// <param name="basicWasTried">RFC 6749 §5.2: who tried the Authorization header gets the challenge back.</param>
    internal ValueTask SendAsync(HttpContext http, bool basicWasTried, CancellationToken ct)
    {
        if (Status == 401 && basicWasTried) http.Response.Headers.WWWAuthenticate = "Basic realm=\"oauth\", charset=\"UTF-8\"";
        return JsonReply.SendAsync(http, Status, this, static (json, error) =>
        {
            json.WriteStartObject();
            json.WriteString("error"u8, error.Code);
            json.WriteString("error_description"u8, error.Description);
            json.WriteEndObject();
        }, ct);
    }
}

/// <summary>Small JSON documents written by hand into memory that each thread keeps: nothing is allocated for an answer.</summary>
internal static class JsonReply
{
    [ThreadStatic] private static ReplyBuffer? mine;

    /// <summary>This thread's buffer, empty. Good until the next await.</summary>
    internal static ReplyBuffer Buffer
    {
        get
        {
            var buffer = mine ??= new ReplyBuffer();
            buffer.Reset();
            return buffer;
        }
    }

    internal static ValueTask SendAsync<T>(HttpContext http, int status, T state, Action<Utf8JsonWriter, T> write, CancellationToken ct)
    {
        var buffer = Buffer;
        write(buffer.Json, state);
        buffer.Json.Flush();
        return SendAsync(http, status, buffer.Bytes.WrittenSpan, ct);
    }

    /// <summary>RFC 6749 §5.1: token responses are never stored. Copies the bytes before it returns.</summary>
    internal static ValueTask SendAsync(HttpContext http, int status, ReadOnlySpan<byte> json, CancellationToken ct)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        response.ContentLength = json.Length;
        response.BodyWriter.Write(json);
        return FlushAsync(response, ct);
    }

    private static async ValueTask FlushAsync(HttpResponse response, CancellationToken ct) => await response.BodyWriter.FlushAsync(ct);
}

/// <summary>Bytes, and a JSON writer over them.</summary>
internal sealed class ReplyBuffer
{
    internal ArrayBufferWriter<byte> Bytes { get; } = new(2048);
    internal Utf8JsonWriter Json { get; }

    // The relaxed encoder: what we write is served as JSON alone, and at+jwt or a URL should read as such.
    internal ReplyBuffer() => Json = new(Bytes, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    internal void Reset()
    {
        Bytes.ResetWrittenCount();
        Json.Reset();
    }
}
