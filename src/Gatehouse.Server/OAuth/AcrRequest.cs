using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;

namespace Gatehouse.OAuth;

/// <summary>How strongly an application wants the person to have signed in: <c>acr_values</c> and the <c>acr</c> member of <c>claims</c>.</summary>
internal static class AcrRequest
{
    private const int MaxValues = 20, MaxClaims = 8192;
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>
    /// What was asked for, in order of preference. <c>acr_values</c> is a wish (OpenID Connect Core §3.1.2.1): values that the tenant does not know
    /// count for nothing. An essential <c>acr</c> is a condition (§5.5.1.1): if the tenant knows none of its values, it cannot be met.
    /// </summary>
    internal static Result<IReadOnlyList<string>, OAuthError> Read(TenantContext tenant, string? acrValues, string? claims)
    {
        var wished = acrValues?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (wished.Length > MaxValues) return OAuthError.InvalidRequest($"acr_values has at most {MaxValues} values.");
        if (claims is null) return wished;
        if (claims.Length > MaxClaims) return OAuthError.InvalidRequest($"claims has at most {MaxClaims} characters.");
        try
        {
            if (!JsonText.IsText(Encoding.UTF8.GetBytes(claims))) return Malformed;
            using var document = JsonDocument.Parse(claims, strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Malformed;
            if (Member(document.RootElement, "id_token") is not { } idToken || Member(idToken, "acr") is not { } acr) return wished;
            if (!TryReadValues(acr, out var values)) return Malformed;
            var essential = acr.TryGetProperty("essential", out var flag) && flag.ValueKind == JsonValueKind.True;
            if (values.Count == 0) return wished;
            if (essential && AcrLevels.Demanded(tenant, values) == 0)
                return new OAuthError("unmet_authentication_requirements", "None of the acr values that claims demands is known here.");
            // The condition stands before the wish, and alone.
            return essential ? values.ToArray() : [.. values, .. wished];
        }
        catch (JsonException)
        {
            return Malformed;
        }
    }

    private static OAuthError Malformed => OAuthError.InvalidRequest("claims is not a JSON object as OpenID Connect Core §5.5 describes it.");

    private static JsonElement? Member(JsonElement of, string name) =>
        of.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static bool TryReadValues(JsonElement acr, out IReadOnlyList<string> values)
    {
        List<string> read = [];
        values = read;
        if (acr.TryGetProperty("value", out var one))
        {
            if (one.ValueKind != JsonValueKind.String) return false;
            read.Add(one.GetString()!);
        }
        if (!acr.TryGetProperty("values", out var many)) return true;
        if (many.ValueKind != JsonValueKind.Array || many.GetArrayLength() > MaxValues) return false;
        foreach (var value in many.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String) return false;
            read.Add(value.GetString()!);
        }
        return true;
    }
}
