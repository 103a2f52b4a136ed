using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Applications;

/// <summary>The SQL of clients, their secrets and what they may ask for.</summary>
internal static class ClientStore
{
    private const string Columns = """
        c.id, c.name, c.type, c.first_party, c.enabled, c.administrator, c.redirect_uris, c.post_logout_redirect_uris, c.grant_types,
        c.id_token_algorithm, c.version, c.created_at, c.updated_at, c.headless, s.scope,
        c.auth_method, c.auth_algorithm, c.jwks, c.jwks_uri
        """;

    // A client's scopes come with it, one row each: one round trip, and no aggregate that the two databases spell differently.
    private const string Find = $"""
        SELECT {Columns} FROM clients c
        LEFT JOIN client_scopes s ON s.tenant_id = @tenant AND s.client_id = c.id
        WHERE c.tenant_id = @tenant AND c.id = @id
        """;

    // The page is cut before the join, so that the limit counts clients and not their scopes.
    private const string FirstPage = $"""
        SELECT {Columns} FROM (SELECT * FROM clients WHERE tenant_id = @tenant AND name_search LIKE @pattern ESCAPE '\' ORDER BY id DESC LIMIT @limit) c
        LEFT JOIN client_scopes s ON s.tenant_id = @tenant AND s.client_id = c.id
        ORDER BY c.id DESC
        """;

    private const string NextPage = $"""
        SELECT {Columns} FROM (SELECT * FROM clients WHERE tenant_id = @tenant AND name_search LIKE @pattern ESCAPE '\' AND id < @after ORDER BY id DESC LIMIT @limit) c
        LEFT JOIN client_scopes s ON s.tenant_id = @tenant AND s.client_id = c.id
        ORDER BY c.id DESC
        """;

    private const string OldestFirst = $"""
        SELECT {Columns} FROM (SELECT * FROM clients WHERE tenant_id = @tenant AND name_search LIKE @pattern ESCAPE '\' AND id > @after ORDER BY id LIMIT @limit) c
        LEFT JOIN client_scopes s ON s.tenant_id = @tenant AND s.client_id = c.id
        ORDER BY c.id
        """;

    private const string ByName = $"""
        SELECT {Columns} FROM
          (SELECT * FROM clients WHERE tenant_id = @tenant AND name_search LIKE @pattern ESCAPE '\' AND (name_search, id) > (@key, @after) ORDER BY name_search, id LIMIT @limit) c
        LEFT JOIN client_scopes s ON s.tenant_id = @tenant AND s.client_id = c.id
        ORDER BY c.name_search, c.id
        """;

    private const string ByNameBackwards = $"""
        SELECT {Columns} FROM
          (SELECT * FROM clients WHERE tenant_id = @tenant AND name_search LIKE @pattern ESCAPE '\' AND (name_search, id) < (@key, @after) ORDER BY name_search DESC, id DESC LIMIT @limit) c
        LEFT JOIN client_scopes s ON s.tenant_id = @tenant AND s.client_id = c.id
        ORDER BY c.name_search DESC, c.id DESC
        """;

    private const string Insert = """
        INSERT INTO clients (tenant_id, id, name, name_search, type, first_party, enabled, administrator, redirect_uris,
          post_logout_redirect_uris, grant_types, id_token_algorithm, headless, auth_method, auth_algorithm, jwks, jwks_uri, version, created_at, updated_at)
        VALUES (@tenant, @id, @name, @name_search, @type, @first_party, @enabled, @administrator, @redirect_uris,
          @post_logout_redirect_uris, @grant_types, @id_token_algorithm, @headless, @auth_method, @auth_algorithm, @jwks, @jwks_uri, 1, @now, @now)
        """;

    // Only the version that was read may be replaced; the type is for good.
    private const string Update = """
        UPDATE clients SET name = @name, name_search = @name_search, first_party = @first_party, enabled = @enabled,
          administrator = @administrator, redirect_uris = @redirect_uris, post_logout_redirect_uris = @post_logout_redirect_uris,
          grant_types = @grant_types, id_token_algorithm = @id_token_algorithm, headless = @headless, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
        """;

    private const string SetKeys = """
        UPDATE clients SET auth_method = @auth_method, auth_algorithm = @auth_algorithm, jwks = @jwks, jwks_uri = @jwks_uri, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version
        """;

    private const string DeleteSecrets = "DELETE FROM client_secrets WHERE tenant_id = @tenant AND client_id = @client";

    private const string Delete = "DELETE FROM clients WHERE tenant_id = @tenant AND id = @id AND version = @version";

    private const string ClearScopes = "DELETE FROM client_scopes WHERE tenant_id = @tenant AND client_id = @client";

    private const string InsertBuiltInScope = "INSERT INTO client_scopes (tenant_id, client_id, scope) VALUES (@tenant, @client, @scope)";

    // Whether the scope exists and the reference to it are one statement: no row means that no API has registered it.
    private const string InsertApiScope = """
        INSERT INTO client_scopes (tenant_id, client_id, scope, api_scope)
        SELECT tenant_id, @client, name, name FROM api_scopes WHERE tenant_id = @tenant AND name = @scope
        """;

    private const string ListSecrets = """
        SELECT id, hash, hint, created_at, expires_at FROM client_secrets WHERE tenant_id = @tenant AND client_id = @client ORDER BY id
        """;

    // A secret past its time makes room for a new one.
    private const string DropExpiredSecrets = """
        DELETE FROM client_secrets WHERE tenant_id = @tenant AND client_id = @client AND expires_at <= @now
        """;

    // The unique slot, not a count, keeps a third secret out: two callers at once cannot both have the last slot.
    private const string InsertSecret = """
        INSERT INTO client_secrets (tenant_id, id, client_id, slot, hash, hint, created_at, expires_at)
        VALUES (@tenant, @id, @client, @slot, @hash, @hint, @now, @expires_at)
        ON CONFLICT (tenant_id, client_id, slot) DO NOTHING
        """;

    private const string DeleteSecret = "DELETE FROM client_secrets WHERE tenant_id = @tenant AND client_id = @client AND id = @id";

    internal static async ValueTask<Client?> FindAsync(TenantTransaction tx, ClientId id, CancellationToken ct)
    {
        var found = Gather(await tx.ListAsync(Find, [("id", id)], ReadRow, ct));
        return found.Count == 0 ? null : found[0];
    }

    internal static async ValueTask<List<Client>> ListAsync(TenantTransaction tx, int limit, Guid? after, string? namePrefix, CancellationToken ct)
    {
        var pattern = PatternOf(namePrefix);
        return Gather(after is { } id
            ? await tx.ListAsync(NextPage, [("pattern", pattern), ("after", id), ("limit", limit)], ReadRow, ct)
            : await tx.ListAsync(FirstPage, [("pattern", pattern), ("limit", limit)], ReadRow, ct));
    }

    /// <summary>The next clients in the order that was asked for.</summary>
    internal static async ValueTask<List<Client>> ListAsync(TenantTransaction tx, ListQuery<Client> query, string? namePrefix, ListPosition? after, int limit, CancellationToken ct)
    {
        if (query.Sort.Key is null && query.Descending) return await ListAsync(tx, limit, after?.Id, namePrefix, ct);
        var pattern = PatternOf(namePrefix);
        var id = after?.Id ?? (query.Descending ? Guid.AllBitsSet : Guid.Empty);
        if (query.Sort.Key is null) return Gather(await tx.ListAsync(OldestFirst, [("pattern", pattern), ("after", id), ("limit", limit)], ReadRow, ct));
        // Beyond every name: none contains the last code point, which is no character.
        var key = after?.Text ?? (query.Descending ? "\U0010FFFF" : "");
        return Gather(await tx.ListAsync(query.Descending ? ByNameBackwards : ByName, [("pattern", pattern), ("key", key), ("after", id), ("limit", limit)], ReadRow, ct));
    }

    private static string PatternOf(string? namePrefix) => Searchable(namePrefix ?? "").Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";

    internal static ValueTask<int> InsertAsync(TenantTransaction tx, Client client, CancellationToken ct) =>
        tx.ExecuteAsync(Insert,
            [("id", client.Id), ("name", client.Name), ("name_search", Searchable(client.Name)), ("type", TypeText(client.Type)),
             ("first_party", client.FirstParty), ("enabled", client.Enabled), ("administrator", client.Administrator),
             ("redirect_uris", Json(client.RedirectUris)), ("post_logout_redirect_uris", Json(client.PostLogoutRedirectUris)),
             ("grant_types", Json(client.GrantTypes)), ("id_token_algorithm", client.IdTokenAlgorithm), ("headless", client.Headless),
             ("auth_method", MethodText(client.Keys)), ("auth_algorithm", client.Keys?.Algorithm), ("jwks", client.Keys?.Jwks), ("jwks_uri", client.Keys?.JwksUri), ("now", client.CreatedAt)], ct);

    /// <returns>False when the client is gone or no longer has the version of <paramref name="client"/>.</returns>
    internal static async ValueTask<bool> SetKeysAsync(TenantTransaction tx, Client client, ClientKeys? keys, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(SetKeys, [("auth_method", MethodText(keys)), ("auth_algorithm", keys?.Algorithm), ("jwks", keys?.Jwks), ("jwks_uri", keys?.JwksUri), ("now", now),
            ("id", client.Id), ("version", client.Version)], ct) == 1;

    internal static ValueTask<int> DeleteSecretsAsync(TenantTransaction tx, ClientId client, CancellationToken ct) => tx.ExecuteAsync(DeleteSecrets, [("client", client)], ct);

    private static string? MethodText(ClientKeys? keys) => keys is null ? null : ClientKeys.PrivateKey;

    /// <returns>False when the client is gone or no longer has the version of <paramref name="client"/>.</returns>
    internal static async ValueTask<bool> UpdateAsync(TenantTransaction tx, Client client, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update,
            [("name", client.Name), ("name_search", Searchable(client.Name)), ("first_party", client.FirstParty), ("enabled", client.Enabled),
             ("administrator", client.Administrator), ("redirect_uris", Json(client.RedirectUris)),
             ("post_logout_redirect_uris", Json(client.PostLogoutRedirectUris)), ("grant_types", Json(client.GrantTypes)),
             ("id_token_algorithm", client.IdTokenAlgorithm), ("headless", client.Headless), ("now", now), ("id", client.Id), ("version", client.Version)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, ClientId id, long version, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("version", version)], ct) == 1;

    /// <returns>The first scope that nobody has registered; null when all were stored.</returns>
    internal static async ValueTask<string?> ReplaceScopesAsync(TenantTransaction tx, ClientId client, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        await tx.ExecuteAsync(ClearScopes, [("client", client)], ct);
        foreach (var scope in scopes)
        {
            var builtIn = ScopeName.IsBuiltIn(scope);
            if (await tx.ExecuteAsync(builtIn ? InsertBuiltInScope : InsertApiScope, [("client", client), ("scope", scope)], ct) != 1) return scope;
        }
        return null;
    }

    internal static ValueTask<List<ClientSecret>> ListSecretsAsync(TenantTransaction tx, ClientId client, CancellationToken ct) =>
        tx.ListAsync(ListSecrets, [("client", client)],
            row => new ClientSecret(row.Id<ClientSecretId>(0), row.Bytes(1), row.Text(2), row.Time(3), row.TimeOrNull(4)), ct);

    /// <returns>False when two secrets live already.</returns>
    internal static async ValueTask<bool> TryInsertSecretAsync(TenantTransaction tx, ClientId client, ClientSecret secret, CancellationToken ct)
    {
        await tx.ExecuteAsync(DropExpiredSecrets, [("client", client), ("now", secret.CreatedAt)], ct);
        for (var slot = 1; slot <= 2; slot++)
            if (await tx.ExecuteAsync(InsertSecret,
                    [("id", secret.Id), ("client", client), ("slot", slot), ("hash", secret.Hash), ("hint", secret.Hint),
                     ("now", secret.CreatedAt), ("expires_at", secret.ExpiresAt)], ct) == 1) return true;
        return false;
    }

    internal static async ValueTask<bool> DeleteSecretAsync(TenantTransaction tx, ClientId client, ClientSecretId id, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteSecret, [("client", client), ("id", id)], ct) == 1;

    internal static string TypeText(ClientType type) => type == ClientType.Public ? "public" : "confidential";

    // Search ignores case and the compatibility forms of letters, as people do.
    internal static string Searchable(string name) => name.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();

    private static Json Json(IReadOnlyList<string> values) => new(JsonSerializer.Serialize([.. values], ApplicationsJson.Default.StringArray));

    private static string[] Strings(string json) => JsonSerializer.Deserialize(json, ApplicationsJson.Default.StringArray)!;

    private static (Client Client, string? Scope) ReadRow(SqlRow row) =>
        (new Client(row.Id<ClientId>(0), row.Text(1), row.Text(2) == "public" ? ClientType.Public : ClientType.Confidential, row.Bool(3), row.Bool(4), [],
            Strings(row.Text(6)), Strings(row.Text(7)), Strings(row.Text(8)), [], row.Text(9), row.Bool(5), row.Long(10), row.Time(11), row.Time(12), row.Bool(13))
            { Keys = row.TextOrNull(15) is null ? null : new(row.TextOrNull(16), row.TextOrNull(17), row.TextOrNull(18)) },
         row.TextOrNull(14));

    private static List<Client> Gather(List<(Client Client, string? Scope)> rows)
    {
        List<Client> clients = [];
        List<string> scopes = [];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Scope is { } scope) scopes.Add(scope);
            if (i + 1 < rows.Count && rows[i + 1].Client.Id == rows[i].Client.Id) continue;
            scopes.Sort(StringComparer.Ordinal);
            clients.Add(rows[i].Client with { Scopes = [.. scopes] });
            scopes.Clear();
        }
        return clients;
    }
}
