using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Claims;

/// <summary><c>GET /api/v1/claim-rules</c>, newest first, and <c>/claim-rules/{rule}</c>.</summary>
internal static class ReadClaimRules
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("claim_rule_not_found", "This tenant has no such rule of claims.");

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/claim-rules", ListAsync).WithName("claim_rules.list").WithSummary("List rules of claims").RequirePermission(Scopes.ClaimsRead);
        api.MapGet("/claim-rules/{rule}", GetAsync).WithName("claim_rules.get").WithSummary("Get a rule of claims").RequirePermission(Scopes.ClaimsRead);
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<ClaimRuleView>>, ProblemHttpResult>> ListAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        // Two hundred at most, so paged here; ids are compared as their texts, which sort as the ids do.
        var rules = (await ClaimRuleStore.ListAsync(tx, ct)).OrderByDescending(r => r.Id.ToString(), StringComparer.Ordinal).ToList();
        if (page.After is { } after) rules.RemoveAll(r => string.CompareOrdinal(r.Id.ToString(), new ClaimRuleId(after).ToString()) >= 0);
        var found = page.ToPage(rules, r => r.Id.Value);
        return TypedResults.Ok(new Page<ClaimRuleView>([.. found.Items.Select(ClaimRuleView.Of)], found.Next));
    }

    /// <returns>200; 404 <c>claim_rule_not_found</c>.</returns>
    internal static async Task<Results<Ok<ClaimRuleView>, ProblemHttpResult>> GetAsync(string rule, TenantContext tenant, IDatabase database, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!ClaimRuleId.TryParse(rule, out var id) || await ClaimRuleStore.FindAsync(tx, id, ct) is not { } found) return NotFound.ToHttp();
        ETags.Set(http, found.Version);
        return TypedResults.Ok(ClaimRuleView.Of(found));
    }
}
