using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Applications;

/// <summary>The SQL of APIs and their scopes.</summary>
internal static class ApiStore
{
    private const string Columns = """
        a.id, a.identifier, a.name, a.access_token_seconds, a.signing_algorithm, a.is_system, a.version, a.created_at, a.updated_at, s.name, s.description
        """;

    // Scopes come with their API, one row each. Bounded by what may be registered: 500 APIs of 100 scopes.
    private const string ListAll = $"""
        SELECT {Columns} FROM apis a
        LEFT JOIN api_scopes s ON s.tenant_id = @tenant AND s.api_id = a.id
        WHERE a.tenant_id = @tenant ORDER BY a.id, s.name
        """;

    private const string Find = $"""
        SELECT {Columns} FROM apis a
        LEFT JOIN api_scopes s ON s.tenant_id = @tenant AND s.api_id = a.id
        WHERE a.tenant_id = @tenant AND a.id = @id ORDER BY s.name
        """;

    private const string Count = "SELECT count(*) FROM apis WHERE tenant_id = @tenant";

    private const string Insert = """
        INSERT INTO apis (tenant_id, id, identifier, name, access_token_seconds, signing_algorithm, is_system, version, created_at, updated_at)
        VALUES (@tenant, @id, @identifier, @name, @seconds, @algorithm, @system, 1, @now, @now)
        ON CONFLICT (tenant_id, identifier) DO NOTHING
        """;

    // The identifier is what tokens already carry: it never changes. The management API is the product's, not the tenant's.
    private const string Update = """
        UPDATE apis SET name = @name, access_token_seconds = @seconds, signing_algorithm = @algorithm, version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id = @id AND version = @version AND NOT is_system
        """;

    private const string Delete = "DELETE FROM apis WHERE tenant_id = @tenant AND id = @id AND version = @version AND NOT is_system";

    private const string InsertScope = """
        INSERT INTO api_scopes (tenant_id, name, api_id, description) VALUES (@tenant, @name, @api, @description)
        ON CONFLICT (tenant_id, name) DO NOTHING
        """;

    private const string UpdateScope = "UPDATE api_scopes SET description = @description WHERE tenant_id = @tenant AND api_id = @api AND name = @name";

    // Clients lose the scope by the reference's cascade.
    private const string DeleteScope = "DELETE FROM api_scopes WHERE tenant_id = @tenant AND api_id = @api AND name = @name";

    // Losing a scope is a change of the client: whoever edits it from an older version must look again.
    private const string TouchClients = """
        UPDATE clients SET version = version + 1, updated_at = @now
        WHERE tenant_id = @tenant AND id IN (SELECT client_id FROM client_scopes WHERE tenant_id = @tenant AND api_scope = @name)
        """;

    internal static async ValueTask<List<Api>> ListAllAsync(TenantTransaction tx, CancellationToken ct) => Gather(await tx.ListAsync(ListAll, [], ReadRow, ct));

    internal static async ValueTask<Api?> FindAsync(TenantTransaction tx, ApiId id, CancellationToken ct)
    {
        var found = Gather(await tx.ListAsync(Find, [("id", id)], ReadRow, ct));
        return found.Count == 0 ? null : found[0];
    }

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(Count, [], row => row.Long(0), ct) ?? 0;

    /// <returns>False when the identifier is taken.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Api api, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", api.Id), ("identifier", api.Identifier), ("name", api.Name), ("seconds", api.AccessTokenSeconds), ("algorithm", api.SigningAlgorithm),
             ("system", api.System), ("now", api.CreatedAt)], ct) == 1;

    internal static async ValueTask<bool> UpdateAsync(TenantTransaction tx, Api api, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Update,
            [("name", api.Name), ("seconds", api.AccessTokenSeconds), ("algorithm", api.SigningAlgorithm), ("now", now), ("id", api.Id), ("version", api.Version)], ct) == 1;

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, ApiId id, long version, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("id", id), ("version", version)], ct) == 1;

    /// <returns>False when another API of the tenant has a scope of that name.</returns>
    internal static async ValueTask<bool> TryInsertScopeAsync(TenantTransaction tx, ApiId api, string name, string description, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertScope, [("name", name), ("api", api), ("description", description)], ct) == 1;

    internal static ValueTask<int> UpdateScopeAsync(TenantTransaction tx, ApiId api, string name, string description, CancellationToken ct) =>
        tx.ExecuteAsync(UpdateScope, [("description", description), ("api", api), ("name", name)], ct);

    internal static async ValueTask DeleteScopeAsync(TenantTransaction tx, ApiId api, string name, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync(TouchClients, [("now", now), ("name", name)], ct);
        await tx.ExecuteAsync(DeleteScope, [("api", api), ("name", name)], ct);
    }

    private static (Api Api, string? Scope, string? Description) ReadRow(SqlRow row)
    {
        var system = row.Bool(5);
        return (new Api(row.Id<ApiId>(0), row.Text(1), row.Text(2), system ? Http.Scopes.All : [], (int?)row.LongOrNull(3), row.Text(4), system, row.Long(6))
        {
            CreatedAt = row.Time(7), UpdatedAt = row.Time(8),
        }, row.TextOrNull(9), row.TextOrNull(10));
    }

    private static List<Api> Gather(List<(Api Api, string? Scope, string? Description)> rows)
    {
        List<Api> apis = [];
        Dictionary<string, string> scopes = new(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var (api, scope, description) = rows[i];
            if (scope is not null) scopes.Add(scope, description!);
            if (i + 1 < rows.Count && rows[i + 1].Api.Id == api.Id) continue;
            // The management API's scopes are this program's own: no rows, so that a new version brings its new scopes with it.
            apis.Add(api.System ? api : api with { Scopes = [.. scopes.Keys], ScopeDescriptions = scopes });
            scopes = new(StringComparer.Ordinal);
        }
        return apis;
    }
}
