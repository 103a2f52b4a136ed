using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Claims;

/// <summary>
/// <c>POST /api/v1/claim-rules</c>, <c>PUT, DELETE /api/v1/claim-rules/{rule}</c>. Whoever writes these says what applications believe of people, so she has proved
/// who she is a moment ago.
/// </summary>
internal static class WriteClaimRules
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/claim-rules", CreateAsync).WithName("claim_rules.create").WithSummary("Add a rule of claims").RequirePermission(Scopes.ClaimsWrite).RequireFreshProof().Idempotent();
        api.MapPut("/claim-rules/{rule}", ReplaceAsync).WithName("claim_rules.replace").WithSummary("Replace a rule of claims").RequirePermission(Scopes.ClaimsWrite).RequireFreshProof();
        api.MapDelete("/claim-rules/{rule}", DeleteAsync).WithName("claim_rules.delete").WithSummary("Delete a rule of claims").RequirePermission(Scopes.ClaimsWrite).RequireFreshProof();
    }

    /// <returns>201; 409 <c>claim_rules_too_many</c>; 422 <c>name_invalid</c>, <c>priority_invalid</c>, <c>target_invalid</c>, <c>destinations_invalid</c>, <c>source_invalid</c>, <c>claim_invalid</c>,
    /// <c>claim_reserved</c>, <c>condition_invalid</c>, <c>map_invalid</c>, <c>max_items_invalid</c>, <c>when_too_large_invalid</c>.</returns>
    internal static async Task<Results<Created<ClaimRuleView>, ProblemHttpResult>> CreateAsync(ClaimRuleBody request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        ClientDirectory clients, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (!ClaimRule.Read(ClaimRuleId.New(clock), request).TryGet(out var rule, out var problem)) return problem.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await CheckAsync(tx, tenant, rule, clients, ct) is { } unfit) return unfit.ToHttp();
        // Read, then written: two callers at once may pass the bound by one each, which does not matter.
        if (await ClaimRuleStore.CountAsync(tx, ct) >= ClaimRuleStore.MaxRules) return Problem.Conflict("claim_rules_too_many", $"A tenant has at most {ClaimRuleStore.MaxRules} rules of claims.").ToHttp();
        var now = clock.Now();
        await ClaimRuleStore.InsertAsync(tx, rule, request, now, ct);
        await audit.AppendAsync(tx, EntryOf("claim_rule.created", rule, caller, facts), ct);
        await events.PublishAsync(tx, new ClaimRuleCreated(rule.Id), ct);
        ClaimRuleBook.Changed(tx);
        await tx.CommitAsync(ct);
        ETags.Set(http, 1);
        return TypedResults.Created(tenant.Url($"/api/v1/claim-rules/{rule.Id}"), ClaimRuleView.Of(new(rule.Id, request, 1, now, now)));
    }

    /// <returns>200; 404 <c>claim_rule_not_found</c>; 412 <c>version_mismatch</c>; 422 as for a new one.</returns>
    internal static async Task<Results<Ok<ClaimRuleView>, ProblemHttpResult>> ReplaceAsync(string rule, ClaimRuleBody request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        ClientDirectory clients, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!ClaimRuleId.TryParse(rule, out var id) || await ClaimRuleStore.FindAsync(tx, id, ct) is not { } before) return ReadClaimRules.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (!ClaimRule.Read(id, request).TryGet(out var wanted, out var problem)) return problem.ToHttp();
        if (await CheckAsync(tx, tenant, wanted, clients, ct) is { } unfit) return unfit.ToHttp();
        var now = clock.Now();
        if (!await ClaimRuleStore.TryUpdateAsync(tx, wanted, request, before.Version, now, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, EntryOf("claim_rule.updated", wanted, caller, facts), ct);
        await events.PublishAsync(tx, new ClaimRuleUpdated(id), ct);
        ClaimRuleBook.Changed(tx);
        await tx.CommitAsync(ct);
        ETags.Set(http, before.Version + 1);
        return TypedResults.Ok(ClaimRuleView.Of(new(id, request, before.Version + 1, before.CreatedAt, now)));
    }

    /// <returns>204; 404 <c>claim_rule_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string rule, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, EventOutbox events,
        HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!ClaimRuleId.TryParse(rule, out var id) || await ClaimRuleStore.FindAsync(tx, id, ct) is not { } before) return ReadClaimRules.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (!await ClaimRuleStore.TryDeleteAsync(tx, id, before.Version, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, new("claim_rule.deleted", AuditOutcome.Success, AuditActor.Of(caller), "claim_rule", id.ToString(), facts, new Dictionary<string, string> { ["claim"] = before.Body.Claim ?? "" }), ct);
        await events.PublishAsync(tx, new ClaimRuleDeleted(id), ct);
        ClaimRuleBook.Changed(tx);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>What it names is there, in this tenant.</summary>
    private static async ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext tenant, ClaimRule rule, ClientDirectory clients, CancellationToken ct)
    {
        if (rule.Client is { } client && await clients.FindAsync(tx, client, ct) is null) return ClaimRule.TargetNotThere;
        if (rule.Api is null && rule.Source.Api is null) return null;
        var apis = await clients.ListApisAsync(tenant.Id, ct);
        // Our own APIs decide by what is written down, so that nothing a rule says could reach them; and of their permissions applications are told nothing.
        if (rule.Api is { } api && !apis.Any(a => a.Id == api && !a.System)) return ClaimRule.TargetNotThere;
        return rule.Source.Api is null || apis.Any(a => a.Id.ToString() == rule.Source.Api && !a.System) ? null : ClaimRule.ApiNotThere;
    }

    private static AuditEntry EntryOf(string action, ClaimRule rule, Caller caller, RequestFacts facts) =>
        new(action, AuditOutcome.Success, AuditActor.Of(caller), "claim_rule", rule.Id.ToString(), facts, new Dictionary<string, string>
        {
            ["claim"] = rule.Claim, ["source"] = rule.Source.Kind!, ["target"] = rule.Client?.ToString() ?? rule.Api?.ToString() ?? "all", ["enabled"] = rule.Enabled ? "true" : "false",
        });
}
