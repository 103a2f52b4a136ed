using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Jobs;

/// <summary>Names a job.</summary>
[JsonConverter(typeof(TypedIdConverter<JobId>))]
public readonly record struct JobId(Guid Value) : ITypedId<JobId>
{
    public static string Prefix => "job";
    public static JobId From(Guid value) => new(value);
    public static JobId New(TimeProvider clock) => TypedId.New<JobId>(clock);
    public static bool TryParse(string? text, out JobId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A room's sort of job: what is done with each row. Registered as a singleton by the room.</summary>
public interface IJobKind
{
    /// <summary>Stable, <c>noun.verb</c>, for example <c>users.bulk</c>.</summary>
    string Name { get; }

    /// <summary>The scope that starting such a job takes: whoever started one must go on holding it, and whoever holds it sees those of others.</summary>
    string Permission { get; }

    /// <summary>What is slow and changes nothing (hashing, asking another server); outside of any transaction. May run more than once for a row.</summary>
    /// <returns>What <see cref="RunAsync"/> gets, or why the row fails; with status 503 the row is tried again later.</returns>
    ValueTask<Result<object, Problem>> PrepareAsync(JobRow row, CancellationToken ct);

    /// <summary>
    /// Does the row, in the transaction in which it is marked as done: it has happened once or not at all. Ask here whether the caller may, as the endpoint
    /// for one would. Writes its own audit entry.
    /// </summary>
    /// <returns>How it went; with a problem nothing of the transaction stays.</returns>
    ValueTask<RowResult> RunAsync(TenantTransaction tx, JobRow row, object prepared, CancellationToken ct);
}

/// <summary>Whether whoever started a job could still start it; provided by Authorization, later in the order.</summary>
public interface IJobAuthority
{
    /// <returns>The caller with what she may at this moment; null when she may not start such a job any more.</returns>
    ValueTask<Caller?> FindAsync(Caller startedBy, TenantId actedOn, OrganizationId? organization, string permission, CancellationToken ct);
}

/// <summary>A job under way.</summary>
/// <param name="Caller">Who started it, with the scopes of the token it was started with and what she is permitted now: the rows may do no more.</param>
/// <param name="Facts">The request that started it, for the audit of its rows.</param>
/// <param name="Parameters">What the kind said when it started the job, JSON.</param>
public sealed record JobRun(JobId Id, string Kind, TenantContext Tenant, Caller Caller, RequestFacts Facts, string Parameters);

/// <param name="Number">Counted from 1, in the order they were given.</param>
public sealed record JobRow(JobRun Job, int Number, ReadOnlyMemory<byte> Input);

/// <summary>How a row went: a problem, or what it made or changed.</summary>
public sealed record RowResult(Problem? Problem, string? ResourceId = null)
{
    public static RowResult Done(string? resourceId = null) => new(null, resourceId);
    public static implicit operator RowResult(Problem problem) => new(problem);
}

/// <summary>A job to be started.</summary>
/// <param name="Parameters">JSON, kept in the clear: no secrets.</param>
/// <param name="Rows">One to <see cref="JobIntake.MaxRows"/>; sealed while they wait.</param>
public sealed record NewJob(string Kind, Caller Caller, RequestFacts Facts, string Parameters, IReadOnlyList<ReadOnlyMemory<byte>> Rows)
{
    /// <summary>The organization it is all about, where one's own administrators may start it; null: the tenant.</summary>
    public OrganizationId? Organization { get; init; }
}
