using Gatehouse.Caching;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Applications;

/// <summary>
/// Making, changing and ending clients: what the management API and later rooms (console, bootstrap) share. Each method works in the
/// caller's transaction, publishes the event and announces the change; the caller, who knows the actor, appends the audit entry. After a
/// problem the caller does not commit. Secrets are returned once and stored hashed.
/// </summary>
public sealed class ClientRegistration(EventOutbox events, TimeProvider clock)
{
    /// <returns>The client and its secret (null for public ones and those with keys), or a problem such as <c>redirect_uri_invalid</c>.</returns>
    public async ValueTask<Result<RegisteredClient, Problem>> CreateAsync(TenantTransaction tx, NewClient client, CancellationToken ct)
    {
        var now = clock.Now();
        var made = new Client(ClientId.New(clock), client.Name.Trim(), client.Type, client.FirstParty, Enabled: true, [], client.RedirectUris,
            client.PostLogoutRedirectUris, client.GrantTypes, Sorted(client.Scopes), client.IdTokenAlgorithm, client.Administrator, 1, now, now, client.Headless) { Keys = client.Keys };
        if (ClientRules.Check(made) is { } problem) return problem;
        await ClientStore.InsertAsync(tx, made, ct);
        if (await ClientStore.ReplaceScopesAsync(tx, made.Id, made.Scopes, ct) is { } unknown) return ScopeUnknown(unknown);
        await events.PublishAsync(tx, new ClientCreated(made.Id), ct);
        Announce(tx, made.Id);
        if (made.Type == ClientType.Public || made.Keys is not null) return new RegisteredClient(made, null);

        var (secret, text) = NewSecret(null);
        await ClientStore.TryInsertSecretAsync(tx, made.Id, secret, ct);
        return new RegisteredClient(made with { SecretHashes = [secret.Hash] }, text);
    }

    /// <summary>Replaces what <paramref name="wanted"/> says, if the stored client still has its version. Type and secrets stay.</summary>
    /// <returns>The client as it is now; <c>version_mismatch</c>, or what the rules say.</returns>
    public async ValueTask<Result<Client, Problem>> UpdateAsync(TenantTransaction tx, Client wanted, CancellationToken ct)
    {
        var now = clock.Now();
        wanted = wanted with { Name = wanted.Name.Trim(), Scopes = Sorted(wanted.Scopes) };
        if (ClientRules.Check(wanted) is { } problem) return problem;
        var wasEnabled = (await ClientStore.FindAsync(tx, wanted.Id, ct))?.Enabled ?? false;
        if (!await ClientStore.UpdateAsync(tx, wanted, now, ct)) return Http.ETags.Changed;
        if (await ClientStore.ReplaceScopesAsync(tx, wanted.Id, wanted.Scopes, ct) is { } unknown) return ScopeUnknown(unknown);
        await events.PublishAsync(tx, new ClientUpdated(wanted.Id), ct);
        if (wasEnabled && !wanted.Enabled) await events.PublishAsync(tx, new ClientDisabled(wanted.Id), ct);
        Announce(tx, wanted.Id);
        return wanted with { Version = wanted.Version + 1, UpdatedAt = now };
    }

    /// <summary>Sets by which keys it proves itself, or that it does so by secrets. Its secrets end: no second way in is left open.</summary>
    /// <returns>The client as it is now; <c>version_mismatch</c>.</returns>
    public async ValueTask<Result<Client, Problem>> SetKeysAsync(TenantTransaction tx, Client client, ClientKeys? keys, CancellationToken ct)
    {
        var now = clock.Now();
        if (!await ClientStore.SetKeysAsync(tx, client, keys, now, ct)) return Http.ETags.Changed;
        if (keys is not null || client.Keys is not null) await ClientStore.DeleteSecretsAsync(tx, client.Id, ct);
        await events.PublishAsync(tx, new ClientUpdated(client.Id), ct);
        Announce(tx, client.Id);
        return client with { Keys = keys, Version = client.Version + 1, UpdatedAt = now };
    }

    /// <returns>Null when it is done; <c>version_mismatch</c>.</returns>
    public async ValueTask<Problem?> DeleteAsync(TenantTransaction tx, ClientId id, long version, CancellationToken ct)
    {
        // First the subscribers, who may still look at the client, then the row with its secrets and scopes.
        await events.PublishAsync(tx, new ClientDeleted(id), ct);
        if (!await ClientStore.DeleteAsync(tx, id, version, ct)) return Http.ETags.Changed;
        Announce(tx, id);
        return null;
    }

    /// <summary>A second secret, so that an application can move to it before the first is removed.</summary>
    /// <returns>The secret's record and the secret itself; <c>client_public</c>, <c>client_has_keys</c>, <c>secret_limit_reached</c>, <c>expires_at_invalid</c>.</returns>
    public async ValueTask<Result<IssuedSecret, Problem>> AddSecretAsync(TenantTransaction tx, Client client, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        if (client.Type == ClientType.Public) return Problem.Conflict("client_public", "A public client has no secrets.");
        if (client.Keys is not null) return Problem.Conflict("client_has_keys", "This client proves itself by its keys and has no secrets.");
        if (expiresAt <= clock.Now()) return Problem.Invalid("expires_at_invalid", "expires_at lies ahead, or is left out for a secret without an end.", "expires_at");
        var (secret, text) = NewSecret(expiresAt);
        if (!await ClientStore.TryInsertSecretAsync(tx, client.Id, secret, ct))
            return Problem.Conflict("secret_limit_reached", "Two secrets live already. Remove the one that is no longer used first.");
        await events.PublishAsync(tx, new ClientSecretAdded(client.Id, secret.Id), ct);
        Announce(tx, client.Id);
        return new IssuedSecret(secret, text);
    }

    /// <returns>False when the client has no such secret.</returns>
    public async ValueTask<bool> RemoveSecretAsync(TenantTransaction tx, ClientId client, ClientSecretId secret, CancellationToken ct)
    {
        if (!await ClientStore.DeleteSecretAsync(tx, client, secret, ct)) return false;
        await events.PublishAsync(tx, new ClientSecretRemoved(client, secret), ct);
        Announce(tx, client);
        return true;
    }

    private (ClientSecret Secret, string Text) NewSecret(DateTimeOffset? expiresAt)
    {
        var text = Secret.New(Secret.ClientSecretPrefix);
        return (new(ClientSecretId.New(clock), Secret.Hash(text), text[^4..], clock.Now(), expiresAt), text);
    }

    private static void Announce(TenantTransaction tx, ClientId id) => tx.Announce(CacheTopic.For(tx.Tenant, ClientDirectory.ClientTopic, id));

    private static string[] Sorted(IReadOnlyList<string> scopes) => [.. scopes.Order(StringComparer.Ordinal)];

    private static Problem ScopeUnknown(string scope) =>
        Problem.Invalid("scope_unknown", $"No API of this tenant has the scope {(scope.Length <= ScopeName.MaxLength ? scope : scope[..ScopeName.MaxLength])}.", "scopes");
}

/// <summary>A client just made. The secret is not stored and cannot be read again.</summary>
public sealed record RegisteredClient(Client Client, string? Secret);

/// <summary>A secret just made. Its text is not stored and cannot be read again.</summary>
public sealed record IssuedSecret(ClientSecret Record, string Text);

/// <summary>What a client is made from.</summary>
public sealed record NewClient(string Name, ClientType Type, bool FirstParty, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> PostLogoutRedirectUris,
    IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes, string IdTokenAlgorithm = "ES256", bool Administrator = false, bool Headless = false)
{
    /// <summary>By which it is to prove itself; null: by a secret.</summary>
    public ClientKeys? Keys { get; init; }
}
