using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations;

/// <summary><c>/api/v1/organizations/{organization}/requests</c>: who asks to be let in, and the answer.</summary>
internal static class ManageRequests
{
    /// <param name="Email">Her primary address.</param>
    internal sealed record RequestView(UserId User, string? DisplayName, string? Email, DateTimeOffset CreatedAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations/{organization}/requests", ListAsync).WithName("requests.list").WithSummary("List who asks to join").RequirePermission(Scopes.MembersRead).InOrganization();
        api.MapPost("/organizations/{organization}/requests/{user}/approve", ApproveAsync).WithName("requests.approve").WithSummary("Let somebody in").RequirePermission(Scopes.MembersWrite).InOrganization();
        api.MapPost("/organizations/{organization}/requests/{user}/deny", DenyAsync).WithName("requests.deny").WithSummary("Let somebody not in").RequirePermission(Scopes.MembersWrite).InOrganization();
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<RequestView>>, ProblemHttpResult>> ListAsync(string organization, string? limit, string? cursor, TenantContext tenant, IDatabase database, UserDirectory users, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, id, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        var found = page.ToPage(await RequestStore.ListAsync(tx, id, page.After, page.Limit + 1, ct), r => r.UserId.Value);
        List<RequestView> views = [];
        foreach (var request in found.Items)
            if (await users.FindAsync(tx, request.UserId, ct) is { } user) views.Add(new(user.Id, user.DisplayName, user.PrimaryEmail?.Address, request.CreatedAt));
        return TypedResults.Ok(new Page<RequestView>(views, found.Next));
    }

    /// <returns>204; 404 <c>organization_not_found</c>, <c>request_not_found</c>; 409 <c>member_exists</c>, <c>memberships_too_many</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> ApproveAsync(string organization, string user, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        OrganizationDirectory organizations, AuditLog audit, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var who)) return NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await OrganizationStore.HoldAsync(tx, id, ct)) return OrganizationProblems.NotFound.ToHttp();
        if (!await RequestStore.DeleteAsync(tx, id, who, ct)) return NotFound.ToHttp();
        if (await organizations.AddMemberAsync(tx, id, who, ct) is { } problem) return problem.ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.OfMember("member.added", id, who, AuditActor.Of(caller), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>204; 404 <c>organization_not_found</c>, <c>request_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DenyAsync(string organization, string user, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var who)) return NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, id, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        if (!await RequestStore.DeleteAsync(tx, id, who, ct)) return NotFound.ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.OfMember("member.request_denied", id, who, AuditActor.Of(caller), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static Problem NotFound { get; } = Problem.NotFound("request_not_found", "Nobody of that id asks to join this organization.");
}
