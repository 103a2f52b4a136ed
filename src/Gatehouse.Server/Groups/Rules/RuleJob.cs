using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Groups.Rules;

/// <summary>
/// Brings everybody of the tenant under a rule that was written: a row of the job is some hundred users, whose ids lie between two others. The last row has no upper bound, so that
/// who came meanwhile is among them.
/// </summary>
internal sealed class RuleJob(RuleLanguage language, RuleMembership membership, GroupDirectory groups, IGroupGuard guard, UserDirectory users) : IJobKind
{
    internal const string KindName = "groups.rule";

    /// <summary>Users of one row: a fraction of a second's work, in one transaction.</summary>
    private const int Slice = 500;

    /// <param name="Revision">Of the rule for which the job was begun.</param>
    internal sealed record Parameters(GroupId Group, Guid Revision);

    /// <param name="From">The lowest id of the row; <paramref name="Before"/>: the first that is none of it any more.</param>
    internal sealed record Range(Guid From, Guid Before);

    public string Name => KindName;
    public string Permission => Scopes.GroupsWrite;

    public ValueTask<Result<object, Problem>> PrepareAsync(JobRow row, CancellationToken ct) => new(JsonSerializer.Deserialize(row.Input.Span, GroupsJson.Default.RuleRange)!);

    public async ValueTask<RowResult> RunAsync(TenantTransaction tx, JobRow row, object prepared, CancellationToken ct)
    {
        var (range, wanted) = ((Range)prepared, JsonSerializer.Deserialize(row.Job.Parameters, GroupsJson.Default.RuleParameters)!);
        // A rule that was written since has a job of its own.
        if (await RuleStore.FindAsync(tx, wanted.Group, ct) is not { } kept || kept.Revision != wanted.Revision || await GroupStore.FindAsync(tx, wanted.Group, ct) is not { } group) return RowResult.Done();
        if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, group.Id, ct), row.Job.Caller, ct) is { } refused) return refused;
        var rule = await language.ReadKeptAsync(tx.Tenant, kept, ct);
        var before = range.Before;
        while (await users.WalkAsync(tx, before, Slice, ct) is { Count: > 0 } some)
        {
            foreach (var user in some)
            {
                if (Compare(user.Id.Value, range.From) < 0) return RowResult.Done(group.Id.ToString());
                await membership.ComputeAsync(tx, group, rule, user.Id, ct);
            }
            before = some[^1].Id.Value;
        }
        return RowResult.Done(group.Id.ToString());
    }

    /// <summary>The rows of a job over everybody there is, oldest first.</summary>
    internal static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> RowsAsync(TenantTransaction tx, UserDirectory users, CancellationToken ct)
    {
        List<Range> ranges = [];
        var before = Guid.AllBitsSet;
        while (ranges.Count < JobIntake.MaxRows - 1 && await users.FindBoundAsync(tx, before, Slice, ct) is { } from)
        {
            ranges.Add(new(from, before));
            before = from;
        }
        ranges.Add(new(Guid.Empty, before));
        ranges.Reverse();
        return [.. ranges.Select(r => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(r, GroupsJson.Default.RuleRange))];
    }

    // As both databases order them.
    private static int Compare(Guid left, Guid right) => left.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(right.ToByteArray(bigEndian: true));
}
