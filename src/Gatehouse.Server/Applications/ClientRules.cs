using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>What must be true of a client whatever it was made from. Whether its scopes exist, only the database knows: see the store.</summary>
internal static class ClientRules
{
    internal const int MaxNameLength = 100, MaxScopes = 200;

    internal const string AuthorizationCode = "authorization_code", RefreshToken = "refresh_token", ClientCredentials = "client_credentials";

    internal static Problem? Check(Client client) =>
        CheckName(client.Name) ?? CheckGrantTypes(client) ?? CheckRedirectUris(client) ?? CheckAlgorithm(client.IdTokenAlgorithm, "id_token_algorithm")
        ?? CheckScopes(client) ?? CheckAdministrator(client) ?? CheckHeadless(client);

    internal static Problem? CheckName(string? name) =>
        string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl)
            ? Problem.Invalid("name_invalid", $"A name has 1 to {MaxNameLength} characters and no control characters.", "name") : null;

    internal static Problem? CheckAlgorithm(string? algorithm, string field) =>
        algorithm is "ES256" or "RS256" ? null : Problem.Invalid("algorithm_invalid", $"{field} is ES256 or RS256.", field);

    private static Problem? CheckGrantTypes(Client client)
    {
        var grants = client.GrantTypes;
        if (grants.Count == 0 || grants.Distinct(StringComparer.Ordinal).Count() != grants.Count
            || grants.Any(g => g is not (AuthorizationCode or RefreshToken or ClientCredentials)))
            return Problem.Invalid("grant_types_invalid", "grant_types is one or more of authorization_code, refresh_token and client_credentials, each once.", "grant_types");
        // RFC 6749 §4.4: the client credentials grant is for confidential clients alone; a public one has nothing to prove itself with.
        if (client.Type == ClientType.Public && grants.Contains(ClientCredentials))
            return Problem.Invalid("grant_type_not_allowed", "A public client has no secret and cannot use client_credentials.", "grant_types");
        return grants.Contains(RefreshToken) && !grants.Contains(AuthorizationCode)
            ? Problem.Invalid("grant_types_invalid", "refresh_token continues authorization_code and needs it.", "grant_types") : null;
    }

    private static Problem? CheckRedirectUris(Client client)
    {
        if (client.RedirectUris.Count == 0 && client.GrantTypes.Contains(AuthorizationCode))
            return Problem.Invalid("redirect_uris_required", "authorization_code needs at least one redirect URI to send people back to.", "redirect_uris");
        return CheckUris(client.RedirectUris, client.Type, "redirect_uris") ?? CheckUris(client.PostLogoutRedirectUris, client.Type, "post_logout_redirect_uris");
    }

    private static Problem? CheckUris(IReadOnlyList<string> uris, ClientType type, string field)
    {
        if (uris.Count > RedirectUri.MaxCount) return Problem.Invalid("redirect_uris_too_many", $"{field} has at most {RedirectUri.MaxCount} entries.", field);
        if (uris.Distinct(StringComparer.Ordinal).Count() != uris.Count) return Problem.Invalid("redirect_uri_repeated", $"{field} names one URI twice.", field);
        foreach (var uri in uris)
            if (RedirectUri.Check(uri, type, field) is { } problem) return problem;
        return null;
    }

    private static Problem? CheckScopes(Client client) =>
        client.Scopes.Count > MaxScopes || client.Scopes.Any(string.IsNullOrEmpty) || client.Scopes.Distinct(StringComparer.Ordinal).Count() != client.Scopes.Count
            ? Problem.Invalid("scopes_invalid", $"scopes names at most {MaxScopes} scopes, each once.", "scopes") : null;

    // Whoever shows the question sees the answer: somebody else's application must never see a password.
    private static Problem? CheckHeadless(Client client) =>
        client.Headless && !(client.FirstParty && client.GrantTypes.Contains(AuthorizationCode))
            ? Problem.Invalid("headless_needs_first_party", "Only a first_party client with authorization_code can be headless.", "headless") : null;

    private static Problem? CheckAdministrator(Client client) =>
        client.Administrator && !client.GrantTypes.Contains(ClientCredentials)
            ? Problem.Invalid("administrator_needs_client_credentials", "Only a client that acts for itself, by client_credentials, can be an administrator.", "administrator") : null;
}
