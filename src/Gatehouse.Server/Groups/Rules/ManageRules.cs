using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Groups.Rules;

/// <summary>
/// <c>GET, PUT, DELETE /api/v1/groups/{group}/rule</c>, <c>POST …/rule/preview</c>: by what facts people belong to a group. A rule gives what the group holds to anybody of whom it is true, and
/// tells by its members what is true of them: so it takes who holds all of that in the tenant as a whole and may read users.
/// </summary>
internal static class ManageRules
{
    internal const int MaxRules = 100, MaxPreviewed = 100, MaxScanned = 2_000;

    /// <param name="Rule">A filter: comparisons joined by <c>and</c>.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Rule);

    /// <param name="Members">How many belong to the group by it now.</param>
    /// <param name="Job">What brings everybody under it; who changes meanwhile follows it at once.</param>
    internal sealed record View(GroupId Group, string Rule, long Members, JobId Job, string WrittenBy, DateTimeOffset UpdatedAt);

    /// <param name="Users">Ids of the newest of whom it is true; at most 100.</param>
    /// <param name="Scanned">How many were asked: the newest, at most 2,000.</param>
    /// <param name="Complete">Whether that was everybody, and all are listed.</param>
    internal sealed record Preview(IReadOnlyList<UserId> Users, int Scanned, bool Complete);

    internal static void Map(IEndpointRouteBuilder api)
    {
        const string rule = "/groups/{group}/rule";
        api.MapGet(rule, GetAsync).WithName("groups.rule.get").WithSummary("Get a group's rule").RequirePermission(Scopes.GroupsRead);
        api.MapPut(rule, PutAsync).WithName("groups.rule.put").WithSummary("Set by what facts people belong to a group").RequirePermission(Scopes.GroupsWrite).RequireFreshProof();
        api.MapDelete(rule, DeleteAsync).WithName("groups.rule.delete").WithSummary("Remove a group's rule and those who belong to it by that").RequirePermission(Scopes.GroupsWrite).RequireFreshProof();
        api.MapPost(rule + "/preview", PreviewAsync).WithName("groups.rule.preview").WithSummary("See of whom a rule would be true").RequirePermission(Scopes.GroupsWrite);
    }

    /// <returns>200; 404 <c>group_not_found</c>, <c>group_rule_not_found</c>.</returns>
    internal static async Task<Results<Ok<View>, ProblemHttpResult>> GetAsync(GroupPlace place, string group, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        if (await RuleStore.FindAsync(tx, found.Id, ct) is not { } rule) return NotFound.ToHttp();
        return TypedResults.Ok(await DescribeAsync(tx, rule, ct));
    }

    /// <summary>Who belongs to the group by hand stays. A job brings everybody under the rule; whoever changes from now on follows it at once.</summary>
    /// <returns>202; 400 <c>filter_invalid</c>; 403 <c>rule_permission_missing</c>, <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>; 409 <c>group_rules_too_many</c>;
    /// 422 <c>rule_self_editable</c>, <c>rule_organization_unknown</c>; 429 <c>jobs_too_many</c>.</returns>
    internal static async Task<Results<Accepted<View>, ProblemHttpResult>> PutAsync(GroupPlace place, string group, Request request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        GroupDirectory groups, RuleLanguage language, UserDirectory users, JobIntake jobs, IGroupGuard guard, AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        if (MayRead(caller) is { } blind) return blind.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await GroupStore.TakeTurnAsync(tx, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, found.Id, ct), caller, ct) is { } refused) return refused.ToHttp();
        if (!(await language.ReadAsync(tx, request.Rule, ct)).TryGet(out _, out var problem)) return problem.ToHttp();
        if (await RuleStore.FindAsync(tx, found.Id, ct) is null && await RuleStore.CountAsync(tx, ct) >= MaxRules) return Problem.Conflict("group_rules_too_many", $"At most {MaxRules} groups of a tenant have a rule.").ToHttp();
        var revision = Guid.CreateVersion7(clock.GetUtcNow());
        var parameters = JsonSerializer.Serialize(new RuleJob.Parameters(found.Id, revision), GroupsJson.Default.RuleParameters);
        if (!(await jobs.StartAsync(tx, new(RuleJob.KindName, caller, facts, parameters, await RuleJob.RowsAsync(tx, users, ct)), ct)).TryGet(out var job, out problem)) return problem.ToHttp();
        var rule = new GroupRule(found.Id, request.Rule!, revision, job.Id, caller.Id, clock.Now());
        await RuleStore.PutAsync(tx, rule, ct);
        await audit.AppendAsync(tx, GroupAudit.Of("group.rule_changed", found, caller, facts, ("rule", rule.Text)), ct);
        await events.PublishAsync(tx, new GroupRuleChanged(found.Id), ct);
        var view = await DescribeAsync(tx, rule, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Accepted(tenant.Url($"/api/v1/jobs/{job.Id}"), view);
    }

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>group_not_found</c>, <c>group_rule_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(GroupPlace place, string group, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, GroupDirectory groups,
        IGroupGuard guard, AuditLog audit, EventOutbox events, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await GroupStore.TakeTurnAsync(tx, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        if (await guard.MayChangeAsync(tx, await groups.ListWithOuterAsync(tx, found.Id, ct), caller, ct) is { } refused) return refused.ToHttp();
        if (!await RuleStore.DeleteAsync(tx, found.Id, ct)) return NotFound.ToHttp();
        await audit.AppendAsync(tx, GroupAudit.Of("group.rule_removed", found, caller, facts), ct);
        await events.PublishAsync(tx, new GroupRuleChanged(found.Id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Changes nothing. Asks the newest 2,000 users.</summary>
    /// <returns>200; 400 <c>filter_invalid</c>; 403 <c>rule_permission_missing</c>; 404 <c>group_not_found</c>; 422 <c>rule_self_editable</c>, <c>rule_organization_unknown</c>.</returns>
    internal static async Task<Results<Ok<Preview>, ProblemHttpResult>> PreviewAsync(GroupPlace place, string group, Request request, TenantContext tenant, Caller caller, IDatabase database, RuleLanguage language, UserDirectory users, CancellationToken ct)
    {
        if (MayRead(caller) is { } blind) return blind.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await place.FindAsync(tx, group, ct) is not { } found) return GroupProblems.NotFound.ToHttp();
        if (!(await language.ReadAsync(tx, request.Rule, ct)).TryGet(out var rule, out var problem)) return problem.ToHttp();
        List<UserId> matching = [];
        var (scanned, before, more) = (0, Guid.AllBitsSet, true);
        while (scanned < MaxScanned && more)
        {
            var some = await users.WalkAsync(tx, before, 500, ct);
            more = some.Count == 500;
            foreach (var user in some)
                if (await language.MatchesAsync(tx, found, rule, await language.FactsAsync(tx, user, ct), ct)) matching.Add(user.Id);
            scanned += some.Count;
            if (some.Count > 0) before = some[^1].Id.Value;
        }
        return TypedResults.Ok(new Preview([.. matching.Take(MaxPreviewed)], scanned, !more && matching.Count <= MaxPreviewed));
    }

    private static Problem? MayRead(Caller caller) => caller.Permitted.Contains(Scopes.UsersRead, StringComparer.Ordinal) ? null
        : Problem.Forbidden("rule_permission_missing", $"A rule tells what is true of its members: that takes {Scopes.UsersRead} too.");

    private static async ValueTask<View> DescribeAsync(TenantTransaction tx, GroupRule rule, CancellationToken ct) =>
        new(rule.Group, rule.Text, await RuleStore.CountMembersAsync(tx, rule.Group, ct), rule.Job, rule.WrittenBy, rule.UpdatedAt);

    private static Problem NotFound { get; } = Problem.NotFound("group_rule_not_found", "This group has no rule.");
}
