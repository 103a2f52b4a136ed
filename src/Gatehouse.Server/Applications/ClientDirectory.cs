using Gatehouse.Kernel;

namespace Gatehouse.Applications;

public enum ClientType { Confidential, Public }

/// <summary>An application that may ask for tokens. Complete and immutable: what the token endpoint needs, from memory.</summary>
/// <param name="FirstParty">The tenant's own: no consent page.</param>
/// <param name="SecretHashes">SHA-256 of the live secrets, at most two.</param>
/// <param name="RedirectUris">Compared byte for byte; loopback literals with any port (RFC 8252 §7.3).</param>
/// <param name="GrantTypes">Allow-list: <c>authorization_code</c>, <c>refresh_token</c>, <c>client_credentials</c>.</param>
/// <param name="Scopes">What it may ask for.</param>
/// <param name="IdTokenAlgorithm"><c>ES256</c> or <c>RS256</c>.</param>
/// <param name="Administrator">Its service account has the administrator role.</param>
public sealed record Client(ClientId Id, string Name, ClientType Type, bool FirstParty, bool Enabled, IReadOnlyList<byte[]> SecretHashes,
    IReadOnlyList<string> RedirectUris, IReadOnlyList<string> PostLogoutRedirectUris, IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes,
    string IdTokenAlgorithm, bool Administrator, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>Something that accepts access tokens.</summary>
/// <param name="Identifier">The RFC 8707 resource and the token's <c>aud</c>: an absolute URI without fragment.</param>
/// <param name="AccessTokenSeconds">Null: the tenant's.</param>
/// <param name="SigningAlgorithm"><c>ES256</c> or <c>RS256</c>.</param>
/// <param name="System">The management API itself; cannot be changed or deleted.</param>
public sealed record Api(ApiId Id, string Identifier, string Name, IReadOnlyList<string> Scopes, int? AccessTokenSeconds, string SigningAlgorithm, bool System, long Version);

/// <summary>Clients and APIs for the doors, from memory when nothing changed.</summary>
public sealed class ClientDirectory
{
    public ValueTask<Client?> FindAsync(TenantId tenant, ClientId id, CancellationToken ct) => throw new NotImplementedException();
    public ValueTask<Api?> FindApiAsync(TenantId tenant, string identifier, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>All APIs of a tenant (bounded: at most 500).</summary>
    public ValueTask<IReadOnlyList<Api>> ListApisAsync(TenantId tenant, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>Making clients from rooms later in the order (console, bootstrap). Secrets are returned once and stored hashed.</summary>
public sealed class ClientRegistration
{
    /// <returns>The client and its secret (null for public ones), or a problem such as <c>redirect_uri_invalid</c>.</returns>
    public ValueTask<Result<RegisteredClient, Problem>> CreateAsync(Storage.TenantTransaction tx, NewClient client, CancellationToken ct) => throw new NotImplementedException();
}

public sealed record RegisteredClient(Client Client, string? Secret);

public sealed record NewClient(string Name, ClientType Type, bool FirstParty, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> PostLogoutRedirectUris,
    IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes, string IdTokenAlgorithm = "ES256", bool Administrator = false);
