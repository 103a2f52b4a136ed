using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Invitations;

/// <summary>Many invitations, asked for at once.</summary>
internal sealed record Batch(Guid Id, OrganizationId OrganizationId, string Locale, TimeSpan Lifetime, string ActorKind, string ActorId, long Total, long Done, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>One of them.</summary>
/// <param name="Result"><c>invited</c>, or the code of what was wrong; null: not yet its turn.</param>
internal sealed record BatchRow(long Number, string Email, IReadOnlyList<string> Roles, string? Result, InvitationId? InvitationId);

/// <summary>The SQL of batches.</summary>
internal static class BatchStore
{
    private const string Columns = "id, organization_id, locale, lifetime_seconds, actor_kind, actor_id, total, done, created_at, finished_at";

    private const string Insert = """
        INSERT INTO invitation_batches (tenant_id, id, organization_id, locale, lifetime_seconds, actor_kind, actor_id, total, done, created_at)
        VALUES (@tenant, @id, @organization, @locale, @lifetime, @kind, @actor, @total, 0, @now)
        """;
    private const string InsertRow = """
        INSERT INTO invitation_batch_rows (tenant_id, batch_id, row_number, email, roles) VALUES (@tenant, @batch, @number, @email, @roles)
        """;
    private const string Select = $"SELECT {Columns} FROM invitation_batches WHERE tenant_id = @tenant AND id = @id";
    private const string SelectOpen = $"SELECT {Columns} FROM invitation_batches WHERE tenant_id = @tenant AND finished_at IS NULL ORDER BY created_at LIMIT 1";
    private const string OpenOf = "SELECT DISTINCT tenant_id FROM invitation_batches WHERE finished_at IS NULL AND created_at <= @now LIMIT 100";

    // Takes the row's lock: of several processes, one works on a batch at a time, and goes on where the last one stopped.
    private const string Hold = "UPDATE invitation_batches SET done = done WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL";
    private const string SelectDue = """
        SELECT row_number, email, roles, result, invitation_id FROM invitation_batch_rows
        WHERE tenant_id = @tenant AND batch_id = @batch AND row_number > @after AND result IS NULL ORDER BY row_number LIMIT @limit
        """;
    private const string SelectRows = """
        SELECT row_number, email, roles, result, invitation_id FROM invitation_batch_rows
        WHERE tenant_id = @tenant AND batch_id = @batch AND row_number > @after ORDER BY row_number LIMIT @limit
        """;
    private const string Answer = """
        UPDATE invitation_batch_rows SET result = @result, invitation_id = @invitation WHERE tenant_id = @tenant AND batch_id = @batch AND row_number = @number AND result IS NULL
        """;
    private const string Advance = "UPDATE invitation_batches SET done = done + @count WHERE tenant_id = @tenant AND id = @id";
    private const string Finish = "UPDATE invitation_batches SET finished_at = @now WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL";

    private const string FinishedOf = "SELECT DISTINCT tenant_id FROM invitation_batches WHERE finished_at < @cutoff LIMIT 1000";
    private const string DeleteFinished = """
        DELETE FROM invitation_batches WHERE tenant_id = @tenant AND id IN (SELECT id FROM invitation_batches WHERE tenant_id = @tenant AND finished_at < @cutoff LIMIT 20)
        """;

    internal static ExpiredRows Pruning { get; } = new("invitation_batches", FinishedOf, DeleteFinished, TimeSpan.FromDays(30));

    internal static async ValueTask InsertAsync(TenantTransaction tx, Batch b, IReadOnlyList<(string Email, IReadOnlyList<string> Roles)> rows, CancellationToken ct)
    {
        await tx.ExecuteAsync(Insert,
            [("id", b.Id), ("organization", b.OrganizationId), ("locale", b.Locale), ("lifetime", (long)b.Lifetime.TotalSeconds), ("kind", b.ActorKind), ("actor", b.ActorId), ("total", b.Total), ("now", b.CreatedAt)], ct);
        for (var i = 0; i < rows.Count; i++)
            await tx.ExecuteAsync(InsertRow, [("batch", b.Id), ("number", i + 1L), ("email", rows[i].Email), ("roles", new Json(InvitationsJson.Write(rows[i].Roles)))], ct);
    }

    internal static ValueTask<Batch?> FindAsync(TenantTransaction tx, Guid id, CancellationToken ct) => tx.FindAsync(Select, [("id", id)], Read, ct);

    internal static ValueTask<Batch?> FindOpenAsync(TenantTransaction tx, CancellationToken ct) => tx.FindAsync(SelectOpen, [], Read, ct);

    internal static ValueTask<List<TenantId>> FindTenantsAsync(SystemTransaction tx, DateTimeOffset now, CancellationToken ct) => tx.ListAsync(OpenOf, [("now", now)], row => row.Id<TenantId>(0), ct);

    internal static async ValueTask<bool> HoldAsync(TenantTransaction tx, Guid id, CancellationToken ct) => await tx.ExecuteAsync(Hold, [("id", id)], ct) == 1;

    internal static ValueTask<List<BatchRow>> ListDueAsync(TenantTransaction tx, Guid batch, long after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectDue, [("batch", batch), ("after", after), ("limit", limit)], ReadRow, ct);

    internal static ValueTask<List<BatchRow>> ListAsync(TenantTransaction tx, Guid batch, long after, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectRows, [("batch", batch), ("after", after), ("limit", limit)], ReadRow, ct);

    internal static async ValueTask<bool> AnswerAsync(TenantTransaction tx, Guid batch, long number, string result, InvitationId? invitation, CancellationToken ct) =>
        await tx.ExecuteAsync(Answer, [("result", result), ("invitation", invitation), ("batch", batch), ("number", number)], ct) == 1;

    internal static async ValueTask AdvanceAsync(TenantTransaction tx, Guid id, int count, CancellationToken ct) => await tx.ExecuteAsync(Advance, [("count", count), ("id", id)], ct);

    internal static async ValueTask FinishAsync(TenantTransaction tx, Guid id, DateTimeOffset now, CancellationToken ct) => await tx.ExecuteAsync(Finish, [("now", now), ("id", id)], ct);

    private static Batch Read(SqlRow row) => new(row.Guid(0), row.Id<OrganizationId>(1), row.Text(2), TimeSpan.FromSeconds(row.Long(3)), row.Text(4), row.Text(5), row.Long(6), row.Long(7), row.Time(8), row.TimeOrNull(9));

    private static BatchRow ReadRow(SqlRow row) => new(row.Long(0), row.Text(1), InvitationsJson.Read(row.Text(2)), row.TextOrNull(3), row.IdOrNull<InvitationId>(4));
}
