using Gatehouse.Kernel;

namespace Gatehouse.Applications;

public enum ClientType { Confidential, Public }

/// <summary>An application that may ask for tokens. Complete and immutable: what the token endpoint needs, from memory.</summary>
/// <param name="FirstParty">The tenant's own: no consent page.</param>
/// <param name="SecretHashes">SHA-256 of the live secrets, at most two.</param>
/// <param name="RedirectUris">Compared byte for byte; loopback literals with any port (RFC 8252 §7.3).</param>
/// <param name="GrantTypes">Allow-list: <c>authorization_code</c>, <c>refresh_token</c>, <c>client_credentials</c>.</param>
/// <param name="Scopes">What it may ask for, in ordinal order.</param>
/// <param name="IdTokenAlgorithm"><c>ES256</c> or <c>RS256</c>.</param>
/// <param name="Headless">It may ask its people itself, on pages of its own (the JSON API). Only the tenant's own may.</param>
/// <param name="Administrator">Its service account has the administrator role.</param>
public sealed record Client(ClientId Id, string Name, ClientType Type, bool FirstParty, bool Enabled, IReadOnlyList<byte[]> SecretHashes,
    IReadOnlyList<string> RedirectUris, IReadOnlyList<string> PostLogoutRedirectUris, IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes,
    string IdTokenAlgorithm, bool Administrator, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool Headless = false)
{
    /// <summary>By which it proves itself; null: by a secret, or not at all when it is public.</summary>
    public ClientKeys? Keys { get; init; }
}

/// <summary>What may be known of a client's secret after it was shown once.</summary>
/// <param name="Hint">Its last four characters.</param>
/// <param name="ExpiresAt">Null: lives until it is removed.</param>
public sealed record ClientSecret(ClientSecretId Id, byte[] Hash, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>Names one secret of a client; tells nothing about it.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(TypedIdConverter<ClientSecretId>))]
public readonly record struct ClientSecretId(Guid Value) : ITypedId<ClientSecretId>
{
    public static string Prefix => "sec";
    public static ClientSecretId From(Guid value) => new(value);
    public static ClientSecretId New(TimeProvider clock) => TypedId.New<ClientSecretId>(clock);
    public static bool TryParse(string? text, out ClientSecretId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}
