namespace Gatehouse.Jobs;

/// <summary>A job as the management API shows one.</summary>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>cancelled</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it was stopped: <c>permission_withdrawn</c>, <c>kind_unknown</c>; else null.</param>
/// <param name="Done">Rows that went well; with <paramref name="Failed"/> they are those that need no more work.</param>
public sealed record JobView(JobId Id, string Kind, string State, string? Reason, long Total, long Done, long Failed, JobStarter StartedBy,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal static JobView Of(StoredJob job) => new(job.Id, job.Kind, job.State, job.Reason, job.Total, job.Done, job.Failed, new(job.Caller.Kind, job.Caller.Id), job.CreatedAt, job.StartedAt, job.FinishedAt);
}

/// <summary>The user or client that started a job.</summary>
public sealed record JobStarter(string Kind, string Id);

/// <summary>How one row of a job went.</summary>
/// <param name="Number">Counted from 1, in the order the rows were given.</param>
/// <param name="State"><c>waiting</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Code">The problem's code when it failed; <paramref name="Detail"/> says it to people.</param>
/// <param name="ResourceId">What the row made or changed.</param>
internal sealed record JobRowView(int Number, string State, string? Code, string? Detail, string? ResourceId, DateTimeOffset? FinishedAt)
{
    internal static JobRowView Of(StoredRow row) => new(row.Number, row.State, row.Code, row.Detail, row.ResourceId, row.FinishedAt);
}
