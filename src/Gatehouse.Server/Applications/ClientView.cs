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
    internal static ClientView Of(Client client, IReadOnlyList<ClientSecret>? secrets) =>
        new(client.Id, client.Name, ClientStore.TypeText(client.Type), client.FirstParty, client.Enabled, client.RedirectUris, client.PostLogoutRedirectUris,
            client.GrantTypes, client.Scopes, client.IdTokenAlgorithm, client.Administrator, client.Headless, client.Version, client.CreatedAt, client.UpdatedAt,
            secrets is null ? null : [.. secrets.Select(SecretView.Of)]);
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

    internal static readonly Problem SecretNotFound = Problem.NotFound("secret_not_found", "This client has no such secret.");

    internal static readonly Problem TypeInvalid = Problem.Invalid("type_invalid", "type is confidential or public.", "type");
}
