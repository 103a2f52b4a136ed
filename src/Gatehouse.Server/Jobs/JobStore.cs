using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Jobs;

/// <summary>A job as it is stored.</summary>
internal sealed record StoredJob(JobId Id, string Kind, string State, string? Reason, long Total, long Done, long Failed, string Parameters, Caller Caller,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal RequestFacts Facts { get; init; } = RequestFacts.None;
    internal OrganizationId? Organization { get; init; }
}

/// <summary>How a row went, or that it waits.</summary>
internal sealed record StoredRow(int Number, string State, string? Code, string? Detail, string? ResourceId, DateTimeOffset? FinishedAt);

/// <summary>The SQL of jobs and their rows. What decides that something happens once is a condition on the row that it changes.</summary>
internal static class JobStore
{
    internal const int RowsAtOnce = 10;

    private const string Columns = "id, kind, state, reason, total, done, failed, parameters, caller, created_at, started_at, finished_at, ip_address, user_agent, request_id, organization_id";

    private const string Insert = """
        INSERT INTO jobs (tenant_id, id, kind, state, total, done, failed, parameters, caller, caller_key, organization_id, ip_address, user_agent, request_id, created_at, lease_until, lease_owner)
        VALUES (@tenant, @id, @kind, 'queued', @total, 0, 0, @parameters, @caller, @caller_key, @organization, @ip, @agent, @request, @now, @now, @id)
        """;

    private const string InsertRow = """
        INSERT INTO job_rows (tenant_id, job_id, number, state, input, attempts) VALUES (@tenant, @job, @n0, 'waiting', @i0, 0)
        """;

    // Ten to a round trip: a job of ten thousand rows is stored while its caller waits.
    private const string InsertTenRows = """
        INSERT INTO job_rows (tenant_id, job_id, number, state, input, attempts) VALUES
          (@tenant, @job, @n0, 'waiting', @i0, 0), (@tenant, @job, @n1, 'waiting', @i1, 0), (@tenant, @job, @n2, 'waiting', @i2, 0), (@tenant, @job, @n3, 'waiting', @i3, 0),
          (@tenant, @job, @n4, 'waiting', @i4, 0), (@tenant, @job, @n5, 'waiting', @i5, 0), (@tenant, @job, @n6, 'waiting', @i6, 0), (@tenant, @job, @n7, 'waiting', @i7, 0),
          (@tenant, @job, @n8, 'waiting', @i8, 0), (@tenant, @job, @n9, 'waiting', @i9, 0)
        """;

    private const string SelectOpen = "SELECT id FROM jobs WHERE tenant_id = @tenant AND finished_at IS NULL LIMIT @limit";
    private const string SelectOne = $"SELECT {Columns} FROM jobs WHERE tenant_id = @tenant AND id = @id";
    private const string NewestFirst = $"SELECT {Columns} FROM jobs WHERE tenant_id = @tenant AND id < @after ORDER BY id DESC LIMIT @limit";
    private const string OldestFirst = $"SELECT {Columns} FROM jobs WHERE tenant_id = @tenant AND id > @after ORDER BY id LIMIT @limit";

    // Across tenants, for the worker: whose turn it is, longest waiting first. Reads the partial index only.
    private const string SelectDue = "SELECT tenant_id, id FROM jobs WHERE finished_at IS NULL AND lease_until <= @now ORDER BY lease_until LIMIT @limit";

    // Whoever moves the lease first has the job until then; a process that dies gives it back by itself.
    private const string Claim = """
        UPDATE jobs SET state = 'running', lease_until = @until, lease_owner = @owner, started_at = coalesce(started_at, @now)
        WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL AND lease_until <= @now
        """;

    // In the transaction of the row's own work: without the lease, or when the job was cancelled meanwhile, that work is rolled back.
    private const string Advance = """
        UPDATE jobs SET done = done + @done, failed = failed + @failed, lease_until = @until
        WHERE tenant_id = @tenant AND id = @id AND lease_owner = @owner AND finished_at IS NULL
        """;

    private const string Release = "UPDATE jobs SET lease_until = @until WHERE tenant_id = @tenant AND id = @id AND lease_owner = @owner AND finished_at IS NULL";

    private const string Finish = """
        UPDATE jobs SET state = @state, reason = @reason, finished_at = @now WHERE tenant_id = @tenant AND id = @id AND lease_owner = @owner AND finished_at IS NULL
        """;

    private const string Cancel = "UPDATE jobs SET state = 'cancelled', finished_at = @now WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL";

    // What is not done any more is forgotten: it may hold passwords.
    private const string DropWaiting = "UPDATE job_rows SET state = 'cancelled', input = NULL WHERE tenant_id = @tenant AND job_id = @job AND state = 'waiting'";

    private const string NextRows = """
        SELECT number, input, attempts FROM job_rows WHERE tenant_id = @tenant AND job_id = @job AND state = 'waiting' ORDER BY number LIMIT @limit
        """;

    // Of two that did the same row, one finds it waiting.
    private const string FinishRow = """
        UPDATE job_rows SET state = @state, code = @code, detail = @detail, resource_id = @resource, input = NULL, finished_at = @now
        WHERE tenant_id = @tenant AND job_id = @job AND number = @number AND state = 'waiting'
        """;

    private const string CountAttempt = """
        UPDATE job_rows SET attempts = attempts + 1 WHERE tenant_id = @tenant AND job_id = @job AND number = @number AND state = 'waiting'
        """;

    private const string Rows = """
        SELECT number, state, code, detail, resource_id, finished_at FROM job_rows
        WHERE tenant_id = @tenant AND job_id = @job AND number > @after ORDER BY number LIMIT @limit
        """;

    private const string RowsBackwards = """
        SELECT number, state, code, detail, resource_id, finished_at FROM job_rows
        WHERE tenant_id = @tenant AND job_id = @job AND number < @after ORDER BY number DESC LIMIT @limit
        """;

    private const string RowsOfState = """
        SELECT number, state, code, detail, resource_id, finished_at FROM job_rows
        WHERE tenant_id = @tenant AND job_id = @job AND state = @state AND number > @after ORDER BY number LIMIT @limit
        """;

    private const string TenantsWithOld = "SELECT DISTINCT tenant_id FROM jobs WHERE finished_at < @cutoff LIMIT 200";
    private const string DeleteOld = """
        DELETE FROM jobs WHERE tenant_id = @tenant AND id IN (SELECT id FROM jobs WHERE tenant_id = @tenant AND finished_at < @cutoff ORDER BY finished_at LIMIT 5)
        """;

    /// <summary>How it went is kept for thirty days.</summary>
    internal static ExpiredRows Pruning { get; } = new("jobs", TenantsWithOld, DeleteOld, TimeSpan.FromDays(30));

    internal static async ValueTask InsertAsync(TenantTransaction tx, StoredJob job, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", job.Id), ("kind", job.Kind), ("total", job.Total), ("parameters", new Json(job.Parameters)), ("caller", StoredCaller.Write(job.Caller)),
             ("caller_key", KeyOf(job.Caller)), ("organization", job.Organization), ("ip", job.Facts.IpAddress), ("agent", job.Facts.UserAgent), ("request", job.Facts.RequestId), ("now", job.CreatedAt)], ct);

    /// <param name="rows">At most <see cref="RowsAtOnce"/>.</param>
    internal static async ValueTask InsertRowsAsync(TenantTransaction tx, JobId job, IReadOnlyList<(int Number, byte[] Input)> rows, CancellationToken ct)
    {
        if (rows.Count < RowsAtOnce)
        {
            foreach (var (number, input) in rows) await tx.ExecuteAsync(InsertRow, [("job", job), ("n0", number), ("i0", input)], ct);
            return;
        }
        await tx.ExecuteAsync(InsertTenRows,
            [("job", job), ("n0", rows[0].Number), ("i0", rows[0].Input), ("n1", rows[1].Number), ("i1", rows[1].Input), ("n2", rows[2].Number), ("i2", rows[2].Input),
             ("n3", rows[3].Number), ("i3", rows[3].Input), ("n4", rows[4].Number), ("i4", rows[4].Input), ("n5", rows[5].Number), ("i5", rows[5].Input),
             ("n6", rows[6].Number), ("i6", rows[6].Input), ("n7", rows[7].Number), ("i7", rows[7].Input), ("n8", rows[8].Number), ("i8", rows[8].Input),
             ("n9", rows[9].Number), ("i9", rows[9].Input)], ct);
    }

    /// <returns>How many are under way, counted to <paramref name="most"/>.</returns>
    internal static async ValueTask<int> CountOpenAsync(TenantTransaction tx, int most, CancellationToken ct) =>
        (await tx.ListAsync(SelectOpen, [("limit", most)], row => row.Guid(0), ct)).Count;

    internal static ValueTask<StoredJob?> FindAsync(TenantTransaction tx, JobId id, CancellationToken ct) => tx.FindAsync(SelectOne, [("id", id)], Read, ct);

    internal static ValueTask<List<StoredJob>> ListAsync(TenantTransaction tx, bool newestFirst, Guid? after, int limit, CancellationToken ct) => newestFirst
        ? tx.ListAsync(NewestFirst, [("after", after ?? Guid.AllBitsSet), ("limit", limit)], Read, ct)
        : tx.ListAsync(OldestFirst, [("after", after ?? Guid.Empty), ("limit", limit)], Read, ct);

    internal static ValueTask<List<(TenantId Tenant, JobId Job)>> ListDueAsync(SystemTransaction tx, DateTimeOffset now, int limit, CancellationToken ct) =>
        tx.ListAsync(SelectDue, [("now", now), ("limit", limit)], row => (row.Id<TenantId>(0), row.Id<JobId>(1)), ct);

    internal static async ValueTask<bool> TryClaimAsync(TenantTransaction tx, JobId id, Guid owner, DateTimeOffset now, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync(Claim, [("until", until), ("owner", owner), ("now", now), ("id", id)], ct) == 1;

    /// <returns>False when the lease is lost or the job is over: then the caller does not commit.</returns>
    internal static async ValueTask<bool> TryAdvanceAsync(TenantTransaction tx, JobId id, Guid owner, bool succeeded, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync(Advance, [("done", succeeded ? 1 : 0), ("failed", succeeded ? 0 : 1), ("until", until), ("id", id), ("owner", owner)], ct) == 1;

    internal static async ValueTask<bool> TryReleaseAsync(TenantTransaction tx, JobId id, Guid owner, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync(Release, [("until", until), ("id", id), ("owner", owner)], ct) == 1;

    internal static async ValueTask<bool> TryFinishAsync(TenantTransaction tx, JobId id, Guid owner, string state, string? reason, DateTimeOffset now, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Finish, [("state", state), ("reason", reason), ("now", now), ("id", id), ("owner", owner)], ct) != 1) return false;
        await tx.ExecuteAsync(DropWaiting, [("job", id)], ct);
        return true;
    }

    /// <returns>False when it is over.</returns>
    internal static async ValueTask<bool> TryCancelAsync(TenantTransaction tx, JobId id, DateTimeOffset now, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Cancel, [("now", now), ("id", id)], ct) != 1) return false;
        await tx.ExecuteAsync(DropWaiting, [("job", id)], ct);
        return true;
    }

    internal static ValueTask<List<(int Number, byte[] Input, int Attempts)>> ListWaitingAsync(TenantTransaction tx, JobId job, int limit, CancellationToken ct) =>
        tx.ListAsync(NextRows, [("job", job), ("limit", limit)], row => (row.Int(0), row.Bytes(1), row.Int(2)), ct);

    internal static async ValueTask<bool> TryFinishRowAsync(TenantTransaction tx, JobId job, int number, RowResult result, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(FinishRow,
            [("state", result.Problem is null ? "done" : "failed"), ("code", result.Problem?.Code), ("detail", result.Problem?.Detail), ("resource", result.ResourceId), ("now", now),
             ("job", job), ("number", number)], ct) == 1;

    internal static async ValueTask<bool> TryCountAttemptAsync(TenantTransaction tx, JobId job, int number, CancellationToken ct) =>
        await tx.ExecuteAsync(CountAttempt, [("job", job), ("number", number)], ct) == 1;

    internal static ValueTask<List<StoredRow>> ListRowsAsync(TenantTransaction tx, JobId job, long? after, bool descending, string? state, int limit, CancellationToken ct) =>
        descending ? tx.ListAsync(RowsBackwards, [("job", job), ("after", after ?? long.MaxValue), ("limit", limit)], ReadRow, ct)
        : state is null ? tx.ListAsync(Rows, [("job", job), ("after", after ?? 0L), ("limit", limit)], ReadRow, ct)
        : tx.ListAsync(RowsOfState, [("job", job), ("state", state), ("after", after ?? 0L), ("limit", limit)], ReadRow, ct);

    /// <summary>Tells one caller from another: the home tenant is part of who called.</summary>
    internal static string KeyOf(Caller caller) => $"{caller.HomeTenant}:{caller.Kind}:{caller.Id}";

    private static StoredRow ReadRow(SqlRow row) => new(row.Int(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TimeOrNull(5));

    private static StoredJob Read(SqlRow row) =>
        new(row.Id<JobId>(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Long(4), row.Long(5), row.Long(6), row.Text(7),
            StoredCaller.Read(row.Text(8)), row.Time(9), row.TimeOrNull(10), row.TimeOrNull(11)) { Facts = new(row.Text(12), row.Text(13), row.Text(14)), Organization = row.IdOrNull<OrganizationId>(15) };
}
