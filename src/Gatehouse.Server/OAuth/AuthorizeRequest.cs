using System.Text.Json.Serialization;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.OAuth;

namespace Gatehouse.OAuth;

/// <summary>
/// An authorization request that has been checked: RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1. What an interaction keeps while the
/// person signs in, so that nothing is read from the browser again.
/// </summary>
/// <param name="Scopes">What the client may ask for of what it asked for.</param>
/// <param name="CodeChallenge">Null only for confidential clients.</param>
/// <param name="MaxAgeSeconds">Null: any session will do; 0: sign in again.</param>
/// <param name="RequiredUser">Whom <c>id_token_hint</c> speaks of.</param>
internal sealed record AuthorizeRequest(ClientId ClientId, string RedirectUri, ResponseMode ResponseMode, string? State, IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Resources, string? Nonce, string? CodeChallenge, IReadOnlyList<string> Prompt, int? MaxAgeSeconds, UserId? RequiredUser,
    string? LoginHint, IReadOnlyList<string> UiLocales)
{
    /// <summary>What the sign-in should be called, in order of preference (§3.1.2.1 <c>acr_values</c>, §5.5.1.1).</summary>
    public IReadOnlyList<string> AcrValues { get; init; } = [];

    /// <summary>The organization that is demanded, by id or slug; null: none.</summary>
    public string? Organization { get; init; }

    [JsonIgnore]
    internal OrganizationDemand OrganizationDemand => new(Organization, Scopes.Contains(OrganizationDemand.Scope));

    internal bool Asks(string prompt) => Prompt.Contains(prompt);
}
