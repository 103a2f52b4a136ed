using System.Collections.Frozen;
using Gatehouse.Kernel;

namespace Gatehouse.Claims;

/// <summary>
/// Where a claim stands in a token. A URI is one name (OpenID Connect Core §5.1.2); of anything else dots are the steps of a path, so that
/// <c>resource_access.shop.roles</c> is an object in an object.
/// </summary>
internal static class ClaimName
{
    internal const int MaxLength = 200, MaxSteps = 5, MaxStep = 64;

    /// <summary>Names the claims that did not fit.</summary>
    internal const string Truncated = "claims_truncated";

    // What protocols say with these, nobody else says: whoever verifies a token decides by them.
    private static readonly FrozenSet<string> reserved = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce", "acr", "amr", "auth_time", "azp", "sid", "gid", "at_hash", "c_hash", "s_hash", "cnf", "act", "may_act", "scope", "scp", "client_id",
        "token_use", "token_type", "token_introspection", "typ", "active", "username", "events", "toe", "txn", "sub_id", "sub_jwk", "trust_chain", "authorization_details", "vc", "vp", "vct", "_claim_names",
        "_claim_sources", "verified_claims", "organization", Truncated,
        // JavaScript gives these a meaning in every object.
        "__proto__", "constructor", "prototype");

    /// <summary>What OpenID Connect says of a person and we know: nothing else may say it.</summary>
    internal static FrozenSet<string> Profile { get; } = FrozenSet.Create(StringComparer.Ordinal,
        "name", "given_name", "family_name", "locale", "zoneinfo", "email", "email_verified", "phone_number", "phone_number_verified", "updated_at");

    /// <returns>The steps; 422 <c>claim_invalid</c>, <c>claim_reserved</c>.</returns>
    internal static Result<IReadOnlyList<string>, Problem> Parse(string? text, string? profileField, ClaimDestination destinations)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return Invalid;
        if (text.Contains("://", StringComparison.Ordinal))
            return text.All(c => c is > ' ' and <= '~' and not ('"' or '\\' or '<' or '>')) && Uri.TryCreate(text, UriKind.Absolute, out _) ? new[] { text } : Invalid;
        var steps = text.Split('.');
        if (steps.Length > MaxSteps || steps.Any(s => s.Length is 0 or > MaxStep || !s.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))) return Invalid;
        if (reserved.Contains(steps[0]) || steps.Any(s => s is "__proto__" or "constructor" or "prototype"))
            return Problem.Invalid("claim_reserved", "This claim has a meaning in the protocols, which a rule cannot change. Choose another name, or a URI of your own.", "claim");
        if (!Profile.Contains(steps[0], StringComparer.OrdinalIgnoreCase)) return steps;
        if (steps is not [var only] || !string.Equals(only, profileField, StringComparison.Ordinal))
            return Problem.Invalid("claim_reserved", "This claim is what OpenID Connect says of a person: its source is profile, with the same field.", "claim");
        return destinations.HasFlag(ClaimDestination.UserInfo) ? Problem.Invalid("claim_reserved", "UserInfo tells this claim by itself, to whom its scope was granted.", "claim") : steps;
    }

    private static Problem Invalid { get; } =
        Problem.Invalid("claim_invalid", $"claim is a name or a path of at most {MaxSteps} names with dots between them (letters, digits, _ and -), or an absolute URI; {MaxLength} characters at most.", "claim");
}
