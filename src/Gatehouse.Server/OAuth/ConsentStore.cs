using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>The SQL of consents: one row per scope that a user allowed a client.</summary>
internal static class ConsentStore
{
    private const string Insert = """
        INSERT INTO consents (tenant_id, user_id, client_id, scope, created_at) VALUES (@tenant, @user, @client, @scope, @now)
        ON CONFLICT (tenant_id, user_id, client_id, scope) DO NOTHING
        """;

    private const string SelectScopes = "SELECT scope FROM consents WHERE tenant_id = @tenant AND user_id = @user AND client_id = @client ORDER BY scope LIMIT @limit";

    // A client holds at most 200 scopes; 200 clients of one user are listed.
    private const string SelectOfUser = """
        SELECT client_id, scope, created_at FROM consents WHERE tenant_id = @tenant AND user_id = @user ORDER BY created_at DESC, client_id, scope LIMIT @limit
        """;

    private const string Delete = "DELETE FROM consents WHERE tenant_id = @tenant AND user_id = @user AND client_id = @client";
    private const string DeleteOfUser = "DELETE FROM consents WHERE tenant_id = @tenant AND user_id = @user";
    private const string DeleteOfClient = "DELETE FROM consents WHERE tenant_id = @tenant AND client_id = @client";

    // The first answer stands: a second post of the same page changes nothing.
    private const string InsertAnswer = """
        INSERT INTO consent_answers (tenant_id, interaction_id, allowed, expires_at) VALUES (@tenant, @interaction, @allowed, @expires)
        ON CONFLICT (tenant_id, interaction_id) DO NOTHING
        """;

    private const string SelectAnswer = "SELECT allowed FROM consent_answers WHERE tenant_id = @tenant AND interaction_id = @interaction";

    private const int MaxRows = 10_000, MaxScopes = 1000;

    internal static async ValueTask GiveAsync(TenantTransaction tx, UserId user, ClientId client, IReadOnlyList<string> scopes, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var scope in scopes) await tx.ExecuteAsync(Insert, [("user", user), ("client", client), ("scope", scope), ("now", now)], ct);
    }

    internal static ValueTask<List<string>> ListScopesAsync(TenantTransaction tx, UserId user, ClientId client, CancellationToken ct) =>
        tx.ListAsync(SelectScopes, [("user", user), ("client", client), ("limit", MaxScopes)], static row => row.Text(0), ct);

    internal static ValueTask<List<(ClientId Client, string Scope, DateTimeOffset At)>> ListOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(SelectOfUser, [("user", user), ("limit", MaxRows)], static row => (row.Id<ClientId>(0), row.Text(1), row.Time(2)), ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, UserId user, ClientId client, CancellationToken ct) =>
        await tx.ExecuteAsync(Delete, [("user", user), ("client", client)], ct) > 0;

    internal static async ValueTask DeleteOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) => await tx.ExecuteAsync(DeleteOfUser, [("user", user)], ct);

    internal static async ValueTask DeleteOfClientAsync(TenantTransaction tx, ClientId client, CancellationToken ct) => await tx.ExecuteAsync(DeleteOfClient, [("client", client)], ct);

    internal static async ValueTask<bool> AnswerAsync(TenantTransaction tx, InteractionId interaction, bool allowed, DateTimeOffset expires, CancellationToken ct) =>
        await tx.ExecuteAsync(InsertAnswer, [("interaction", interaction), ("allowed", allowed), ("expires", expires)], ct) == 1;

    internal static ValueTask<bool?> FindAnswerAsync(TenantTransaction tx, InteractionId interaction, CancellationToken ct) =>
        tx.FindValueAsync(SelectAnswer, [("interaction", interaction)], static row => row.Bool(0), ct);
}
