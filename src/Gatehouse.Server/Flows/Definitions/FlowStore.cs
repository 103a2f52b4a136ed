using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Flows.Definitions;

/// <param name="Version">0: the product's own.</param>
/// <param name="Revision">Rises with every change of which version is in force; the ETag.</param>
internal sealed record FlowState(long Version, long Revision, string? Definition);

/// <param name="CreatedBy">Prefixed id of who wrote it.</param>
internal sealed record FlowVersion(long Version, string Definition, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>The SQL of definitions and of what people agreed to.</summary>
internal static class FlowStore
{
    private const string FindActive = """
        SELECT s.active, s.revision, v.definition FROM flow_states s
        LEFT JOIN flow_versions v ON v.tenant_id = @tenant AND v.kind = s.kind AND v.version = s.active
        WHERE s.tenant_id = @tenant AND s.kind = @kind
        """;

    private const string SelectVersion = "SELECT version, definition, created_at, created_by FROM flow_versions WHERE tenant_id = @tenant AND kind = @kind AND version = @version";

    private const string ListVersions = """
        SELECT version, definition, created_at, created_by FROM flow_versions WHERE tenant_id = @tenant AND kind = @kind AND version < @before
        ORDER BY version DESC LIMIT @limit
        """;

    // The next number in the same statement; of two writers at once the second finds it taken and writes nothing.
    private const string InsertVersion = """
        INSERT INTO flow_versions (tenant_id, kind, version, definition, created_at, created_by)
        SELECT @tenant, @kind, COALESCE(MAX(version), 0) + 1, @definition, @now, @by FROM flow_versions WHERE tenant_id = @tenant AND kind = @kind
        ON CONFLICT DO NOTHING RETURNING version
        """;

    private const string InsertState = "INSERT INTO flow_states (tenant_id, kind, active, revision) VALUES (@tenant, @kind, @active, 1) ON CONFLICT DO NOTHING";

    private const string UpdateState = "UPDATE flow_states SET active = @active, revision = revision + 1 WHERE tenant_id = @tenant AND kind = @kind AND revision = @revision";

    // Old versions beyond what anybody rolls back to; never the one in force.
    private const string Trim = """
        DELETE FROM flow_versions WHERE tenant_id = @tenant AND kind = @kind AND version <= @oldest AND version <> @active
        """;

    private const string Accept = """
        INSERT INTO accepted_terms (tenant_id, user_id, terms, version, accepted_at) VALUES (@tenant, @user, @terms, @version, @now) ON CONFLICT DO NOTHING
        """;

    private const string Accepted = "SELECT accepted_at FROM accepted_terms WHERE tenant_id = @tenant AND user_id = @user AND terms = @terms AND version = @version";

    private const string Answer = """
        INSERT INTO answered_steps (tenant_id, user_id, step, answered_at) VALUES (@tenant, @user, @step, @now) ON CONFLICT DO NOTHING
        """;

    private const string Answered = "SELECT answered_at FROM answered_steps WHERE tenant_id = @tenant AND user_id = @user AND step = @step";

    private const string ForgetAnswers = "DELETE FROM answered_steps WHERE tenant_id = @tenant AND user_id = @user";

    private const string ListAccepted = "SELECT terms, version, accepted_at FROM accepted_terms WHERE tenant_id = @tenant AND user_id = @user ORDER BY accepted_at DESC, terms, version LIMIT 500";

    private const string ForgetUser = "DELETE FROM accepted_terms WHERE tenant_id = @tenant AND user_id = @user";

    internal static ValueTask<FlowState?> FindActiveAsync(TenantTransaction tx, string kind, CancellationToken ct) =>
        tx.FindAsync(FindActive, [("kind", kind)], row => new FlowState(row.Long(0), row.Long(1), row.TextOrNull(2)), ct);

    internal static ValueTask<FlowVersion?> FindVersionAsync(TenantTransaction tx, string kind, long version, CancellationToken ct) =>
        tx.FindAsync(SelectVersion, [("kind", kind), ("version", version)], Read, ct);

    internal static ValueTask<List<FlowVersion>> ListVersionsAsync(TenantTransaction tx, string kind, long before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListVersions, [("kind", kind), ("before", before), ("limit", limit)], Read, ct);

    /// <returns>Its number; null when another writer was faster.</returns>
    internal static ValueTask<long?> InsertVersionAsync(TenantTransaction tx, string kind, string definition, DateTimeOffset now, string by, CancellationToken ct) =>
        tx.FindValueAsync(InsertVersion, [("kind", kind), ("definition", definition), ("now", now), ("by", by)], row => row.Long(0), ct);

    /// <param name="revision">As it was read; 0: there was none.</param>
    internal static async ValueTask<bool> ActivateAsync(TenantTransaction tx, string kind, long version, long revision, CancellationToken ct) =>
        (revision == 0
            ? await tx.ExecuteAsync(InsertState, [("kind", kind), ("active", version)], ct)
            : await tx.ExecuteAsync(UpdateState, [("active", version), ("kind", kind), ("revision", revision)], ct)) == 1;

    internal static async ValueTask TrimAsync(TenantTransaction tx, string kind, long oldest, long active, CancellationToken ct) =>
        await tx.ExecuteAsync(Trim, [("kind", kind), ("oldest", oldest), ("active", active)], ct);

    /// <returns>False when she had agreed to it before.</returns>
    internal static async ValueTask<bool> AcceptAsync(TenantTransaction tx, UserId user, string terms, string version, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Accept, [("user", user), ("terms", terms), ("version", version), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> HasAcceptedAsync(TenantTransaction tx, UserId user, string terms, string version, CancellationToken ct) =>
        await tx.FindValueAsync(Accepted, [("user", user), ("terms", terms), ("version", version)], row => row.Time(0), ct) is not null;

    /// <returns>False when she had answered it before.</returns>
    internal static async ValueTask<bool> AnsweredAsync(TenantTransaction tx, UserId user, string step, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Answer, [("user", user), ("step", step), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> HasAnsweredAsync(TenantTransaction tx, UserId user, string step, CancellationToken ct) =>
        await tx.FindValueAsync(Answered, [("user", user), ("step", step)], row => row.Time(0), ct) is not null;

    internal static async ValueTask ForgetAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await tx.ExecuteAsync(ForgetUser, [("user", user)], ct);
        await tx.ExecuteAsync(ForgetAnswers, [("user", user)], ct);
    }

    internal static ValueTask<List<AcceptedTerms>> ListAcceptedAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(ListAccepted, [("user", user)], row => new AcceptedTerms(row.Text(0), row.Text(1), row.Time(2)), ct);

    private static FlowVersion Read(SqlRow row) => new(row.Long(0), row.Text(1), row.Time(2), row.Text(3));
}
