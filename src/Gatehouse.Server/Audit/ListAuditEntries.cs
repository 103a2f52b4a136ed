using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>GET /api/v1/audit</c>: the tenant's entries, newest first.</summary>
internal static class ListAuditEntries
{
    internal sealed record Response(IReadOnlyList<AuditItem> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", HandleAsync).WithName("audit.list").WithSummary("List what happened").RequirePermission(Scopes.AuditRead);
        api.MapGet("/organizations/{organization}/audit", InOrganizationAsync).WithName("organizations.audit").WithSummary("List what happened in an organization").RequirePermission(Scopes.AuditRead).InOrganization();
    }

    /// <param name="actor">Exact id of who did it.</param>
    /// <param name="target">Exact id of what it was done to.</param>
    /// <param name="action">Exact name, such as <c>user.created</c>, or a noun and <c>.*</c>, such as <c>user.*</c>.</param>
    /// <param name="outcome"><c>success</c>, <c>failure</c> or <c>denied</c>.</param>
    /// <param name="organization">Only what happened in this organization.</param>
    /// <param name="ip">Only what came from this address; takes <c>audit:pii</c>.</param>
    /// <param name="from">RFC 3339 time, included.</param>
    /// <param name="to">RFC 3339 time, excluded.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>time_invalid</c>, <c>filter_invalid</c>; 403 <c>audit_pii_required</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? actor, string? target, string? action, string? outcome, string? organization, string? ip, string? from, string? to, string? limit, string? cursor,
        TenantContext tenant, Caller caller, IDatabase database, PersonKeys persons, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (!AuditQuestion.Parse(actor, target, action, outcome, organization, ip, from, to, caller).TryGet(out var filter, out problem)) return problem.ToHttp();

        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (filter.Ip is { } address) filter = filter with { IpMac = await persons.MacAsync(tx, address, ct) };
        var rows = page.ToPage(await AuditStore.ListAsync(tx, filter, page, ct), row => row.Id.Value);
        var masked = !AuditMask.SeesPersons(caller);
        return TypedResults.Ok(new Response([.. (await persons.OpenAsync(tx, rows.Items, ct)).Select(row => AuditItem.Of(row, masked))], rows.Next));
    }

    /// <summary>The same for one organization, so that its own administrators can be let in. Of one that does not exist nothing has happened.</summary>
    /// <param name="actor">Exact id of who did it.</param>
    /// <param name="target">Exact id of what it was done to.</param>
    /// <param name="action">Exact name, or a noun and <c>.*</c>.</param>
    /// <param name="outcome"><c>success</c>, <c>failure</c> or <c>denied</c>.</param>
    /// <param name="from">RFC 3339 time, included.</param>
    /// <param name="to">RFC 3339 time, excluded.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>time_invalid</c>, <c>filter_invalid</c>.</returns>
    internal static Task<Results<Ok<Response>, ProblemHttpResult>> InOrganizationAsync(
        string organization, string? actor, string? target, string? action, string? outcome, string? from, string? to, string? limit, string? cursor,
        TenantContext tenant, Caller caller, IDatabase database, PersonKeys persons, CancellationToken ct) =>
        HandleAsync(actor, target, action, outcome, organization, null, from, to, limit, cursor, tenant, caller, database, persons, ct);
}
