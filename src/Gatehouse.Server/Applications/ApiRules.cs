using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>What must be true of an API.</summary>
internal static class ApiRules
{
    internal const int MaxScopes = 100, MaxIdentifierLength = 500, MaxDescriptionLength = 200;

    internal static Problem? Check(Api api) =>
        ClientRules.CheckName(api.Name) ?? CheckIdentifier(api) ?? ClientRules.CheckAlgorithm(api.SigningAlgorithm, "signing_algorithm")
        ?? CheckSeconds(api.AccessTokenSeconds) ?? CheckScopes(api);

    /// <summary>RFC 8707 §2: an absolute URI without a fragment. It goes into <c>aud</c> and is compared byte for byte.</summary>
    private static Problem? CheckIdentifier(Api api)
    {
        var text = api.Identifier;
        return text.Length is 0 or > MaxIdentifierLength || text.Any(c => c is <= ' ' or > '~' or '"' or '\\' or '<' or '>' or '#')
            || text.IndexOf(':') is not (> 0 and var colon) || !Uri.CheckSchemeName(text[..colon]) || !Uri.TryCreate(text, UriKind.Absolute, out _)
            ? Problem.Invalid("identifier_invalid", "An identifier is an absolute URI without fragment, such as https://api.example.com/orders (RFC 8707 §2).", "identifier") : null;
    }

    private static Problem? CheckSeconds(int? seconds) =>
        seconds is < 10 or > 86400 ? Problem.Invalid("access_token_seconds_invalid", "access_token_seconds is from 10 to 86400, or null for the tenant's.", "access_token_seconds") : null;

    private static Problem? CheckScopes(Api api)
    {
        if (api.System) return null;
        if (api.Scopes.Count > MaxScopes) return Problem.Invalid("scopes_too_many", $"An API has at most {MaxScopes} scopes.", "scopes");
        if (api.Scopes.Distinct(StringComparer.Ordinal).Count() != api.Scopes.Count) return Problem.Invalid("scope_repeated", "One scope is named twice.", "scopes");
        foreach (var scope in api.Scopes)
        {
            if (ScopeName.Check(scope) is { } problem) return problem;
            var description = api.ScopeDescriptions.GetValueOrDefault(scope) ?? "";
            if (description.Length > MaxDescriptionLength || description.Any(char.IsControl))
                return Problem.Invalid("scope_description_invalid", $"A scope's description has at most {MaxDescriptionLength} characters and no control characters.", "scopes");
        }
        return null;
    }
}
