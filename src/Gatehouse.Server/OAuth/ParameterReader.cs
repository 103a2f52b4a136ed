using System.Buffers;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>Reads the parameters of a request to a protocol endpoint. Query and body are never mixed: one of them is the request.</summary>
internal static class ParameterReader
{
    // Below the server's own limit on bodies, so that a request that is too long gets OAuth's answer. An ID Token hint and a long state fit.
    private const int MaxBodyBytes = 32 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The body of a POST.</summary>
    internal static async ValueTask<Result<FormParameters, OAuthError>> ReadBodyAsync(HttpContext http, CancellationToken ct)
    {
        if (!IsForm(http.Request.ContentType)) return OAuthError.InvalidRequest($"The body must be {FormType} in UTF-8.");
        if (http.Request.ContentLength > MaxBodyBytes) return TooLong;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.Length > MaxBodyBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLong;
            }
            if (read.IsCompleted)
            {
                var parsed = Parse(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return parsed.TryGet(out var parameters, out var error) ? parameters : OAuthError.InvalidRequest(error);
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The query of a GET, the body of a POST.</summary>
    internal static ValueTask<Result<FormParameters, OAuthError>> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (HttpMethods.IsPost(http.Request.Method)) return ReadBodyAsync(http, ct);
        Result<FormParameters, OAuthError> result = FormParameters.ParseQuery(http.Request.QueryString.Value).TryGet(out var parameters, out var error)
            ? parameters : OAuthError.InvalidRequest(error);
        return new(result);
    }

    private static OAuthError TooLong { get; } = OAuthError.InvalidRequest($"The body is longer than {MaxBodyBytes} bytes.", StatusCodes.Status413PayloadTooLarge);

    private static Result<FormParameters, string> Parse(ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment) return FormParameters.Parse(body.FirstSpan);
        var rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        body.CopyTo(rented);
        var parsed = FormParameters.Parse(rented.AsSpan(0, (int)body.Length));
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);   // it may hold a secret
        return parsed;
    }

    private static bool IsForm(string? contentType)
    {
        var text = contentType.AsSpan();
        if (!text.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = text[FormType.Length..].Trim();
        if (rest.IsEmpty) return true;
        if (rest[0] != ';') return false;
        rest = rest[1..].Trim();
        return rest.IsEmpty || (rest.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
            && rest["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
