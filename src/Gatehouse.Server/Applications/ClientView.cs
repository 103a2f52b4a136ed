using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>A client as the management API shows it. Never a secret; of secrets only what helps to tell them apart.</summary>
/// <param name="Id">The <c>client_id</c> of the protocols.</param>
/// <param name="Type"><c>confidential</c> or <c>public</c>.</param>
/// <param name="Secrets">At most two, oldest first; left out in lists.</param>
internal sealed record ClientView(ClientId Id, string Name, string Type, bool FirstParty, bool Enabled, IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris, IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes, string IdTokenAlgorithm,
    bool Administrator, bool Headless, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SecretView>? Secrets)
{
    /// <summary><c>client_secret_basic</c> (the secret may also come in the body), <c>private_key_jwt</c>, or <c>none</c> for a public client.</summary>
    public required string TokenEndpointAuthMethod { get; init; }

    /// <summary>The only algorithm it may sign assertions with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary>Its public keys (RFC 7517).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public JsonElement? Jwks { get; init; }

    /// <summary>Where its public keys are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? JwksUri { get; init; }

    internal static ClientView Of(Client client, IReadOnlyList<ClientSecret>? secrets) =>
        new(client.Id, client.Name, ClientStore.TypeText(client.Type), client.FirstParty, client.Enabled, client.RedirectUris, client.PostLogoutRedirectUris,
            client.GrantTypes, client.Scopes, client.IdTokenAlgorithm, client.Administrator, client.Headless, client.Version, client.CreatedAt, client.UpdatedAt,
            secrets is null ? null : [.. secrets.Select(SecretView.Of)])
        {
            TokenEndpointAuthMethod = client.Type == ClientType.Public ? ClientKeys.None : client.Keys is null ? ClientKeys.Secret : ClientKeys.PrivateKey,
            TokenEndpointAuthSigningAlg = client.Keys?.Algorithm,
            Jwks = client.Keys?.Jwks is { } document ? JsonElement.Parse(document) : null,
            JwksUri = client.Keys?.JwksUri,
        };
}

/// <param name="Hint">Its last four characters.</param>
internal sealed record SecretView(ClientSecretId Id, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal static SecretView Of(ClientSecret secret) => new(secret.Id, secret.Hint, secret.CreatedAt, secret.ExpiresAt);
}

/// <summary>What all operations on one client answer when there is none.</summary>
internal static class ClientProblems
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("client_not_found", "This tenant has no such client.");

    internal static readonly Problem Public = Problem.Conflict("client_public", "A public client has nothing to prove itself with.");

    internal static readonly Problem SecretNotFound = Problem.NotFound("secret_not_found", "This client has no such secret.");

    internal static readonly Problem TypeInvalid = Problem.Invalid("type_invalid", "type is confidential or public.", "type");
}
